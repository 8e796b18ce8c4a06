"""`dure env …`: locked Python environments in which programs run, and the images that they stand for."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

import django

from dure.cli.language import spoken
from dure.cli.main import DONE, FAILED
from dure.core.errors import Missing
from dure.core.text import Text

if TYPE_CHECKING:
    from dure.compute.models import Environment

ADDED = Text(
    ko="‘{name}’ 환경을 추가했습니다. 다음: dure env build {name}",
    en="The environment {name} was added. Next: dure env build {name}",
)
BUILT = Text(
    ko="‘{name}’ 환경이 준비되었습니다. 파이썬 {version}, 패키지 {count}개, {digest}",
    en="The environment {name} is ready: Python {version}, {count} packages, {digest}",
)
NOT_BUILT = Text(ko="‘{name}’ 환경을 만들지 못했습니다.\n{log}", en="The environment {name} was not built.\n{log}")
RULED = Text(
    ko="‘{pattern}’ 이미지는 ‘{name}’ 환경에서 실행합니다.", en="Images {pattern} are run in the environment {name}."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    add = what.add_parser("add", help="name a new environment")
    add.add_argument("name")
    add.add_argument("--requirements", type=Path, required=True, metavar="FILE", help="a lock with hashes")
    add.add_argument("--python", default="", help="a version such as 3.11, or a program (default: the platform's own)")
    what.add_parser("list", help="every environment, and which images they stand for")
    what.add_parser("build", help="install what the lock names").add_argument("name")
    image = what.add_parser("image", help="run images whose name fits in an environment")
    image.add_argument("pattern", help="for instance 'codalab/codalab-legacy:*'")
    image.add_argument("name", help="an environment, or standard")


def run(options: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
    django.setup()
    done: int = {"add": _add, "list": _list, "build": _build, "image": _image}[options.what](options)
    return done


def _add(options: argparse.Namespace) -> int:
    from dure.compute.operations import add_environment

    if not options.requirements.is_file():
        sentence = Text(ko=f"‘{options.requirements}’ 파일이 없습니다.", en=f"There is no file {options.requirements}.")
        raise Missing("compute.requirements", sentence)
    lock = options.requirements.read_text(encoding="utf-8")
    made = add_environment(options.name, requirements=lock, python=options.python)
    _say(ADDED.format(name=made.name))
    return DONE


def _list(_options: argparse.Namespace) -> int:
    from dure.compute.models import STANDARD
    from dure.compute.queries import environments, image_rules

    for offer in environments():
        packages = " ".join(f"{name}=={version}" for name, version in sorted(offer.packages.items()))
        print(f"{offer.name:<24}{offer.state:<10}{offer.version:<10}{packages}")
    for rule in image_rules():
        print(f"{rule.pattern} → {rule.environment or STANDARD}")
    return DONE


def _build(options: argparse.Namespace) -> int:
    from dure.compute.operations import build_environment

    environment = _called(options.name)
    if environment is None:
        return DONE
    built = build_environment(environment)
    if not built.is_ready:
        _say(NOT_BUILT.format(name=built.name, log=built.log))
        return FAILED
    _say(BUILT.format(name=built.name, version=built.version, count=len(built.packages), digest=built.digest[:12]))
    return DONE


def _image(options: argparse.Namespace) -> int:
    from dure.compute.models import STANDARD
    from dure.compute.operations import use_for_images

    rule = use_for_images(options.pattern, _called(options.name))
    _say(RULED.format(pattern=rule.pattern, name=rule.environment or STANDARD))
    return DONE


def _called(name: str) -> "Environment | None":
    from dure.compute.queries import environment_called

    return environment_called(name)


def _say(text: Text) -> None:
    print(text[spoken()])
