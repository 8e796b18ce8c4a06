"""The system calls that a box may not make, compiled for bubblewrap. Everything else stays as the kernel has it.

Namespaces, capabilities and the control group are the walls; this takes away doors that programs need seldom and
attackers often: tracing, keys, BPF, io_uring, mounts, new namespaces, typing into a terminal, foreign sockets.
"""

import errno
import tempfile
from functools import cache

_FORBIDDEN = """
    ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd process_madvise
    bpf perf_event_open userfaultfd lookup_dcookie
    keyctl add_key request_key
    io_uring_setup io_uring_enter io_uring_register
    mount umount umount2 pivot_root chroot move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr
    unshare setns
    open_by_handle_at name_to_handle_at quotactl quotactl_fd swapon swapoff acct fanotify_init
    init_module finit_module delete_module kexec_load kexec_file_load reboot
    settimeofday clock_settime clock_adjtime adjtimex syslog vhangup iopl ioperm modify_ldt migrate_pages move_pages
"""
# include/uapi/linux/sched.h: mount, cgroup, uts, ipc, user, pid and net namespaces (clone knows no time namespace)
_NEW_NAMESPACES = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_FAMILIES = frozenset({1, 2, 10})  # AF_UNIX, AF_INET, AF_INET6: a vsock would leave the network namespace
_LOW_32 = 0xFFFFFFFF


class NoFilter(OSError):  # noqa: N818 -- a finding, told to the operator
    """The filter cannot be compiled here."""


@cache
def compiled() -> bytes:
    """The filter as a BPF program; raises NoFilter where libseccomp is missing."""
    try:
        import pyseccomp as seccomp  # noqa: PLC0415 -- fails where the system has no libseccomp
    except (ImportError, RuntimeError) as error:
        raise NoFilter(str(error)) from error
    rules = seccomp.SyscallFilter(defaction=seccomp.ALLOW)
    refuse, absent = seccomp.ERRNO(errno.EPERM), seccomp.ERRNO(errno.ENOSYS)
    for name in _FORBIDDEN.split():
        if seccomp.resolve_syscall(seccomp.system_arch(), name) >= 0:  # this machine has it
            rules.add_rule(refuse, name)
    rules.add_rule(absent, "clone3")  # its flags lie in memory, unseen; the C library then uses clone
    for flag in _NEW_NAMESPACES:
        rules.add_rule(refuse, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, flag, flag))
    for request in (_TIOCSTI, _TIOCLINUX):
        rules.add_rule(refuse, "ioctl", seccomp.Arg(1, seccomp.MASKED_EQ, _LOW_32, request))
    for family in set(range(max(_FAMILIES))) - _FAMILIES:
        rules.add_rule(refuse, "socket", seccomp.Arg(0, seccomp.EQ, family))
    rules.add_rule(refuse, "socket", seccomp.Arg(0, seccomp.GT, max(_FAMILIES)))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()
