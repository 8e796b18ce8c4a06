"""Nominating: who may, by address, from those who wait, and by spreadsheet, all or none."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.programmes.models import Offer, Programme
from dure.programmes.operations.publishing import make_programme, open_programme, publish
from dure.programmes.operations.seating import seat
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]
SOURCE = """
blueprint: hidden-talent
title: {en: Hidden talent, ko: 숨은 인재}
subject: person
parties:
  host: {kind: company}
  school: {kind: university, bind: true}
roles:
  office: {at: host, can: [operate]}
  dean: {at: school, can: [decide]}
stages:
  - id: camp
    kind: event
    entry: nominate
    do: {type: seminar}
words:
  host: {en: Hanbit, ko: 한빛}
  school: {en: School, ko: 학교}
  office: {en: Office, ko: 사무국}
  dean: {en: Dean, ko: 학장}
  camp: {en: Camp, ko: 캠프}
"""
PAGE = "/nominate/talent-2026/camp/"


def nominating_programme(world) -> Programme:
    """Takes entries by nomination; nobody has a seat in it yet."""
    programme = make_programme(
        SOURCE, slug="talent-2026", by=world.operator, parties={"host": [world.host], "school": [world.host]}
    )
    publish(programme)
    return open_programme(programme)


@pytest.fixture
def dean(world):
    """The judge of the small world nominates for a school here, and operates nothing."""
    programme = nominating_programme(world)
    seat(programme, "dean", person=world.judge, organisation=world.host)
    return client_of(world.judge)


def _sheet(*rows: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("n.csv", "\n".join(["email,note", *rows]).encode())


def test_who_has_a_seat_that_may_nominates_by_address(world, dean) -> None:
    dean.post(PAGE, {"email": world.ada.email, "note": "추천합니다"})

    assert [(o.person, o.by, o.note) for o in Offer.objects.all()] == [(world.ada, world.judge, "추천합니다")]
    assert dean.get(PAGE).context["nominated"] == 1


def test_others_do_not_know_of_the_page(world, dean) -> None:
    codes = {who.name: client_of(who).get(PAGE).status_code for who in (world.operator, world.ada, world.stranger)}
    assert codes == {"오운영": 200, "박하늘": 404, "정나그네": 404}


def test_a_sheet_is_checked_and_then_nominates_all(world, dean) -> None:
    rows = (f"{world.ada.email},둘 다", f"{world.bo.email},")

    checked = dean.post(PAGE, {"sheet": "yes", "file": _sheet(*rows)}).context["checked"]
    before = Offer.objects.count()
    dean.post(PAGE, {"sheet": "yes", "file": _sheet(*rows), "enter": "yes"})

    assert (checked, before, Offer.objects.count()) == (2, 0, 2)


def test_one_wrong_row_nominates_nobody_and_says_which(world, dean) -> None:
    page = dean.post(PAGE, {"sheet": "yes", "file": _sheet(world.ada.email, "nobody@example.org"), "enter": "yes"})

    assert [flaw["row"] for flaw in page.context["refused"].facts["errors"]] == [3]
    assert ("가입한 사람이 없습니다" in text_of(page), Offer.objects.count()) == (True, 0)
