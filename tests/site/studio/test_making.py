"""A programme in four clicks, last year's edition again, and an upgrade of a draft."""

from datetime import UTC, datetime

import pytest

from dure.core import clock
from dure.core.text import Text
from dure.funding.operations import open_fund
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme
from dure.programmes.operations.copying import Edition, make_edition
from dure.programmes.operations.drafting import begin, write
from dure.programmes.operations.publishing import publish
from tests.factories import make_organisation, make_person
from tests.site.conftest import text_of
from tests.site.studio.conftest import RUSH

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, tzinfo=UTC)
SOURCE = """
blueprint: contest
title: {en: Contest 2026, ko: 경진대회 2026}
subject: person
parties: {host: {kind: company, bind: true}}
roles: {clerk: {at: host, can: [operate, decide]}}
stages:
  - {id: apply, kind: form, entry: open, when: {from: 2026-03-02, to: 2026-03-13}, gate: [{decide: {role: clerk}}]}
  - {id: final, kind: event, do: {type: fair}, when: {from: bind, to: bind}, options: bind,
     gives: [{money: {type: prize, amount: bind, from: host}}]}
rehearse: {entries: 20, bind: {prize: 1000000, options: [vision, speech]}}
"""


@pytest.fixture(autouse=True)
def _november():
    clock.set_clock(NOW)


@pytest.fixture
def contest(maker, naver):
    bind = {"final.from": "2026-05-09", "final.to": "2026-05-10T18:00", "prize": 5000, "options": ["vision"]}
    seats = [("clerk", make_person(name="Clerk One"), naver), ("clerk", make_person(name="Clerk Two"), naver)]
    parties = {"host": [naver]}
    title = Text(ko="경진대회 2026", en="Contest 2026")
    edition = Edition(SOURCE, "contest-2026", title, bind=bind, parties=parties, seats=seats)
    return make_edition(edition, by=maker)


def filled(page, **other):
    """What a browser would send of the form as it stands."""
    return {**page.context["plan"].sent, **other}


def test_everything_is_filled_in_so_that_checking_and_making_is_all(client, maker):
    page = client.get("/make/library/naver-ai-rush/")
    checked = client.post("/make/library/naver-ai-rush/", filled(page, check="1"))
    made = client.post("/make/library/naver-ai-rush/", filled(checked, make="1"))

    programme = Programme.objects.get()
    window = blueprint_of(programme).stage("r1").when
    assert made["Location"] == "/desk/naver-ai-rush-2026/"
    assert (programme.made_by, programme.state, programme.title.ko) == (maker, "draft", "네이버 AI RUSH 2026")
    assert (window.start.text, window.end.text) == ("2026-12-07", "2026-12-25")
    assert [party.organisation.short for party in programme.parties.all()] == ["naver"]


@pytest.mark.parametrize("written", ["naver", "naver – 네이버", "네이버", "NAVER"])
def test_a_party_is_named_by_its_short_name_or_its_name(client, naver, written):
    page = client.get("/make/library/naver-ai-rush/")

    client.post("/make/library/naver-ai-rush/", filled(page, **{"party.naver": [written, "naver"]}, make="1"))

    assert [party.organisation for party in Programme.objects.get().parties.all()] == [naver]


def test_a_name_that_two_organisations_have_names_neither(client, naver):
    make_organisation("naver-labs", name_ko="네이버", name_en="NAVER LABS")
    page = client.get("/make/library/naver-ai-rush/")

    answer = client.post("/make/library/naver-ai-rush/", filled(page, **{"party.naver": ["네이버"]}, make="1"))

    assert [sentence[:24] for sentence in answer.context["wrong"]] == ["There is no organisation"]


def test_values_and_dates_left_open_are_proposed(client, maker):
    draft = begin(SOURCE, by=maker)
    page = client.get(f"/make/draft/{draft.pk}/")

    plan = page.context["plan"]
    assert plan.bind() == {
        "final.from": "2026-12-19", "final.to": "2027-01-01", "options": ["vision", "speech"], "prize": 1000000,
    }  # fmt: skip
    assert plan.shorts("host") == ["naver"]
    checked = client.post(f"/make/draft/{draft.pk}/", filled(page))
    assert (checked.context["lacking"], [one.amount for one in checked.context["sums"]]) == ([], [15000000])
    client.post(f"/make/draft/{draft.pk}/", filled(page, make="1"))
    assert publish(Programme.objects.get()).state == "published"


def test_a_fund_is_not_counted_twice(client, naver):
    open_fund(naver, name="prizes", currency="KRW", amount=300_000_000)
    page = client.get("/make/library/naver-ai-rush/")

    checked = client.post("/make/library/naver-ai-rush/", filled(page))

    sums = [(one.amount, one.left, one.short) for one in checked.context["sums"]]
    assert sums == [(200_000_000, 300_000_000, 0), (200_000_000, 100_000_000, 100_000_000)]


def test_what_is_wrong_is_said_at_once_and_nothing_is_made(client, contest, draft):
    wrong = {"slug": ["contest-2026"], "date.r1.from": ["next spring"], "party.naver": ["nobody"]}
    page = client.get(f"/make/draft/{draft.pk}/")

    answer = client.post(f"/make/draft/{draft.pk}/", filled(page, **wrong, make="1"))

    assert answer.status_code == 422
    assert [sentence[:28] for sentence in answer.context["wrong"]] == [
        "The address contest-2026 is ", "There is no organisation nob", "r1.from: write the date as 2",
    ]  # fmt: skip
    assert Programme.objects.count() == 1


def test_going_back_keeps_what_was_filled_in(client, draft):
    page = client.get(f"/make/draft/{draft.pk}/")
    back = client.post(f"/make/draft/{draft.pk}/", filled(page, slug=["another"], back="1"))
    assert 'value="another"' in back.content.decode()


def test_last_years_edition_again_on_the_same_days_of_the_week(client, contest):
    page = client.get("/make/again/contest-2026/")
    made = client.post("/make/again/contest-2026/", filled(page, make="1"))

    programme = Programme.objects.get(slug="contest-2027")
    window = blueprint_of(programme).stage("apply").when
    assert made["Location"] == "/desk/contest-2027/"
    assert programme.title.en == "Contest 2027"
    assert (window.start.text, window.end.text) == ("2027-03-01", "2027-03-12")
    assert programme.bind["final.to"] == "2027-05-09T18:00"
    assert programme.bind["prize"] == 5000
    assert {str(seat.person) for seat in programme.seats.all()} == {"Clerk One", "Clerk Two"}


def test_seats_are_copied_by_choice_and_what_changes_is_told(client, contest):
    page = client.get("/make/again/contest-2026/")
    kept = [str(contest.seats.first().pk)]

    checked = client.post("/make/again/contest-2026/", filled(page, seat=kept, **{"value.prize": ["6000"]}))

    changed = {what: (old, new) for what, old, new in checked.context["changes"]}
    assert changed["Seats"] == ("2", "1")
    assert changed["prize"] == ("5000", "6000")
    assert changed["apply · Begins"] == ("2026-03-02", "2027-03-01")


def test_all_dates_move_to_a_chosen_day(client, contest):
    page = client.get("/make/again/contest-2026/")
    sent = {name: values for name, values in filled(page).items() if name != "weekdays"}

    moved = client.post("/make/again/contest-2026/", {**sent, "start": "2027-04-01", "shift": "1"})

    assert moved.context["plan"].dates()["apply.from"] == "2027-04-01"
    assert moved.context["plan"].dates()["final.from"] == "2027-06-08"


def test_a_year_that_was_mistyped_is_refused(client, contest):
    page = client.get("/make/again/contest-2026/")
    sent = {**filled(page), "date.apply.from": "0007-02-05"}

    answer = client.post("/make/again/contest-2026/", sent)

    assert (answer.status_code, answer.context["wrong"][0]) == (422, "apply.from: write a year from 1900 to 8999.")


def test_an_edition_of_somebody_else_is_not_there(client):
    assert client.get("/make/again/contest-2026/").status_code == 404


def test_a_draft_programme_takes_this_version(client, maker, draft):
    Programme.objects.all().delete()
    client.post("/make/library/naver-ai-rush/", filled(client.get("/make/library/naver-ai-rush/"), make="1"))
    write(draft, RUSH.replace("take: 100}", "take: 90}"), revision=None)
    path = f"/studio/{draft.pk}/programmes/naver-ai-rush-2026/"

    shown = text_of(client.get(path))
    client.post(path)

    assert "all stay" in shown
    assert blueprint_of(Programme.objects.get()).stage("apply").gate[0].take == 90


def test_an_announced_programme_keeps_its_rules(client, draft, maker):
    client.post("/make/library/naver-ai-rush/", filled(client.get("/make/library/naver-ai-rush/"), make="1"))
    publish(Programme.objects.get())
    write(draft, RUSH + "# newer\n", revision=None)

    assert "keeps its own rules" in text_of(client.get(f"/studio/{draft.pk}/programmes/"))
    assert client.get(f"/studio/{draft.pk}/programmes/naver-ai-rush-2026/").status_code == 409
