"""Environments: added by a lock, built from it alone, seen by boxes, found for images."""

import io
import shutil
import zipfile
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from dure.compute.box import Box, Verdict
from dure.compute.models import STANDARD, Environment
from dure.compute.operations import add_environment, build_environment, use_for_images
from dure.compute.queries import check_ready, environment_called, environments, offer, rule_for
from dure.compute.sandboxes import BubblewrapSandbox, LimitedSandbox
from dure.core.errors import Flawed, Missing, Refused
from tests.compute.conftest import SMALL

pytestmark = pytest.mark.django_db
PINNED = "greeting==1.0 --hash=sha256:" + "0" * 64


@pytest.fixture(autouse=True)
def _home(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.HOME = tmp_path / "home"
    for name, value in {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path), "PIP_CONFIG_FILE": "/dev/null"}.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def lock(tmp_path: Path) -> str:
    """A lock for one package that lies beside it, with a program of its own."""
    files = {
        "greeting/__init__.py": "def main():\n    print('hello')\n",
        "greeting-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n",
        "greeting-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "greeting-1.0.dist-info/entry_points.txt": "[console_scripts]\ngreet = greeting:main\n",
    }
    rows = [f"{name},{_hash(text)},{len(text)}\n" for name, text in files.items()]
    record = "".join([*rows, "greeting-1.0.dist-info/RECORD,,\n"])
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as wheel:
        for name, text in {**files, "greeting-1.0.dist-info/RECORD": record}.items():
            wheel.writestr(zipfile.ZipInfo(name), text)
    (tmp_path / "greeting-1.0-py3-none-any.whl").write_bytes(held.getvalue())
    return f"greeting==1.0 \\\n    --hash=sha256:{sha256(held.getvalue()).hexdigest()}\n"


def _hash(text: str) -> str:
    return "sha256=" + urlsafe_b64encode(sha256(text.encode()).digest()).decode().rstrip("=")


def test_an_environment_holds_what_its_lock_names_and_nothing_before_it_is_built(lock):
    environment = add_environment("greeting-1", requirements=lock)
    with pytest.raises(Refused) as early:
        check_ready(environment)

    built = build_environment(environment)

    assert early.value.code == "compute.environment_unready"
    assert (built.state, built.log) == ("ready", "")
    assert built.packages == {"greeting": "1.0"}
    assert offer(built).modules == {"greeting"}
    check_ready(built)


def test_the_same_lock_gives_the_same_digest(lock):
    first, second = (build_environment(add_environment(name, requirements=lock)) for name in ("one", "two"))

    assert first.digest == second.digest != ""


@pytest.mark.sandbox
def test_a_box_sees_the_environment_and_its_programs(lock, tmp_path):
    built = build_environment(add_environment("greeting-1", requirements=lock))
    look = "import greeting, sys; greeting.main(); print(sys.prefix, greeting.__file__); import yaml"
    box = Box(("sh", "-c", f'greet && python -c "{look}"'), limits=SMALL, packages=built.mounted)

    ran = BubblewrapSandbox().run(box, into=tmp_path / "out")

    site = f"/opt/environment/lib/python{built.version.rpartition('.')[0]}/site-packages"
    assert ran.stdout.splitlines() == ["hello", "hello", f"/opt/environment {site}/greeting/__init__.py"], ran.stderr
    assert "No module named 'yaml'" in ran.stderr


def test_below_the_full_level_a_box_has_the_environment_too(lock, tmp_path):
    built = build_environment(add_environment("greeting-1", requirements=lock))
    box = Box(("python", "-c", "import greeting; greeting.main()"), limits=SMALL, packages=built.mounted)

    ran = LimitedSandbox().run(box, into=tmp_path / "out")

    assert (ran.verdict, ran.stdout) == (Verdict.OK, "hello\n"), ran.stderr


def test_what_does_not_fit_its_hash_is_not_installed_and_may_be_built_again(lock, tmp_path):
    environment = add_environment("greeting-1", requirements=PINNED)

    failed = build_environment(environment)

    assert failed.state == "failed"
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in failed.log or "No matching distribution" in failed.log
    assert [path.name for path in (tmp_path / "home" / "environments").iterdir()] == [".greeting-1.lock"]
    Environment.objects.filter(pk=failed.pk).update(requirements=lock)
    assert build_environment(failed).state == "ready"


def test_a_python_that_is_not_there_is_named():
    failed = build_environment(add_environment("old", requirements=PINNED, python="3.99"))

    assert (failed.state, failed.log) == ("failed", "python3.99 is not installed on this machine")


def test_one_whose_builder_was_killed_is_built_again(lock):
    environment = add_environment("greeting-1", requirements=lock)
    Environment.objects.filter(pk=environment.pk).update(state="building")

    assert build_environment(environment).state == "ready"


def test_a_ready_environment_does_not_change(lock):
    built = build_environment(add_environment("greeting-1", requirements=lock))

    with pytest.raises(Refused) as refusal:
        build_environment(built)

    assert refusal.value.code == "compute.environment_built"


def test_one_that_was_lost_is_built_again_with_the_same_contents(lock):
    built = build_environment(add_environment("greeting-1", requirements=lock))
    digest = built.digest
    shutil.rmtree(built.path)

    again = build_environment(built)

    assert (again.state, again.digest, again.is_here) == ("ready", digest, True)


def test_other_contents_than_before_are_not_taken(lock):
    built = build_environment(add_environment("greeting-1", requirements=lock))
    shutil.rmtree(built.path)
    Environment.objects.filter(pk=built.pk).update(digest="other")

    again = build_environment(built)

    assert (again.state, again.path.exists()) == ("failed", False)


@pytest.mark.parametrize("name", ["greeting-1", STANDARD])
def test_a_name_is_taken_once(name):
    add_environment("greeting-1", requirements=PINNED)

    with pytest.raises(Refused) as refusal:
        add_environment(name, requirements=PINNED)

    assert refusal.value.code == "compute.environment_taken"


@pytest.mark.parametrize(
    "requirements", ["", "# nothing\n", "numpy\n", "numpy==2.0\n", f"{PINNED}\nnumpy>=2 --hash=sha256:1"]
)
def test_a_lock_pins_and_hashes_every_line(requirements):
    with pytest.raises(Flawed) as refusal:
        add_environment("loose", requirements=requirements)

    assert refusal.value.code == "compute.environment_lock"


def test_an_image_goes_by_the_longest_pattern_that_fits():
    old = add_environment("old", requirements=PINNED)
    use_for_images("codalab/*", None)
    use_for_images("codalab/codalab-legacy:py3*", old)

    found = [rule_for(image) for image in ("codalab/codalab-legacy:py37", "codalab/other", "else/where:1")]

    assert [(rule.environment if rule else "no rule") for rule in found] == [old, None, "no rule"]


def test_an_images_rule_may_change():
    old = add_environment("old", requirements=PINNED)
    use_for_images("codalab/*", old)
    use_for_images("codalab/*", None)

    assert rule_for("codalab/x").environment is None


def test_the_standard_environment_is_listed_first_and_has_numpy():
    add_environment("a", requirements=PINNED)

    listed = environments()

    assert [one.name for one in listed] == [STANDARD, "a"]
    assert {"numpy", "sklearn", "polars"} <= listed[0].modules
    assert environment_called(STANDARD) is None
    with pytest.raises(Missing):
        environment_called("unknown")
