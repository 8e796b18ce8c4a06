"""Supervisors for this process's boxes, asked for at a fork server of its own (:mod:`dure.compute.forkserver`)."""

import atexit
import json
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from dure.compute.box import Ran, Verdict
from dure.compute.order import Order

_SOURCE = Path(__file__).resolve().parents[2]
_SERVE = f"import sys; sys.path.insert(0, {str(_SOURCE)!r}); from dure.compute.forkserver import main; main()"


def supervised(orders: Sequence[Order]) -> list[Ran]:
    """Run the boxes below a supervisor and wait for their end. Where this process ends or gives up, so do they."""
    try:
        told = _answer(json.dumps([order.dump() for order in orders]))
    except OSError as error:
        return [Ran(Verdict.NEVER_STARTED, fault=f"no supervisor: {error}")] * len(orders)
    if not told:
        return [Ran(Verdict.NEVER_STARTED, fault="the supervisor did not come back")] * len(orders)
    return [Ran.read(one) for one in json.loads(told)]


def _answer(question: str) -> bytes:
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            _server.hand_over(theirs)
        ours.sendall(f"{question}\n".encode())
        with ours.makefile("rb") as line:
            return line.read()


class _Server:
    """The fork server: started when it is first needed, and again where it has ended; it ends with this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asking: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def hand_over(self, line: socket.socket) -> None:
        """Let a new supervisor have ``line``; once the other end of it is closed, what it runs is ended."""
        with self._lock:
            if self._asking is None or self._process is None or self._process.poll() is not None:
                self.close()
                self._asking = self._start()
            socket.send_fds(self._asking, [b"."], [line.fileno()])

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                self._process = subprocess.Popen(  # noqa: S603 -- this very interpreter and fixed words
                    [sys.executable, "-I", "-S", "-c", _SERVE, str(theirs.fileno())],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,  # Ctrl-C is for the worker, which ends its boxes in its own time
                )
            except OSError:
                ours.close()
                raise
        return ours

    def close(self) -> None:
        if self._asking and self._process:
            self._asking.close()
            self._process.wait()


_server = _Server()
atexit.register(_server.close)
