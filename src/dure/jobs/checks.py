"""Whether work gets done: who does it, what waits too long, what failed."""

from collections.abc import Iterator
from datetime import timedelta

from dure.core.findings import Finding, State
from dure.core.text import Text
from dure.jobs.queries import Standing, standing

LATE = timedelta(minutes=5)
_MAIL_ADVICE = Text(
    ko="플랫폼 관리의 ‘메일’에서 원인을 확인하고, 주소를 고친 뒤 다시 보내세요.",
    en="See why under Operations, Mail; correct the address and send again.",
)
_NO_WORKER = Text(ko="동작 중인 워커가 없습니다.", en="No worker is running.")
_NO_WORKER_ADVICE = Text(
    ko="`dure worker`를 실행하세요. 워커가 없으면 채점, 메일 발송, 결과 처리가 멈춥니다.",
    en="Run `dure worker`: without one nothing is scored, sent or settled.",
)
_LATE_ADVICE = Text(
    ko="`dure worker --processes N`으로 워커를 늘리고, 오래 걸리는 작업이 있는지 확인하세요.",
    en="Start more with `dure worker --processes N`, and see which jobs take long.",
)
_FAILED_ADVICE = Text(
    ko="플랫폼 관리의 ‘작업’에서 원인을 확인하고 다시 시도하거나 포기하세요.",
    en="See why under Operations, Jobs; try them again or give them up.",
)


def queue() -> Iterator[Finding]:
    yield from findings_of(standing())


def findings_of(seen: Standing) -> Iterator[Finding]:
    """Workers, the queue and the outbox, each with what to do where it is not well."""
    n = seen.workers
    if n:
        yield Finding("workers", State.OK, Text(ko=f"워커 {n:,}개가 동작 중입니다.", en=f"Workers running: {n:,}."))
    else:
        yield Finding("workers", State.WARN, _NO_WORKER, _NO_WORKER_ADVICE)
    yield _oldest(seen.oldest)
    yield _failed("failed-jobs", seen.failed, Text(ko="실패한 작업", en="Failed jobs"), _FAILED_ADVICE)
    yield _failed("failed-mail", seen.mail_failed, Text(ko="보내지 못한 메일", en="Letters not sent"), _MAIL_ADVICE)


def _oldest(waited: timedelta | None) -> Finding:
    if waited is None or waited < LATE:
        return Finding("queue", State.OK, Text(ko="밀린 작업이 없습니다.", en="No job waits long."))
    minutes = int(waited.total_seconds() // 60)
    text = Text(
        ko=f"가장 오래된 작업이 {minutes:,}분째 기다립니다.", en=f"The oldest job has waited for {minutes:,} minutes."
    )
    return Finding("queue", State.WARN, text, _LATE_ADVICE)


def _failed(name: str, number: int, what: Text, advice: Text) -> Finding:
    text = Text(ko=f"{what.ko}: {number:,}건", en=f"{what.en}: {number:,}.")
    return Finding(name, State.WARN, text, advice) if number else Finding(name, State.OK, text)
