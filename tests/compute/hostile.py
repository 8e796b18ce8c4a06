"""Our own hostile programs, each with the end it must come to in the full sandbox.

A program that tries a door ends well when the door held, and with an error (`through`) when it did not. Numbers of
system calls are those of x86_64.
"""

from dataclasses import dataclass, replace

from dure.compute.box import Limits, Verdict
from tests.compute.conftest import SMALL

_PRELUDE = """
import ctypes, errno, os, resource, signal, socket, subprocess, sys, time
from pathlib import Path
libc = ctypes.CDLL(None, use_errno=True)

def refused(attempt, *errors):
    try:
        result = attempt()
    except OSError as error:
        if errors and error.errno not in errors:
            raise
        return
    if isinstance(result, int) and result == -1 and (not errors or ctypes.get_errno() in errors):
        return
    raise SystemExit(f"through: {result!r}")
"""


@dataclass(frozen=True)
class Hostile:
    """``files`` are those that may be collected, all of them."""

    name: str
    program: str
    verdict: Verdict = Verdict.OK
    limits: Limits = SMALL
    files: tuple[str, ...] = ()
    exit_code: int | None = None

    @property
    def source(self) -> str:
        return _PRELUDE + self.program


_QUICK = replace(SMALL, wall_seconds=1, cpu_seconds=1)

CORPUS = (
    # processes
    Hostile("fork_bomb", "while True: os.fork()", Verdict.PROCESSES, _QUICK),
    Hostile(
        "thread_bomb",
        "import threading\nwhile True: threading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
        Verdict.PROCESSES,
    ),
    Hostile("sleeper", "time.sleep(60)", Verdict.TIME, _QUICK),
    Hostile(
        "deaf_to_signals",
        "for number in range(1, 65):\n try: signal.signal(number, signal.SIG_IGN)\n"
        " except (OSError, ValueError): pass\ntime.sleep(60)",
        Verdict.TIME,
        _QUICK,
    ),
    Hostile("stopped", "os.kill(os.getpid(), signal.SIGSTOP)\ntime.sleep(60)", Verdict.TIME, _QUICK),
    Hostile(
        "daemon_behind_a_finished_program",
        "if os.fork() == 0:\n os.setsid()\n if os.fork() == 0:\n  time.sleep(300)\n os._exit(0)\nos._exit(0)",
    ),
    Hostile("kills_all", "refused(lambda: os.kill(-1, signal.SIGKILL))\nrefused(lambda: os.kill(2**22, 9))"),
    Hostile("kills_itself", "os.kill(os.getpid(), signal.SIGKILL)", Verdict.EXIT, exit_code=137),
    Hostile(
        "file_descriptors",
        "held = []\ntry:\n while True: held.append(open('/dev/null'))\n"
        "except OSError as error: assert len(held) < 1024 and error.errno == errno.EMFILE",
    ),
    # processor time
    Hostile("cpu", "while True: pass", Verdict.CPU, replace(SMALL, cpu_seconds=1)),
    Hostile(
        "cpu_in_short_lived_children",
        "while True:\n if os.fork() == 0:\n  end = time.process_time() + 0.1\n"
        "  while time.process_time() < end: pass\n  os._exit(0)\n os.wait()",
        Verdict.CPU,
        replace(SMALL, cpu_seconds=1),
    ),
    # memory
    Hostile("memory", "held = []\nwhile True: held.append(bytes(range(256)) * 40_000)", Verdict.MEMORY),
    Hostile(
        "memory_shared_by_children",
        "for _ in range(4):\n if os.fork() == 0:\n  held = b'x' * (80 << 20); time.sleep(9)\ntime.sleep(9)",
        Verdict.MEMORY,
    ),
    Hostile(
        "memory_in_temporary_files",
        "with open('/tmp/hog', 'wb') as file:\n while True: file.write(bytes(1 << 20))",
        Verdict.EXIT,
    ),
    Hostile(
        "memory_in_shm",
        "with open('/dev/shm/hog', 'wb') as file:\n while True: file.write(bytes(1 << 20))",
        Verdict.MEMORY,
        replace(SMALL, scratch_bytes=SMALL.memory_bytes * 4),
    ),
    Hostile(
        "memory_in_a_memfd",
        "hog = os.memfd_create('hog')\nwhile True: os.write(hog, bytes(1 << 20))",
        Verdict.MEMORY,
    ),
    Hostile("inodes_in_temporary_files", "for name in range(40_000): open(f'/tmp/{name}', 'w').close()", Verdict.EXIT),
    # output
    Hostile(
        "output_flood",
        "with open('/box/output/flood', 'wb') as file:\n while True: file.write(bytes(1 << 20))",
        Verdict.OUTPUT,
    ),
    Hostile("output_inodes", "for name in range(999): open(f'/box/output/{name}', 'w').close()", Verdict.OUTPUT),
    Hostile("output_sparse", "open('/box/output/sparse', 'wb').truncate(1 << 40)", Verdict.OUTPUT),
    Hostile(
        "output_hard_links",
        "os.chdir('/box/output')\nopen('0', 'wb').write(bytes(1 << 20))\nfor n in range(1, 9): os.link('0', str(n))",
        Verdict.OUTPUT,
    ),
    Hostile(
        "output_deep",
        "os.chdir('/box/output')\nfor _ in range(1_000): os.mkdir('d'); os.chdir('d')\nopen('deep', 'w').close()",
        Verdict.OUTPUT,
        replace(SMALL, output_files=900),
    ),
    Hostile(
        "output_deep_and_allowed",
        "os.chdir('/box/output')\nfor _ in range(40): os.mkdir('d'); os.chdir('d')\nopen('deep', 'w').close()",
    ),
    Hostile(
        "output_links_and_pipes",
        "os.chdir('/box/output')\nos.symlink('/etc/passwd', 'link'); os.symlink('/', 'root'); os.mkfifo('pipe')\n"
        "socket.socket(socket.AF_UNIX).bind('socket'); open('good', 'w').write('1')",
        files=("good",),
    ),
    Hostile(
        "output_names",
        "os.chdir(b'/box/output')\n"
        "for name in (b'new\\nline', b'\\xff\\xfe', b'\\x1b[31m', '답'.encode()): open(name, 'w')",
        files=("답",),
    ),
    Hostile("output_unreadable", "open('/box/output/x', 'w').write('1'); os.chmod('/box/output/x', 0)", files=("x",)),
    Hostile(
        "output_growing",
        "if os.fork() == 0:\n os.setsid()\n with open('/box/output/x', 'wb') as f:\n"
        "  while True: f.write(b'x' * 4_096); f.flush(); time.sleep(0.01)\ntime.sleep(0.2)",
        files=("x",),
    ),
    Hostile("log_flood", "while True: os.write(1, b'x' * 65_536)", Verdict.LOG),
    Hostile("log_flood_on_stderr", "while True: os.write(2, b'x' * 65_536)", Verdict.LOG),
    Hostile("closes_its_streams", "os.close(0); os.close(1); os.close(2); time.sleep(0.2)"),
    # files
    Hostile("reads_shadow", "refused(lambda: open('/etc/shadow'), errno.ENOENT)"),
    Hostile("reads_what_is_beside_the_box", "assert os.listdir('/box') == ['output'], os.listdir('/box')"),
    Hostile(
        "writes_into_the_system",
        "for folder in ('/', '/usr/bin', '/etc', '/box', '/dev', '/opt'):\n"
        " refused(lambda: open(f'{folder}/planted', 'w'), errno.EROFS, errno.EACCES, errno.EPERM)",
    ),
    Hostile("writes_into_kernel_settings", "refused(lambda: open('/proc/sys/kernel/core_pattern', 'w'))"),
    Hostile(
        "makes_a_device",
        "refused(lambda: os.mknod('/tmp/disk', 0o60666, os.makedev(8, 0)), errno.EPERM)",
    ),
    Hostile("becomes_root", "refused(lambda: os.setuid(0), errno.EPERM, errno.EINVAL)"),
    Hostile(
        "walks_out_by_proc",
        "for link in ('/proc/1/root/etc/shadow', '/proc/self/root/etc/shadow', '/proc/1/cwd/etc/shadow'):\n"
        " refused(lambda: open(link))",
    ),
    Hostile("sees_other_processes", "assert sum(name.isdigit() for name in os.listdir('/proc')) <= 3"),
    Hostile("inherits_descriptors", "assert set(os.listdir('/proc/self/fd')) <= {'0', '1', '2', '3'}"),
    # network
    Hostile("connects", "refused(lambda: socket.create_connection(('192.0.2.1', 80), 2), errno.ENETUNREACH)"),
    Hostile(
        "sends_a_datagram",
        "refused(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53)))",
    ),
    Hostile("asks_a_name_server", "refused(lambda: socket.getaddrinfo('example.org', 80))"),
    Hostile(
        "binds_to_a_port_nobody_reaches",
        "door = socket.socket(); door.bind(('0.0.0.0', 8080)); door.listen()\n"
        "refused(lambda: socket.socket().bind(('192.0.2.1', 80)), errno.EADDRNOTAVAIL)",
    ),
    Hostile("raw_socket", "refused(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1), errno.EPERM)"),
    Hostile(
        "foreign_sockets",
        "for family in (16, 17, 38, 40): refused(lambda: socket.socket(family, socket.SOCK_RAW), errno.EPERM)",
    ),
    # system calls
    Hostile("ptrace", "refused(lambda: libc.ptrace(0, 0, 0, 0), errno.EPERM)"),
    Hostile(
        "unshare", "for flag in (0x10000000, 0x20000, 0x40000000): refused(lambda: libc.unshare(flag), errno.EPERM)"
    ),
    Hostile(
        "clone_into_a_user_namespace",
        "refused(lambda: libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0), errno.EPERM)\n"
        "refused(lambda: libc.syscall(435, bytes(88), 88), errno.ENOSYS)",
    ),
    Hostile("setns", "refused(lambda: libc.setns(os.open('/proc/self/ns/net', 0), 0), errno.EPERM)"),
    Hostile("mount", "refused(lambda: libc.mount(b'none', b'/tmp', b'tmpfs', 0, None), errno.EPERM)"),
    Hostile("remount", "refused(lambda: libc.mount(b'none', b'/usr', None, 32 | 4096, None), errno.EPERM)"),
    Hostile("chroot", "refused(lambda: os.chroot('/tmp'), errno.EPERM)"),
    Hostile("keyctl", "refused(lambda: libc.syscall(250, 0, -3, 1), errno.EPERM)"),
    Hostile("io_uring", "refused(lambda: libc.syscall(425, 8, bytes(120)), errno.EPERM)"),
    Hostile("bpf", "refused(lambda: libc.syscall(321, 5, bytes(120), 120), errno.EPERM)"),
    Hostile("perf", "refused(lambda: libc.syscall(298, bytes(120), 0, -1, -1, 0), errno.EPERM)"),
    Hostile("userfaultfd", "refused(lambda: libc.syscall(323, 0), errno.EPERM)"),
    Hostile("reads_another_memory", "refused(lambda: libc.process_vm_readv(1, None, 0, None, 0, 0), errno.EPERM)"),
    Hostile(
        "types_into_a_terminal",
        "import fcntl, pty\nmaster, slave = pty.openpty()\n"
        "refused(lambda: fcntl.ioctl(slave, 0x5412, b'x'), errno.EPERM)\n"
        "refused(lambda: libc.syscall(16, slave, 0x1_0000_5412, b'x'), errno.EPERM)",
    ),
    Hostile("old_system_calls", "libc.syscall(0x40000000 | 39)", Verdict.EXIT, exit_code=128 + 31),
    Hostile(
        "raises_its_limits", "refused(lambda: libc.prlimit(0, 7, (ctypes.c_ulong * 2)(4096, 4096), None), errno.EPERM)"
    ),
    Hostile("frees_itself_of_the_filter", "assert libc.prctl(38, 0, 0, 0, 0) == -1 and libc.prctl(22, 0) == -1"),
    Hostile("leaves_its_group", "assert not any(Path('/sys').glob('fs/cgroup/*'))"),
    Hostile("runs_a_setuid_program", "assert os.statvfs('/usr').f_flag & os.ST_NOSUID"),
)
