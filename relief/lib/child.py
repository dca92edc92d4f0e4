"""A child process that does dangerous work on foreign bytes: limited, timed, and dead without harm.

One question at a time goes over a pipe, length first; the parent waits until a deadline and kills. Used for PDF and for
workbooks (security.md T1 to T3). Nothing here knows Django, so that the child starts fast.
"""

import os
import resource
import selectors
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_LENGTH = struct.Struct(">Q")
_CHUNK = 1 << 16
MOST_REPLY = 1 << 30
LARGE_BLOCKS = {"MALLOC_MMAP_THRESHOLD_": "1048576", "MALLOC_TRIM_THRESHOLD_": "1048576"}
"""So that the C library gives large blocks back as soon as they are free; left alone it keeps blocks up to 32 MB."""


class ChildDied(Exception):
    """The child ended without an answer: memory, processor time, or a crash in its parser."""


class ChildLate(Exception):
    """The child gave no answer in time and was killed."""


class Child:
    """A running `python -m module`; `ask()` is not for two threads at once."""

    def __init__(self, module: str, env: dict[str, str] | None = None):
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # what a parser prints may hold the content of the file
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={**os.environ, **LARGE_BLOCKS, **(env or {})},
            start_new_session=True,
            bufsize=0,
        )
        self.answered = 0
        self.pid = self._process.pid
        for pipe in (self._process.stdin, self._process.stdout):
            os.set_blocking(pipe.fileno(), False)

    def ask(self, question: bytes, seconds: float) -> bytes:
        """The child's answer; `ChildDied` or `ChildLate` when there is none (the child is gone then)."""
        until = time.monotonic() + seconds
        try:
            self._write(_LENGTH.pack(len(question)), until)
            self._write(question, until)
            (length,) = _LENGTH.unpack(self._read(_LENGTH.size, until))
            if length > MOST_REPLY:
                raise ChildDied("the answer is too long")
            answer = self._read(length, until)
        except BrokenPipeError:
            self.close(kill=True)
            raise ChildDied("the pipe is broken") from None
        except BaseException:
            self.close(kill=True)
            raise
        self.answered += 1
        return answer

    @property
    def alive(self) -> bool:
        """True while the process runs."""
        return self._process.poll() is None

    def close(self, kill: bool = False) -> None:
        """End the process and leave nothing of it behind."""
        if kill:
            self._process.kill()
        self.forget()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def forget(self) -> None:
        """Close our ends of the pipes only (in a fork the process belongs to the parent)."""
        for pipe in (self._process.stdin, self._process.stdout):
            pipe.close()

    def _write(self, data: bytes, until: float) -> None:
        rest = memoryview(data)
        fd = self._process.stdin.fileno()
        while rest:
            _wait(fd, selectors.EVENT_WRITE, until)
            rest = rest[os.write(fd, rest[:_CHUNK]) :]

    def _read(self, length: int, until: float) -> bytes:
        got = bytearray()
        fd = self._process.stdout.fileno()
        while len(got) < length:
            _wait(fd, selectors.EVENT_READ, until)
            piece = os.read(fd, min(length - len(got), 1 << 20))
            if not piece:
                raise ChildDied("the child ended")
            got += piece
        return bytes(got)


def _wait(fd: int, event: int, until: float) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(fd, event)
        if not selector.select(max(0, until - time.monotonic())):
            raise ChildLate("no answer in time")


def serve(answer: Callable[[bytes], bytes], *, memory: int, cpu_seconds: int) -> None:
    """The child's side: limit itself, then answer questions until the parent closes the pipe."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # a library that prints must not speak into the protocol
    os.dup2(2, 1)
    while len(head := questions.read(_LENGTH.size)) == _LENGTH.size:
        # processor time is counted for the whole process: each question gets its own share on top
        used = int(time.process_time()) + 1
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (used + cpu_seconds, hard))
        reply = answer(questions.read(_LENGTH.unpack(head)[0]))
        answers.write(_LENGTH.pack(len(reply)))
        answers.write(reply)
        answers.flush()
