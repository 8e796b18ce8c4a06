"""The series or session that an address names, for those who may see or run it."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest

from dure.calendar.models import Series, Session
from dure.calendar.rules import may_run, may_see
from dure.core.errors import Forbidden, Missing
from dure.core.text import Text
from dure.site.visitors import person_of
from dure.store.worded import found

NO_SERIES = Text(
    ko="찾으시는 일정이 없거나 볼 권한이 없습니다. 강사나 운영자에게 등록을 요청하세요.",
    en="There is no such series for you. Ask its teacher or organiser to add you.",
)
NOT_YOURS = Text(
    ko="강사와 기관 관리자만 할 수 있습니다. 강사에게 요청하세요.",
    en="Only its teachers and the organisation's administrators may do this. Ask a teacher.",
)


def series_for(request: HttpRequest, series_id: UUID) -> Series:
    """For those who take part in it or run it. Raises Missing."""
    found = Series.objects.select_related("organisation").filter(pk=series_id).first()
    if found is None or not may_see(person_of(request), found):
        raise Missing("series.missing", NO_SERIES)
    return found


def run_series(request: HttpRequest, series_id: UUID) -> Series:
    """For those who run it. Raises Missing, Forbidden."""
    return _run(request, series_for(request, series_id))


def session_for(request: HttpRequest, session_id: UUID) -> Session:
    session = next(iter(found(_session, session_id)), None)
    if session is None or not may_see(person_of(request), session.series):
        raise Missing("series.missing", NO_SERIES)
    return session


def _session(session: UUID) -> "QuerySet[Session]":
    return Session.objects.select_related("series__organisation").filter(pk=session)


def run_session(request: HttpRequest, session_id: UUID) -> Session:
    found = session_for(request, session_id)
    _run(request, found.series)
    return found


def _run(request: HttpRequest, series: Series) -> Series:
    if not may_run(person_of(request), series):
        raise Forbidden("series.not-yours", NOT_YOURS)
    return series


def frame_of(request: HttpRequest, series: Series, *, tab: str) -> dict[str, object]:
    """What the frame of a series' pages shows."""
    return {"series": series, "tab": tab, "runs": may_run(person_of(request), series)}
