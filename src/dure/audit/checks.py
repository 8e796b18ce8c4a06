"""Whether the sealed log is what was sealed."""

from collections.abc import Iterator

from dure.audit.queries import Report, verify
from dure.core.findings import Finding, State
from dure.core.text import Text


def log() -> Iterator[Finding]:
    yield from findings_of(verify())


def findings_of(report: Report) -> Iterator[Finding]:
    """Every flaw, or that there is none."""
    for flaw in report.flaws:
        yield Finding("audit", State.FAIL, flaw.text)
    if report.sound:
        seals, waiting = report.seals, report.unsealed
        text = Text(
            ko=f"감사 기록: 봉인 {seals:,}개가 모두 맞습니다(봉인 대기 {waiting:,}건).",
            en=f"Audit log: all {seals:,} seals hold ({waiting:,} rows wait to be sealed).",
        )
        yield Finding("audit", State.OK, text)
