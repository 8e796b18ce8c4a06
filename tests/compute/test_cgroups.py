"""Control groups on layouts that this machine may not have: the files of the kernel, laid out in a folder."""

from pathlib import Path

import pytest

from dure.compute.box import Limits
from dure.compute.cgroups import Group, NoGroup, hierarchies

LIMITS = Limits(memory_bytes=1 << 20, processes=8)


def lay_out(root: Path, mounts: dict[str, tuple[str, str]], own: dict[str, str]) -> Path:
    """A /proc that tells of ``mounts`` (folder → kind and controllers) and of the process's ``own`` groups."""
    (root / "proc/self").mkdir(parents=True)
    rows = [f"9 1 0:9 / {root / folder} rw - {kind} none rw,{names}" for folder, (kind, names) in mounts.items()]
    (root / "proc/self/mountinfo").write_text("\n".join(rows))
    (root / "proc/self/cgroup").write_text("\n".join(f"1:{names}:{path}" for names, path in own.items()))
    for folder in mounts:
        for path in own.values():
            (root / folder / path.lstrip("/")).mkdir(parents=True, exist_ok=True)
    return root / "proc"


def unified(root: Path, *, own: str = "/app/worker", offered: str = "cpu memory pids") -> Path:
    proc = lay_out(root, {"fs": ("cgroup2", "")}, {"": own})
    for folder in [root / "fs", *(path for path in (root / "fs").rglob("*") if path.is_dir())]:
        (folder / "cgroup.controllers").write_text(offered)
        (folder / "cgroup.subtree_control").write_text("")
    return proc


def made(root: Path) -> list[Path]:
    return sorted(root.rglob("dure-box-*"))


def test_unified_group_is_bounded_without_swap(tmp_path: Path) -> None:
    Group(hierarchies(unified(tmp_path)), LIMITS)

    (group,) = made(tmp_path)
    assert group.parent == tmp_path / "fs/app/worker"
    assert {file.name: file.read_text() for file in group.iterdir()} == {
        "memory.max": "1048576",
        "memory.swap.max": "0",
        "pids.max": "10",
    }
    assert (group.parent / "cgroup.subtree_control").read_text() == "+memory +pids"


def test_unified_group_is_made_beside_a_process_that_may_have_no_children(tmp_path: Path) -> None:
    proc = unified(tmp_path)
    (tmp_path / "fs/app/worker/cgroup.subtree_control").unlink()
    (tmp_path / "fs/app/worker/cgroup.subtree_control").mkdir()  # cannot be written, as with processes inside

    Group(hierarchies(proc), LIMITS)

    assert [group.parent for group in made(tmp_path)] == [tmp_path / "fs/app"]


def test_container_without_another_way_moves_its_processes_one_down(tmp_path: Path) -> None:
    proc = unified(tmp_path, own="/")
    (tmp_path / "fs/cgroup.subtree_control").unlink()
    (tmp_path / "fs/cgroup.subtree_control").mkdir()
    (tmp_path / "fs/cgroup.procs").write_text("17\n")

    hierarchies(proc)

    assert (tmp_path / "fs/dure-worker/cgroup.procs").read_text() == "17"


def test_unified_meters_are_read(tmp_path: Path) -> None:
    group = Group(hierarchies(unified(tmp_path)), LIMITS)
    (folder,) = made(tmp_path)
    (folder / "cpu.stat").write_text("usage_usec 1500000\nuser_usec 1\n")
    (folder / "memory.peak").write_text("4096\n")
    (folder / "memory.events").write_text("low 0\noom 2\noom_kill 1\n")
    (folder / "pids.events").write_text("max 3\n")

    meters = (group.cpu_ms(), group.memory_peak(), group.out_of_memory(), group.out_of_processes())

    assert meters == (1_500, 4_096, True, True)


def test_old_layout_has_a_group_in_each_tree(tmp_path: Path) -> None:
    trees = {"m": ("cgroup", "memory"), "p": ("cgroup", "pids"), "c": ("cgroup", "cpu,cpuacct")}
    proc = lay_out(tmp_path, trees, {"memory": "/a", "pids": "/a", "cpu,cpuacct": "/a"})

    group = Group(hierarchies(proc), LIMITS)
    (tmp_path / "c/a").joinpath(made(tmp_path / "c")[0].name, "cpuacct.usage").write_text("2000000000")

    assert {folder.parent for folder in made(tmp_path)} == {tmp_path / name / "a" for name in trees}
    assert (made(tmp_path / "m")[0] / "memory.limit_in_bytes").read_text() == "1048576"
    assert (made(tmp_path / "m")[0] / "memory.memsw.limit_in_bytes").read_text() == "1048576"
    assert group.cpu_ms() == 2_000


def test_trees_that_bound_nothing_are_left_alone(tmp_path: Path) -> None:
    trees = {"m": ("cgroup", "memory"), "d": ("cgroup", "devices"), "s": ("cgroup", "name=systemd")}

    found = hierarchies(lay_out(tmp_path, trees, {"memory": "/", "devices": "/", "name=systemd": "/"}))

    assert [tree.folder for tree in found] == [tmp_path / "m"]


def test_hybrid_layout_bounds_memory_in_the_old_tree(tmp_path: Path) -> None:
    trees = {"m": ("cgroup", "memory"), "p": ("cgroup", "pids"), "c": ("cgroup", "cpuacct"), "u": ("cgroup2", "")}
    proc = lay_out(tmp_path, trees, {"memory": "/", "pids": "/", "cpuacct": "/", "": "/"})
    (tmp_path / "u/cgroup.controllers").write_text("hugetlb")
    (tmp_path / "u/cgroup.subtree_control").write_text("")

    Group(hierarchies(proc), LIMITS)

    assert (made(tmp_path / "m")[0] / "memory.limit_in_bytes").read_text() == "1048576"
    assert list(made(tmp_path / "u")[0].iterdir()) == []


def test_missing_controller_is_named_and_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(NoGroup, match="no cgroup controller for memory, pids"):
        Group(hierarchies(unified(tmp_path, offered="cpu io")), LIMITS)

    assert made(tmp_path) == []


def test_container_sees_its_group_below_the_mounts_root(tmp_path: Path) -> None:
    proc = lay_out(tmp_path, {"m": ("cgroup", "memory")}, {"memory": "/"})
    (proc / "self/mountinfo").write_text(f"9 1 0:9 /docker/1 {tmp_path / 'm'} rw - cgroup none rw,memory")
    (proc / "self/cgroup").write_text("4:memory:/docker/1/inner")
    (tmp_path / "m/inner").mkdir()

    assert [tree.folder for tree in hierarchies(proc)] == [tmp_path / "m/inner"]
