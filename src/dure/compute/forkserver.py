"""Forks a supervisor for each box: it has loaded all that one needs, so no box waits for an interpreter to start.

A worker starts it with its first box, as ``python -I -S``, with a socket as its only argument; over that comes one
descriptor a box, the line to whoever asked. It is small and single-threaded, so forking is safe, and it keeps nothing
of any box. It ends when nobody is left to ask, and what it forked ends with it.
"""

import os
import signal
import socket
import sys
from contextlib import suppress
from typing import NoReturn

from dure.compute import kernel
from dure.compute.supervisor import answer

_LAST_SECONDS = 10  # for boxes whose worker has ended, to clear up


def main() -> None:
    os.chdir("/")
    os.umask(0o022)
    signal.signal(signal.SIGCHLD, _reap)
    with socket.socket(fileno=int(sys.argv[1])) as asked:
        asked.set_inheritable(False)
        while _has_served(asked):
            pass
    signal.alarm(_LAST_SECONDS)
    with suppress(ChildProcessError):
        while True:
            os.wait()


def _reap(*_: object) -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _has_served(asked: socket.socket) -> bool:
    """Fork for the next line; False when there will be no more. A line that cannot be served closes unanswered."""
    told, lines, *_ = socket.recv_fds(asked, 1, 1)
    own = os.getpid()
    for line in lines:
        with suppress(OSError):
            if os.fork() == 0:
                asked.close()
                _serve(line, server=own)
        os.close(line)
    return bool(told)


def _serve(line: int, *, server: int) -> NoReturn:
    """The forked side; nothing of it may return into the server's code."""
    try:
        kernel.die_with_parent(signal.SIGKILL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if os.getppid() == server:  # else it ended before it could take this process with it
            with socket.socket(fileno=line) as asker:
                asker.set_inheritable(False)
                answer(asker)
    finally:
        os._exit(0)
