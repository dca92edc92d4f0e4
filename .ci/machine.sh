# What ./run and ./test need from the machine; sourced by both, never run by itself.

say() { printf '%s\n' "$*" >&2; }

stop_with() {
  say ""
  say "$@"
  exit 1
}

# Prints the commands that may install system packages: empty for root, "sudo" where it asks for no password.
installer() {
  if [ "$(id -u)" -eq 0 ]; then
    printf ''
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    printf 'sudo'
  else
    return 1
  fi
}

has_package() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Prints those of the named packages that are missing, in one line.
missing_packages() {
  local package found=()
  for package in "$@"; do
    has_package "$package" || found+=("$package")
  done
  printf '%s' "${found[*]}"
}

# The name of a Python this project runs on (3.11 to 3.13) that can make an environment.
usable_python() {
  local name
  for name in python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
    if "$name" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
      printf '%s' "$name"
      return
    fi
  done
  return 1
}

# Installs the named system packages; what apt-get says is shown only when it fails.
apt_install() {
  local before log
  before=$(installer) || return 1
  log=$(mktemp)
  say "Installing system packages (once): $*"
  # An old package list is the usual reason for a failed install; without network the list at hand may still do.
  $before apt-get -qq -o DPkg::Lock::Timeout=120 update >"$log" 2>&1 || true
  if ! $before env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=120 --no-install-recommends \
    install "$@" >>"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}

# The hash of a lock file together with the interpreter that the packages were chosen for.
lock_stamp() {
  printf '%s %s' "$1" "$(cat "$1" | "$2" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest(), sys.version_info[:2])')"
}

# Makes .venv from a hashed lock, only when that lock is not in it yet.
install_lock() {
  local lock=$1 python stamp
  if [ -x .venv/bin/python ] && .venv/bin/python -c 'import pip' 2>/dev/null; then
    stamp=$(lock_stamp "$lock" .venv/bin/python)
    if grep -qxF "$stamp" .venv/.installed 2>/dev/null; then
      return
    fi
  else
    python=$(usable_python) || stop_with "No usable Python: this project runs on Python 3.11 to 3.13 with venv."
    "$python" -m venv --clear .venv
    stamp=$(lock_stamp "$lock" .venv/bin/python)
  fi
  say "Installing Python packages from $lock (about a minute, once) ..."
  .venv/bin/python -m pip install --quiet --quiet --no-input --disable-pip-version-check \
    --require-hashes --only-binary :all: -r "$lock" >&2 ||
    stop_with "The Python packages could not be installed. The lines above say why; usually the network is missing. Then start again."
  printf '%s\n' "$stamp" >>.venv/.installed
  # The lock of the tests holds everything the lock of the application holds.
  if [ "$lock" = requirements-dev.lock ]; then
    printf '%s\n' "$(lock_stamp requirements.lock .venv/bin/python)" >>.venv/.installed
  fi
}
