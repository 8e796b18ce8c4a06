"""Whether an attempt that was run again gave what it had given before; pure."""

from collections.abc import Iterator
from decimal import Decimal

from dure.challenges.models import Submission
from dure.challenges.outcomes import Measured
from dure.core.text import Text

_SCORE = Text(
    ko="{part} 점수가 {before}에서 {after}(으)로 달라졌습니다. 허용 오차는 {tolerance}입니다.",
    en="The {part} score was {before} and is {after} now; {tolerance} is tolerated.",
)
_HASHES = {
    "code_sha256": Text(ko="실행한 코드가 처음과 다릅니다.", en="Another code was run than before."),
    "inputs_sha256": Text(ko="코드가 읽은 입력이 처음과 다릅니다.", en="The code read other inputs than before."),
    "environment_digest": Text(
        ko="실행 환경의 내용이 처음과 다릅니다. 그 사이 환경을 다시 만들었는지 확인하세요.",
        en="The environment holds other packages than before. See whether it was built again meanwhile.",
    ),
    "seed": Text(ko="난수 시드가 처음과 다릅니다.", en="It ran with another seed than before."),
}
_PUBLIC, _FINAL = Text(ko="공개", en="public"), Text(ko="최종", en="final")


def differences(before: Submission, after: Measured, *, tolerance: Decimal) -> Iterator[Text]:
    """What is not the same: scores further apart than ``tolerance``, or how the code was run."""
    for part, old, new in (
        (_PUBLIC, before.public_score, after.public),
        (_FINAL, before.final_score, after.final),
    ):
        if is_apart(old, new, tolerance):
            yield _SCORE.format(part=part, before=_told(old), after=_told(new), tolerance=f"{tolerance.normalize():f}")
    for name, sentence in _HASHES.items() if before.code_sha256 else ():  # how older attempts were run is not known
        if getattr(before, name) != getattr(after.how, name):
            yield sentence


def is_apart(old: float | None, new: float | None, tolerance: Decimal) -> bool:
    """Whether two scores differ by more than ``tolerance``, exactly; one that is missing differs from any other."""
    if old is None or new is None:
        return old is not new
    return abs(Decimal(repr(old)) - Decimal(repr(new))) > tolerance


def _told(score: float | None) -> str:
    return "–" if score is None else repr(score)
