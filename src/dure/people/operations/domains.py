"""Mail domains: an organisation claims one, and shows by a DNS record or to an operator that it is its own."""

import re

from django.db import transaction
from dns.resolver import Resolver

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.people.dns import has_record
from dure.people.keys import new_secret
from dure.people.models import Domain, Organisation
from dure.people.operations.checks import once

_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?")
_TAKEN = Text(
    ko="이미 등록된 도메인입니다. 어느 기관의 것인지 확인하세요.",
    en="This domain is taken. Check which organisation it belongs to.",
)


@transaction.atomic
def add_domain(organisation: Organisation, *, name: str) -> Domain:
    """Write down that a mail domain is the organisation's; the caller has seen that it is.

    Raises Flawed("domain.name"), Refused("domain.taken").
    """
    return confirm_domain(claim_domain(organisation, name=name))


@transaction.atomic
def claim_domain(organisation: Organisation, *, name: str) -> Domain:
    """Say that a mail domain is the organisation's; it opens nothing before that is shown.

    Raises Flawed("domain.name"), Refused("domain.taken") where it claims it already or another one has shown it.
    """
    lowered = name.strip().lower()
    if len(lowered) > 253 or not _DOMAIN.fullmatch(lowered):
        sentence = Text(
            ko="도메인 형식이 올바르지 않습니다. ‘example.ac.kr’처럼 입력하세요.",
            en="This is not a domain. Write it like example.ac.kr.",
        )
        raise Flawed("domain.name", sentence, name=name)
    if Domain.objects.filter(name=lowered).exclude(verified_at=None).exists():
        raise Refused("domain.taken", _TAKEN)
    with once("domain.taken", _TAKEN):
        domain = Domain.objects.create(organisation=organisation, name=lowered, token=new_secret())
    record("organisation.domain-claimed", organisation, after={"name": lowered})
    return domain


@transaction.atomic
def confirm_domain(domain: Domain) -> Domain:
    """It was shown that the domain is the organisation's. Raises Refused("domain.taken", "domain.confirmed")."""
    now = clock.now()
    with once("domain.taken", _TAKEN):
        touched = Domain.objects.filter(pk=domain.pk, verified_at=None).update(verified_at=now)
    if not touched:
        raise Refused("domain.confirmed", Text(ko="이미 확인된 도메인입니다.", en="This domain is confirmed already."))
    domain.verified_at = now
    record("organisation.domain-added", domain.organisation, after={"name": domain.name})
    return domain


def check_domain(domain: Domain, *, resolver: Resolver | None = None) -> Domain:
    """Look for the record and confirm the domain by it, outside any transaction.

    Raises Refused("domain.record") where it is not there (yet), Unready("domain.resolver") where names cannot be
    looked up, and as :func:`confirm_domain`.
    """
    if not has_record(domain.name, domain.token, resolver=resolver):
        sentence = Text(
            ko="TXT 레코드를 아직 찾을 수 없습니다. 값을 확인하고, 방금 등록했다면 한 시간쯤 뒤에 다시 시도하세요.",
            en="The TXT record is not there yet. Check its value; if you have just added it, try again in an hour.",
        )
        raise Refused("domain.record", sentence, domain=domain.name)
    return confirm_domain(domain)


@transaction.atomic
def remove_domain(domain: Domain) -> None:
    """The organisation no longer has the domain: its provider opens no account of an address there any more."""
    domain.delete()
    record("organisation.domain-removed", domain.organisation, before={"name": domain.name})
