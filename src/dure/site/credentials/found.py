"""What an address names, for whoever looks after the issuer. Raises Missing for everybody else."""

from uuid import UUID

from django.http import HttpRequest

from dure.core.errors import Missing
from dure.core.text import Text
from dure.credentials import rules
from dure.credentials.models import Achievement, Credential, Issuer
from dure.credentials.queries import WITH, active_key, issuer_called
from dure.people.models import Organisation
from dure.site.organisations.pages import frame_of, looked_after
from dure.site.visitors import person_of

NO_ISSUER = Text(
    ko="찾으시는 발급 기관이 없습니다. 주소를 확인하세요.", en="There is no such issuer. Check the address."
)
NO_ACHIEVEMENT = Text(
    ko="찾으시는 항목이 없습니다. 기관의 자격 목록에서 확인하세요.",
    en="There is no such achievement. Look in the list of what the organisation awards.",
)
NO_CREDENTIAL = Text(
    ko="찾으시는 자격이 없습니다. 링크가 정확한지 확인하거나, 보여 준 사람에게 다시 요청하세요.",
    en="There is no such credential. Check the link, or ask whoever showed it to you for it again.",
)


def run_issuer(request: HttpRequest, short: str) -> Issuer:
    """The issuer, for whoever runs it."""
    organisation, issuer = looked_after(request, short), issuer_called(short)
    if issuer is None or not rules.may_run(person_of(request), issuer):
        raise Missing("credentials.issuer-missing", NO_ISSUER, organisation=organisation.short)
    return issuer


def achievement_called(issuer: Issuer, code: str) -> Achievement:
    rows = issuer.achievements.select_related("current__achievement", "issuer__organisation")
    found = rows.filter(code=code).first()
    if found is None:
        raise Missing("credentials.achievement-missing", NO_ACHIEVEMENT)
    return found


def credential_at(issuer: Issuer, credential_id: UUID) -> Credential:
    rows = Credential.objects.filter(achievement__issuer=issuer).select_related(*WITH, "status_list")
    found = rows.filter(pk=credential_id).first()
    if found is None:
        raise Missing("credentials.missing", NO_CREDENTIAL)
    return found


def frame(request: HttpRequest, organisation: Organisation, *, part: str) -> dict[str, object]:
    """What the frame of an issuer's pages shows. ``part``: achievements, waiting or issued."""
    issuer = issuer_called(organisation.short)
    shown = {"issuer": issuer, "part_of": part, "has_key": issuer is not None and active_key(issuer) is not None}
    return {**frame_of(person_of(request), organisation, tab="credentials"), **shown}
