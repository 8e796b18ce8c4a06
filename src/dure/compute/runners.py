"""Where code runs. The local runner needs nothing but this machine; others stand behind the same protocol."""

import os
from collections.abc import Sequence
from pathlib import Path

from dure.compute.box import Author, Box, Level, Ran
from dure.compute.proof import level, sandbox
from dure.core.errors import Unready
from dure.core.text import Text


class LocalRunner:
    """Runs boxes on this machine, in the best sandbox that was proved here."""

    def run(self, box: Box, *, into: Path, author: Author) -> Ran:
        """Run ``box`` and put its output into ``into`` (an empty folder). Raises as ``check_runs`` does."""
        check_runs(author)
        return sandbox().run(box, into=into)

    def run_beside(self, boxes: Sequence[Box], *, into: Sequence[Path], author: Author) -> list[Ran]:
        """Run ``boxes`` at the same time, each with its folder of ``into``. Raises as ``check_runs`` does."""
        check_runs(author)
        return sandbox().run_beside(boxes, into=into)


def check_runs(author: Author) -> None:
    """Raise Unready where code of that author is not run here.

    Participants' code needs the full level, unless the operator says otherwise.
    """
    if author is Author.PARTICIPANT and level() < Level.FULL and not _allowed_below_full():
        raise Unready("compute.below_full", _BELOW_FULL, level=level().name.lower())


_BELOW_FULL = Text(
    ko="이 서버는 참가자의 코드를 안전하게 격리할 수 없어 실행하지 않습니다. "
    "예측 파일을 제출하거나, 운영자에게 `dure doctor --sandbox`의 안내를 따라 달라고 요청하세요.",
    en="This server cannot hold participants' code safely, so it does not run it. "
    "Submit a file of predictions, or ask its operator to follow `dure doctor --sandbox`.",
)


def _allowed_below_full() -> bool:
    return os.environ.get("DURE_ALLOW_CODE_BELOW_FULL") == "1"
