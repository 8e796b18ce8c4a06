"""Domains: claimed by anybody who looks after an organisation, had by the one that shows it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socket import AF_INET, SOCK_DGRAM, socket

import dns.message
import dns.rcode
import dns.rrset
import pytest
from dns.resolver import Resolver

from dure.core.errors import Flawed, Refused, Unready
from dure.people.dns import record_of
from dure.people.models import Domain
from dure.people.operations import add_domain, check_domain, claim_domain, confirm_domain, remove_domain
from dure.people.queries import provider_for
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db


@contextmanager
def names(records: dict[str, list[str]]) -> Iterator[Resolver]:
    """A name server on this machine that knows these TXT records."""
    with socket(AF_INET, SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.1)
        done = threading.Event()

        def serve() -> None:
            while not done.is_set():
                try:
                    sent, sender = server.recvfrom(4096)
                except TimeoutError:
                    continue
                server.sendto(_answer(dns.message.from_wire(sent), records).to_wire(), sender)

        thread = threading.Thread(target=serve)
        thread.start()
        resolver = Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], server.getsockname()[1]
        try:
            yield resolver
        finally:
            done.set()
            thread.join()


def _answer(question: dns.message.Message, records: dict[str, list[str]]) -> dns.message.Message:
    answer, name = dns.message.make_response(question), question.question[0].name
    found = records.get(name.to_text(omit_final_dot=True))
    if found is None:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    else:
        answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *(f'"{text}"' for text in found)))
    return answer


def test_a_record_shows_that_a_domain_is_ones_own():
    domain = claim_domain(make_organisation(), name=" KAIST.ac.kr ")
    name, says = record_of(domain.name, domain.token)

    with names({name: ["something else", says]}) as resolver:
        check_domain(domain, resolver=resolver)

    assert (domain.name, Domain.objects.get().verified_at is not None) == ("kaist.ac.kr", True)


@pytest.mark.parametrize("says", [None, [], ["dure-verification=guessed"]])
def test_without_the_record_it_is_nobodys_yet(says):
    domain = claim_domain(make_organisation(), name="kaist.ac.kr")
    records = {} if says is None else {"_dure.kaist.ac.kr": says or ["-"]}

    with names(records) as resolver, pytest.raises(Refused) as refused:
        check_domain(domain, resolver=resolver)

    assert (refused.value.code, Domain.objects.get().verified_at) == ("domain.record", None)


def test_where_nobody_answers_it_says_so(monkeypatch):
    monkeypatch.setattr("dure.people.dns.SECONDS", 0.2)
    silent = Resolver(configure=False)
    silent.nameservers, silent.port = ["127.0.0.1"], 9

    with pytest.raises(Unready):
        check_domain(claim_domain(make_organisation(), name="kaist.ac.kr"), resolver=silent)


def test_several_may_claim_a_domain_and_one_has_it():
    one, other = (claim_domain(make_organisation(), name="kaist.ac.kr") for _ in range(2))

    confirm_domain(other)

    for attempt in (lambda: confirm_domain(one), lambda: claim_domain(make_organisation(), name="kaist.ac.kr")):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "domain.taken"


def test_a_domain_is_confirmed_once():
    with pytest.raises(Refused) as refused:
        confirm_domain(add_domain(make_organisation(), name="kaist.ac.kr"))

    assert refused.value.code == "domain.confirmed"


@pytest.mark.parametrize(
    "name", ["", "kaist", "kaist .ac.kr", "http://kaist.ac.kr", "-a.kr", "a..kr", "x" * 260 + ".kr"]
)
def test_what_is_no_domain_is_refused(name):
    with pytest.raises(Flawed):
        claim_domain(make_organisation(), name=name)


def test_a_removed_domain_leads_nowhere():
    remove_domain(add_domain(make_organisation(), name="kaist.ac.kr"))

    assert (provider_for("a@kaist.ac.kr"), Domain.objects.count()) == (None, 0)
