"""Whether the books are balanced."""

from collections.abc import Iterator

from dure.core.findings import Finding, State
from dure.core.text import Text
from dure.ledger.queries import drifted, unbalanced


def books() -> Iterator[Finding]:
    wrong = len(list(unbalanced())) + len(list(drifted()))
    if wrong:
        text = Text(ko=f"장부가 맞지 않습니다: {wrong:,}건", en=f"The books are off in {wrong:,} places.")
        remedy = Text(ko="지급을 멈추고 감사 기록을 확인하세요.", en="Stop paying and look at the audit log.")
        yield Finding("books", State.FAIL, text, remedy)
    else:
        text = Text(ko="장부: 모든 분개가 0으로 맞습니다.", en="Books: every journal sums to zero.")
        yield Finding("books", State.OK, text)
