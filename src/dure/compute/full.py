"""The full level: control group, unprivileged user, bubblewrap's namespaces, seccomp, sized memory file systems."""

import os
import resource
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from dure.compute import kernel, overlay
from dure.compute.box import PACKAGES_FOLDER, SHARED
from dure.compute.cgroups import Group, hierarchies
from dure.compute.confinement import marked
from dure.compute.order import Order

OUTER_ID = 64_999  # no account's by default; bubblewrap started as root would keep root's capabilities
INNER_ID = 1_000
_USERS = f"root:x:0:0::/:/bin/false\nbox:x:{INNER_ID}:{INNER_ID}::/tmp:/bin/sh\n"
_GROUPS = f"root:x:0:\nbox:x:{INNER_ID}:\n"
_SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime")
_OWN_LIMITS = ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 1_024), (resource.RLIMIT_MSGQUEUE, 0))
_STAGE_BYTES = 1 << 20
# Access lists as the kernel's xattr has them (include/uapi/linux/posix_acl_xattr.h): version 2, then tag, rights, id.
_OPEN_TO_ALL = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", tag, 7, 0xFFFFFFFF) for tag in (0x01, 0x04, 0x20))
SCRATCH_FILES = 20_000


class FullConfinement:
    """A box behind every wall.

    The mounts are put together on a stage: a memory file system in a mount namespace of this process alone. So
    a box reads files below folders that its user could not enter, and the stage vanishes with the process.
    """

    def __init__(self, order: Order) -> None:
        self._order = order
        self._group = Group(hierarchies(), order.box.limits)
        self._uid = _uid(order.number)
        self._stage = order.work
        self.output = order.output or self._stage / "output"
        self.owner = self._uid if order.output else None
        try:
            self._build()
        except OSError:
            self._group.remove()
            raise

    def _build(self) -> None:
        limits = self._order.box.limits
        kernel.mount("tmpfs", self._stage, options=f"size={_STAGE_BYTES},mode=755")
        if not self._order.output:
            memory_files(self.output, limits.output_bytes, limits.output_files + 1, uid=self._uid)
        scratch = self._stage / "scratch"
        kept = sum(overlay.entries(self._order.box.layout[place]) for place in self._order.box.writable)
        memory_files(scratch, limits.scratch_bytes, SCRATCH_FILES + kept, uid=self._uid)
        for name in ("tmp", "shm", "shared"):
            (scratch / name).mkdir()
            (scratch / name).chmod(0o1777)
        (self._stage / "passwd").write_text(_USERS)
        (self._stage / "group").write_text(_GROUPS)
        for place, source in self._staged():
            self._check_readable(source)
            _show(source, place)
        for number, (inside, _) in enumerate(self._inside()):
            if inside in self._order.box.writable:
                overlay.cover(self._stage / "in" / str(number), scratch / f"changed{number}", uid=self._uid)

    def _check_readable(self, source: Path) -> None:
        wanted = 0o005 if source.is_dir() else 0o004
        if os.geteuid() == 0 and source.stat().st_mode & wanted != wanted:
            raise PermissionError(f"{source} must be readable by everybody to be shown in a box (chmod -R o+rX)")

    def _inside(self) -> list[tuple[str, Path]]:
        """Every read-only path inside the box, and where it lies here."""
        mounts = {f"/box/{name}": path.resolve() for name, path in self._order.box.mounts.items()}
        layout = {place: path.resolve() for place, path in self._order.box.layout.items()}
        return list({**mounts, **layout, **self._order.exposed}.items())

    def _staged(self) -> Iterator[tuple[Path, Path]]:
        """Places on the stage with their sources; bubblewrap's libraries are found beside it, so those keep names."""
        for number, (_, source) in enumerate(self._inside()):
            yield self._stage / "in" / str(number), source
        for name, source in self._order.packages.items():
            yield self._stage / "packages" / name, source
        for folder in self._order.bwrap_folders:
            yield self._stage / "bwrap" / folder.name, folder

    def become(self) -> NoReturn:
        self._group.enter()
        Path("/proc/self/oom_score_adj").write_text("1000")
        for limit, most in _OWN_LIMITS:
            resource.setrlimit(limit, (most, most))
        program = self._program()
        words = self._words()
        if os.geteuid() == 0:
            os.setgroups([])
            os.setresgid(self._uid, self._uid, self._uid)
            os.setresuid(self._uid, self._uid, self._uid)
        os.execve(program, words, {})  # noqa: S606 -- this process becomes the box

    def _program(self) -> str:
        bwrap = Path(self._order.bwrap)
        for folder in self._order.bwrap_folders:
            if bwrap.is_relative_to(folder):
                return str(self._stage / "bwrap" / bwrap.relative_to(folder.parent))
        return str(bwrap)

    def _words(self) -> list[str]:
        walls = "bwrap --unshare-user --unshare-all --disable-userns --cap-drop ALL --die-with-parent --new-session"
        identity = f"--uid {INNER_ID} --gid {INNER_ID} --hostname box --clearenv"
        return [
            *walls.split(),
            *identity.split(),
            *_system(),
            *self._folders(),
            *(word for name, value in self._environment().items() for word in ("--setenv", name, value)),
            *("--chdir", self._start(), "--seccomp", str(self._filter()), "--"),
            *marked(self._order),
        ]

    def _start(self) -> str:
        start = self._order.box.start_in
        return start if start.startswith("/") else f"/box/{start}"

    def _folders(self) -> list[str]:
        stage = str(self._stage)
        words = ["--bind", f"{stage}/scratch/tmp", "/tmp", "--bind", f"{stage}/scratch/shm", "/dev/shm"]  # noqa: S108 -- paths inside the box
        words += ["--ro-bind", f"{stage}/passwd", "/etc/passwd", "--ro-bind", f"{stage}/group", "/etc/group"]
        for number, (inside, _) in enumerate(self._inside()):
            bind = "--bind" if inside in self._order.box.writable else "--ro-bind"
            words += [bind, f"{stage}/in/{number}", inside]
        if self._order.packages:  # all at once, for bubblewrap reads every mount of the machine for each of its own
            words += ["--ro-bind", f"{stage}/packages", PACKAGES_FOLDER]
        words += ["--dir", "/box", "--bind", str(self.output), self._order.box.output_at]
        if self._order.box.shared:
            words += ["--bind", str(self._order.shared or self._stage / "scratch" / "shared"), SHARED]
        return [*words, "--remount-ro", "/dev", "--remount-ro", "/"]

    def _environment(self) -> dict[str, str]:
        own = {"BOX": "/box", "HOME": "/tmp", "TMPDIR": "/tmp"}  # noqa: S108 -- paths inside the box
        return {**self._order.environment, **own, **self._order.box.environment}

    def _filter(self) -> int:
        memory = os.memfd_create("filter", 0)
        os.write(memory, self._order.filter)
        os.lseek(memory, 0, os.SEEK_SET)
        return memory

    def kill(self) -> None:
        self._group.kill()

    def cpu_ms(self) -> int:
        return self._group.cpu_ms()

    def memory_peak(self) -> int:
        return self._group.memory_peak()

    def out_of_memory(self) -> bool:
        return self._group.out_of_memory()

    def out_of_processes(self) -> bool:
        return self._group.out_of_processes()

    def output_is_full(self) -> bool:
        held = os.statvfs(self.output)
        return held.f_bfree == 0 or held.f_ffree == 0

    def close(self) -> None:
        self._group.remove()


def _uid(number: int = 0) -> int:
    """Whose processes are those of a box, outside of it; root gives boxes beside each other a user each."""
    return OUTER_ID - number if os.geteuid() == 0 else os.geteuid()


def memory_files(folder: Path, size: int, files: int, *, uid: int, mode: str = "755") -> None:
    """A new ``folder`` that a box may write: a memory file system of ``size`` bytes."""
    folder.mkdir()
    flags = kernel.NO_SUID | kernel.NO_DEVICES
    owner = f"uid={uid},gid={uid if os.geteuid() == 0 else os.getegid()}"
    kernel.mount("tmpfs", folder, flags=flags, options=f"size={size},nr_inodes={files},mode={mode},{owner}")


def share(orders: Sequence[Order]) -> None:
    """The folders of boxes that run beside each other.

    All may do everything with what lies in the shared one. In the output each changes its own files only, so that code
    which is scored cannot write its score.
    """
    first, limits = orders[0], [order.box.limits for order in orders]
    if first.shared:
        memory_files(first.shared, min(one.scratch_bytes for one in limits), SCRATCH_FILES, uid=_uid(), mode="777")
        os.setxattr(first.shared, "system.posix_acl_default", _OPEN_TO_ALL)
    if first.output:
        size, files = sum(one.output_bytes for one in limits), sum(one.output_files for one in limits) + 1
        memory_files(first.output, size, files, uid=0, mode="1777")


def own_mounts() -> None:
    """Once before the first box of a process: a mount namespace of its own.

    Without root it needs a user namespace, in which one keeps one's id.
    """
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        kernel.unshare(kernel.NEW_MOUNTS)
    else:
        kernel.unshare(kernel.NEW_USERS | kernel.NEW_MOUNTS)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    kernel.mount("", Path("/"), flags=kernel.RECURSIVE | kernel.PRIVATE)


def _show(source: Path, place: Path) -> None:
    place.parent.mkdir(exist_ok=True)
    if source.is_dir():
        place.mkdir()
    else:
        place.touch()
    kernel.mount("", place, source=source, flags=kernel.BIND | kernel.RECURSIVE)


def _system() -> list[str]:
    """The system's programs, read-only, with the links that older paths go through."""
    words = ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev"]
    for folder in ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"):
        if Path(folder).is_symlink():
            words += ["--symlink", str(Path(folder).readlink()), folder]
        elif Path(folder).is_dir():
            words += ["--ro-bind", folder, folder]
    for file in _SYSTEM_FILES:
        words += ["--ro-bind-try", file, file]
    return words
