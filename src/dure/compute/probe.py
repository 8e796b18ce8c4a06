"""Runs inside a box and tries the doors. Prints JSON: name of a wall → what got through it ("" when it held).

Standard library only: the box may have no other. Arguments: paths of this machine that must not be seen.
"""

import ctypes
import errno
import fcntl
import json
import os
import platform
import socket
import sys
from collections.abc import Callable
from pathlib import Path

_TIOCSTI = 0x5412
_AF_VSOCK = 40
# The loopback, and the tunnels' templates that some kernels put into every namespace.
_OWN_INTERFACES = {"lo", "tunl0", "sit0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "ip6tnl0", "ip6gre0"}
# unistd.h: keyctl, bpf, io_uring_setup, perf_event_open
_CALLS = {"x86_64": (250, 321, 425, 298), "aarch64": (219, 280, 425, 241)}
_NEW_USERS = 0x10000000
_libc = ctypes.CDLL(None, use_errno=True)


def user() -> str:
    rows = (line.partition(":")[::2] for line in Path("/proc/self/status").read_text().splitlines())
    status = {name: value.strip() for name, value in rows}
    capable = [name for name in ("CapEff", "CapPrm", "CapBnd", "CapAmb") if int(status[name], 16)]
    if os.getuid() == 0 or capable:
        return f"user {os.getuid()} with {capable}"
    return "" if (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2") else "no filter on system calls"


def files() -> str:
    return ", ".join(path for path in sys.argv[1:] if Path(path).exists())


def network() -> str:
    rows = Path("/proc/net/dev").read_text().splitlines()[2:]
    interfaces = {row.partition(":")[0].strip() for row in rows} - _OWN_INTERFACES
    if interfaces:
        return f"interfaces {sorted(interfaces)}"
    return _opened(socket.AF_INET, ("192.0.2.1", 80)) or _opened(_AF_VSOCK, (2, 80))


def _opened(family: int, address: tuple[str | int, int]) -> str:
    """Anything but an error at once means that a packet may leave."""
    try:
        with socket.socket(family, socket.SOCK_STREAM) as door:
            door.settimeout(0.5)
            door.connect(address)
    except TimeoutError:
        return f"a packet to {address} left"
    except OSError:
        return ""
    return f"connected to {address}"


def calls() -> str:
    """Each of these would work, or fail otherwise, for a user without the filter."""
    keyctl, bpf, io_uring, perf = _CALLS[platform.machine()]
    attempts: dict[str, Callable[[], int]] = {
        "ptrace": lambda: _libc.ptrace(0, 0, 0, 0),
        "unshare": lambda: _libc.unshare(_NEW_USERS),
        "setns": lambda: _libc.setns(os.open("/proc/self/ns/net", os.O_RDONLY), 0),
        "mount": lambda: _libc.mount(b"none", b"/tmp", b"tmpfs", 0, None),
        "keyctl": lambda: _libc.syscall(keyctl, 0, -3, 1),
        "bpf": lambda: _libc.syscall(bpf, 0, None, 0),
        "io_uring": lambda: _libc.syscall(io_uring, 1, None),
        "perf": lambda: _libc.syscall(perf, None, 0, -1, -1, 0),
    }
    return ", ".join(name for name, attempt in attempts.items() if not _refused(attempt))


def _refused(attempt: Callable[[], int]) -> bool:
    ctypes.set_errno(0)
    return attempt() == -1 and ctypes.get_errno() in (errno.EPERM, errno.ENOSYS)


def terminal() -> str:
    try:
        fcntl.ioctl(0, _TIOCSTI, b"x")
    except OSError as error:
        return "" if error.errno == errno.EPERM else "the filter lets TIOCSTI through"
    return "typed into a terminal"


def writing() -> str:
    return ", ".join(folder for folder in ("/", "/usr", "/etc", "/dev", "/box", "/opt") if _writes(folder))


def _writes(folder: str) -> bool:
    try:
        Path(folder, "probe-was-here").touch()
    except OSError:
        return False
    return True


def others() -> str:
    """The box's first process, this program and its shell at most."""
    seen = [entry for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return "" if len(seen) <= 4 else f"{len(seen)} processes in sight"


WALLS = (user, files, network, calls, terminal, writing, others)

if __name__ == "__main__":
    json.dump({wall.__name__: wall() for wall in WALLS}, sys.stdout)
