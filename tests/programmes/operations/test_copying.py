"""A new edition whole or not at all; and a draft programme that takes another version of its blueprint."""

import pytest

from dure.blueprint.document import Flaws
from dure.core.errors import Refused
from dure.core.text import Text
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme
from dure.programmes.operations.copying import Edition, make_edition, replace_blueprint, upgrade_of
from dure.programmes.operations.publishing import make_programme, publish
from dure.programmes.operations.seating import seat
from tests.factories import make_operator, make_organisation, make_person

pytestmark = pytest.mark.django_db
SOURCE = """
blueprint: contest
title: {en: Contest, ko: 경진대회}
subject: person
parties: {host: {kind: company, bind: true}}
roles: {clerk: {at: host, can: [operate, decide]}}
stages:
  - {id: apply, kind: form, entry: open, when: {from: 2026-03-02, to: 2026-03-13}, gate: [{decide: {role: clerk}}]}
  - {id: final, kind: event, do: {type: fair}, when: {from: bind, to: bind},
     gives: [{money: {type: prize, amount: bind, from: host}}]}
"""
TITLE = Text(ko="경진대회 2027", en="Contest 2027")


@pytest.fixture
def host():
    return make_organisation("hanbit")


def edition(host, **other):
    bind = {"final.from": "2027-05-01", "final.to": "2027-05-02", "prize": 1000}
    windows = {"apply": {"from": "2027-03-01", "to": "2027-03-12"}}
    known = {"slug": "contest-2027", "title": TITLE, "bind": bind, "parties": {"host": [host]}, "windows": windows}
    return Edition(SOURCE, **{**known, **other})


def test_an_edition_has_its_dates_its_parties_and_its_seats(host):
    clerk = make_person()

    programme = make_edition(edition(host, seats=[("clerk", clerk, host)]), by=make_operator())

    assert blueprint_of(programme).stage("apply").when.start.text == "2027-03-01"
    assert [(held.role, held.person) for held in programme.seats.all()] == [("clerk", clerk)]
    assert publish(programme).state == "published"


def test_an_edition_with_one_seat_that_cannot_be_taken_is_not_made(host):
    with pytest.raises(Refused):
        make_edition(edition(host, seats=[("nobody", make_person(), host)]), by=make_operator())

    assert Programme.objects.count() == 0


def test_a_draft_takes_a_newer_version_and_keeps_what_fits(host):
    programme = make_edition(edition(host, seats=[("clerk", make_person(), host)]), by=make_operator())
    newer = SOURCE.replace("decide: {role: clerk}", "decide: {role: clerk, take: 5}")

    assert upgrade_of(programme, newer).loses_nothing
    replace_blueprint(programme, newer)

    kept = Programme.objects.get(pk=programme.pk)
    assert (kept.source, kept.bind, list(kept.windows)) == (newer, programme.bind, ["apply"])
    assert blueprint_of(kept).stage("apply").gate[0].take == 5


def test_what_finds_no_place_is_told_before_and_let_go(host):
    programme = make_edition(edition(host, seats=[("clerk", make_person(), host)]), by=make_operator())
    newer = """
blueprint: contest
title: {en: Contest, ko: 경진대회}
subject: person
parties: {school: {kind: university, bind: true}}
stages:
  - {id: enrol, kind: form, entry: open}
  - {id: final, kind: event, do: {type: fair}, when: {from: bind, to: bind}}
"""
    lost = upgrade_of(programme, newer)

    assert (lost.bind, lost.windows, lost.parties, lost.roles) == (("prize",), ("apply",), ("host",), ("clerk",))
    replace_blueprint(programme, newer)
    kept = Programme.objects.get(pk=programme.pk)
    assert (set(kept.bind), kept.windows, kept.parties.count()) == ({"final.from", "final.to"}, {}, 0)
    assert list(kept.seats.filter(ended_at__isnull=True)) == []


def test_once_announced_the_rules_stay(host):
    programme = make_edition(edition(host), by=make_operator())
    publish(programme)

    with pytest.raises(Refused, match="no longer change"):
        replace_blueprint(programme, SOURCE + "# newer\n")


def test_another_blueprint_is_refused(host):
    programme = make_programme(SOURCE, slug="contest", by=make_operator(), parties={"host": [host]})
    seat(programme, "clerk", person=make_person(), organisation=host)

    with pytest.raises(Refused, match="made from contest"):
        replace_blueprint(programme, SOURCE.replace("blueprint: contest", "blueprint: other"))


def test_an_unsound_text_is_refused_with_its_flaws(host):
    programme = make_programme(SOURCE, slug="contest", by=make_operator(), parties={"host": [host]})

    with pytest.raises(Flaws):
        replace_blueprint(programme, SOURCE.replace("role: clerk", "role: nobody"))
