"""Partners of a consortium are found by name and chosen by keyboard, however many organisations there are."""

import pytest

from dure.programmes.models import Case
from dure.programmes.operations.publishing import make_programme, open_programme, publish
from tests.factories import make_member, make_organisation

pytestmark = [pytest.mark.browser]
GRANT = """
blueprint: grant
title: {en: Grant, ko: 공모}
subject: consortium
parties: {host: {kind: company}}
stages:
  - {id: apply, kind: form, entry: open, do: {ask: [plan]}}
"""


def test_partners_are_found_by_name_and_stay_chosen(world, visit) -> None:
    programme = make_programme(GRANT, slug="grant", by=world.operator, parties={"host": [world.host]})
    publish(programme)
    open_programme(programme)
    lead, nuri = make_organisation("lead", name_ko="가온", name_en="Gaon"), make_organisation("nuri", name_ko="누리")
    make_organisation("daon", name_ko="다온", name_en="Daon")
    make_member(lead, world.ada)
    ada = visit(world.ada).go("/programmes/grant/apply/apply/")

    ada.page.fill("#partners-find", "누리")
    shown = ada.page.locator("#partners .choice:visible").all_inner_texts()
    ada.page.keyboard.press("Tab")
    ada.page.keyboard.press("Tab")
    ada.page.keyboard.press("Space")
    ada.page.fill("#partners-find", "다온")
    kept = ada.page.locator("#partners .choice:visible").all_inner_texts()
    ada.page.fill("#title", "함께 하는 연구")
    ada.press("참가하기")

    assert ([name.strip() for name in shown], [name.strip() for name in kept]) == (["누리"], ["누리", "다온"])
    assert list(Case.objects.get().partners.all()) == [nuri]
