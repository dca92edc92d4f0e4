"""A child that dies, eats or hangs as it is told, to prove that the parent lives."""

import os
import time

from relief.lib.child import serve


def answer(question: bytes) -> bytes:
    told = question.partition(b"\n")[2]
    if told == b"die":
        os.abort()
    if told == b"eat":
        hoard = []
        while True:
            hoard.append(bytearray(1 << 24))
    time.sleep(60)
    return b""


if __name__ == "__main__":
    serve(answer, memory=1 << 28, cpu_seconds=5)
