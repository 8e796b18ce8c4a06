"""`dure rehearse FILE`: the dry run, in memory, of a blueprint or of a programme with what it binds."""

import argparse
import json
import sys
from pathlib import Path

from dure.blueprint.cohort import SEED
from dure.blueprint.document import Flaws
from dure.blueprint.library import Library, load
from dure.blueprint.lint import lint_files
from dure.blueprint.model import Agreement, Blueprint, Bound, Programme
from dure.blueprint.rehearsal import Outcome, rehearse
from dure.blueprint.report import as_text
from dure.blueprint.report_page import as_page
from dure.cli.language import spoken
from dure.core.errors import Refused
from dure.core.text import Text

DONE, FAILED, WRONG_CALL, REFUSED = 0, 1, 2, 3
_NO_FILE = Text(
    ko="‘{path}’ 파일이 없거나 읽을 수 없습니다. 경로를 확인하세요.",
    en="There is no file {path}, or it cannot be read: check the path.",
)
_AGREEMENT = Text(
    ko="협약 파일로는 모의 운영을 할 수 없습니다. 블루프린트나 프로그램 파일을 지정하세요.",
    en="An agreement has nothing to rehearse: name a blueprint or a programme.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a blueprint, or a programme")
    parser.add_argument("--cases", type=_whole, metavar="N", help="so many cases instead of the file's entries")
    parser.add_argument("--seed", type=_whole, default=SEED, metavar="S", help=f"other draws; default {SEED}")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the report as one page")
    parser.add_argument("--lang", choices=("ko", "en"), help="the language of the tables; default by LANG")


def run(options: argparse.Namespace) -> int:
    language = options.lang or spoken()
    if not options.file.is_file():
        print(_NO_FILE.format(path=options.file)[language], file=sys.stderr)
        return WRONG_CALL
    try:
        blueprint, bind = _sound(options.file)
    except Flaws as refused:
        print("\n".join(flaw.say(language) for flaw in refused.flaws), file=sys.stderr)
        return REFUSED
    outcome = rehearse(blueprint, cases=options.cases, seed=options.seed, bind=bind)
    if options.html:
        options.html.write_text(as_page(outcome), encoding="utf-8")
    print(json.dumps(outcome.as_json(), ensure_ascii=False) if options.json else as_text(outcome, language))
    return _verdict(outcome)


def _sound(path: Path) -> tuple[Blueprint, Bound]:
    """The blueprint of the file and what a programme binds in it; raises ``Flaws`` unless lint finds none."""
    if flaws := lint_files([path]):
        raise Flaws(flaws)
    model = load(path)
    if isinstance(model, Programme):
        blueprint = Library.around([path]).blueprint(model.blueprint)
        assert blueprint is not None  # noqa: S101 -- lint refuses a programme without one (BP204)
        return blueprint, model.bind
    if isinstance(model, Agreement):
        raise Refused("rehearse.agreement", _AGREEMENT)
    return model, {}


def _verdict(outcome: Outcome) -> int:
    """Expectations decide only at the file's own size."""
    return FAILED if outcome.at_own_size and not outcome.holds else DONE


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)
