"""`dure bench NAME`: a measurement from the folder `benches`, each a table with ratios measured in one run."""

import argparse
import runpy
import sys
from pathlib import Path

from dure.cli.language import spoken
from dure.core.text import Text

FOLDER = Path(__file__).resolve().parents[3] / "benches"
DONE, WRONG_CALL = 0, 2
_UNKNOWN = Text(
    ko="‘{name}’ 측정은 없습니다. 쓸 수 있는 이름: {names}.",
    en="There is no bench {name}. Known names: {names}.",
)
_NO_FOLDER = Text(
    ko="측정은 소스 저장소에서만 실행할 수 있습니다. 저장소를 받아 그 안에서 실행하세요.",
    en="Benches come with the source only: clone the repository and run them there.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help=f"one of {', '.join(_names()) or 'those of a source checkout'}")
    parser.add_argument("rest", nargs="*", help="what the bench itself takes")


def run(options: argparse.Namespace) -> int:
    names = _names()
    if options.name not in names:
        sentence = _UNKNOWN.format(name=options.name, names=", ".join(names)) if names else _NO_FOLDER
        print(sentence[spoken()], file=sys.stderr)
        return WRONG_CALL
    sys.argv = [options.name, *options.rest]
    sys.path.insert(0, str(FOLDER.parent))
    runpy.run_path(str(FOLDER / f"{options.name}.py"), run_name="__main__")
    return DONE


def _names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))
