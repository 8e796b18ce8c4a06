"""The four kernel calls that Python 3.11 does not offer: namespaces, mounts, process settings."""

import ctypes
import os
from pathlib import Path

NEW_MOUNTS, NEW_USERS = 0x00020000, 0x10000000  # include/uapi/linux/sched.h
BIND, RECURSIVE, PRIVATE = 0x1000, 0x4000, 1 << 18  # include/uapi/linux/mount.h
NO_SUID, NO_DEVICES = 0x2, 0x4
_DEATH_SIGNAL, _SUBREAPER = 1, 36  # include/uapi/linux/prctl.h

_libc = ctypes.CDLL(None, use_errno=True)


def unshare(flags: int) -> None:
    """Leave the namespaces in ``flags`` for new ones."""
    _check(_libc.unshare(flags), "unshare")


def mount(kind: str, target: Path, *, source: Path | str = "none", flags: int = 0, options: str = "") -> None:
    """mount(2); with ``BIND``, ``source`` is a path."""
    words = (os.fsencode(source), os.fsencode(target), kind.encode())
    _check(_libc.mount(*words, ctypes.c_ulong(flags), options.encode()), f"mount {kind or 'bind'} {target.name}")


def die_with_parent(signal: int) -> None:
    """Let the kernel send ``signal`` to this process when its parent ends."""
    _check(_libc.prctl(_DEATH_SIGNAL, signal, 0, 0, 0), "prctl")


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    _check(_libc.prctl(_SUBREAPER, 1, 0, 0, 0), "prctl")


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
