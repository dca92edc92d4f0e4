"""What every profile shares. A number without a law behind it is a setting here with its default."""

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from relief.settings.database import from_url

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def private_dir(path: Path) -> Path:
    """The directory, made with mode 0700 when it is not there yet."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def flag(name: str) -> bool:
    """True when the environment variable is set to 1, true or yes."""
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes"}


RELIEF_VAR_DIR = private_dir(Path(os.environ.get("RELIEF_VAR_DIR") or BASE_DIR / "var"))
# Attachments, encrypted; never under a served folder.
RELIEF_FILES_DIR = private_dir(Path(os.environ.get("RELIEF_FILES_DIR") or RELIEF_VAR_DIR / "files"))
RELIEF_KEYS_FILE = Path(os.environ.get("RELIEF_KEYS_FILE") or RELIEF_VAR_DIR / "keys.json")
# A folder where a union drops the fonts it has a licence for (仿宋, 小标宋); none by default.
RELIEF_FONTS_DIR = Path(os.environ["RELIEF_FONTS_DIR"]) if os.environ.get("RELIEF_FONTS_DIR") else None

# One person may both write and confirm a notice; only where a union has nobody else (decisions.md, roles).
RELIEF_SMALL_INSTALLATION = flag("RELIEF_SMALL_INSTALLATION")
# The demo profile: known passwords, loopback only (D27).
RELIEF_DEMO = False
# Shown on the first page until every P1 requirement of security.md holds (D31).
RELIEF_REAL_DATA_WARNING = True
# Added to db_now(); development and tests only, production refuses to start with it (D14).
RELIEF_CLOCK_OFFSET = timedelta(0)
# Exported bundles vanish after so many days; one person may ask for so many in an hour.
RELIEF_EXPORT_DAYS = 7
RELIEF_EXPORTS_PER_HOUR = 10
# A payout list of more payouts is printed, and a list of more rows is made, by a job; the file lies sealed for a day (E3, R-22).
RELIEF_PAPER_ROWS = int(os.environ.get("RELIEF_PAPER_ROWS", "150"))
RELIEF_LIST_ROWS = int(os.environ.get("RELIEF_LIST_ROWS", "5000"))
# A printed first password waits so long for its first login; a new print begins anew.
RELIEF_FIRST_PASSWORD_DAYS = 14
# rows of a list from Excel, 50,000 at most (D26)
RELIEF_IMPORT_ROWS = int(os.environ.get("RELIEF_IMPORT_ROWS", "20000"))
# Seconds that an approval or payment waits for those before it at the same fund, instead of failing (T6).
RELIEF_FUND_WAIT = 20

DEBUG = False
ALLOWED_HOSTS: list[str] = []
ROOT_URLCONF = "relief.urls"
WSGI_APPLICATION = "relief.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Highest first: a template or command of a higher app wins.
INSTALLED_APPS = [
    "relief.site",
    "reporting",
    "beneficiaries",
    "campaigns",
    "unions",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "js_lib_bootstrap5",
    "heroicons",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "import_export",
]

MIDDLEWARE = [
    "unions.middleware.RequestIdMiddleware",
    # Above everything that can answer by itself, so that every answer carries the policy.
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "unions.middleware.PrivateCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Last: it turns the failure of a login into the locked page.
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "unions.context.shell",
            ],
        },
    },
]

DATABASES = {"default": from_url(os.environ.get("DATABASE_URL", ""), RELIEF_VAR_DIR / "relief.sqlite3")}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "relief" / "static"]
STATIC_ROOT = RELIEF_VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": RELIEF_FILES_DIR}},
    # Plain, not compressed: compressing takes 17 s at every start.
    "staticfiles": {"BACKEND": "relief.lib.statics.HashedModulesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_TEMP_DIR = private_dir(RELIEF_VAR_DIR / "tmp")

# Accounts and login
AUTH_USER_MODEL = "unions.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# The rest of R-02 (profiles, character classes, local words) comes with the hardening issue.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 1800
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

# 5 failures lock the account and, counted apart, the source; 15 minutes open them again.
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_TEMPLATE = "unions/locked.html"
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "unions.errors.csrf_failure"
# The default may put names into a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# No inline, no nonces (D24).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Nothing is sent: R-37.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "private": {
            "()": "relief.logs.PrivateFormatter",
            "format": "{asctime} {levelname} {name} [{request_id}] {message}",
            "style": "{",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "private"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Without mail to administrators: a report would carry the request's fields.
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # SQL is logged with its values at DEBUG.
        "django.db.backends": {"level": "WARNING"},
        # Login names and addresses belong into the audit, not into the log.
        "axes": {"level": "ERROR"},
    },
}
