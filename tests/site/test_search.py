"""The search: what is found, how it is shown, and that nobody finds what they may not see."""

import pytest
from django.urls import reverse

from dure.people.models import Role
from dure.people.operations import form_team, join_team
from dure.programmes.operations.publishing import make_programme
from tests.factories import make_member, make_operator, make_organisation, make_person
from tests.site.conftest import client_of, text_of
from tests.site.world import SOURCE, World


def lines(person, typed: str, language: str = "ko") -> dict[str, list[str]]:
    """What the page of results shows, group by group."""
    page = client_of(person, language).get("/search/", {"q": typed})
    return {str(group.label): [line.title for line in group.found] for group in page.context["groups"]}


@pytest.mark.parametrize("typed", ["현장", "ㅎㅈ", "현ㅈ", "field", "AI sch", "aischool", "혅"])
def test_a_programme_is_found_by_either_name_and_by_first_letters(world: World, typed):
    assert lines(None, typed) == {"프로그램": ["현장 AI 스쿨"]}


def test_names_are_shown_in_the_readers_language(world: World):
    assert lines(None, "현장", "en") == {"Programmes": ["Field AI School"]}
    assert lines(None, "한빛", "en") == {"Organisations": ["Hanbit Electronics"]}


def test_a_draft_is_found_by_its_operators_only(world: World):
    make_programme(SOURCE, slug="secret-2027", by=world.operator, parties={"host": [world.host]})

    assert [lines(person, "secret") for person in (None, world.ada, world.clerk)] == [{}, {}, {}]
    assert lines(world.operator, "secret") == {"프로그램": ["현장 AI 스쿨"]}


def test_people_are_found_by_those_who_may_know_of_them(world: World):
    """Ada takes part: the clerk runs the programme; the judge sees only what is judged, the stranger nothing."""
    world.applied(world.ada)

    found = {person.name: lines(person, "박하늘") for person in (world.clerk, world.judge, world.stranger, world.bo)}

    there = {"사람": ["박하늘"]}
    assert found == {"김담당": there, "이심사": {}, "정나그네": {}, "최바다": {}}
    assert (lines(None, "박하늘"), lines(make_operator(), "ㅂㅎㄴ")) == ({}, there)


def test_team_mates_and_colleagues_find_each_other_as_long_as_they_are(world: World):
    organisation = make_organisation()
    make_member(organisation, world.ada), make_member(organisation, world.bo)
    assert (lines(world.ada, "최바다"), lines(world.ada, "정나그네")) == ({"사람": ["최바다"]}, {})

    join_team(form_team("매", captain=world.ada), person=world.stranger)

    assert lines(world.ada, "정나그네") == {"사람": ["정나그네"]}


def test_nobody_is_found_by_an_address(world: World):
    world.applied(world.ada)

    for typed in ("ada@example.org", "example", "ada@"):
        assert lines(world.clerk, typed) == {}
    page = client_of(world.clerk).get("/search/", {"q": "박하늘"})
    assert "@example.org" not in text_of(page).replace(world.clerk.email, "")


def test_one_letter_finds_no_people(world: World):
    assert lines(make_operator(), "박") == {}


def test_a_persons_page_is_there_for_those_who_find_them(world: World):
    world.applied(world.ada)
    address = reverse("person", args=[world.ada.pk])

    assert client_of(world.stranger).get(address).status_code == 404
    page = text_of(client_of(world.clerk).get(address))
    assert ("박하늘" in page, "현장 AI 스쿨" in page, "ada@" in page) == (True, True, False)


def test_the_list_under_the_field_ends_with_the_way_to_everything(world: World):
    page = client_of(None).get("/search/as-you-type/", {"q": "한빛", "at": "top"}).content.decode()

    assert page.count('role="option"') == 2
    assert ('href="/organisations/hanbit/"' in page, "/search/?q=%ED%95%9C%EB%B9%9B" in page) == (True, True)


@pytest.mark.parametrize("typed", ["", "   ", "%", "_", "'", "x" * 500, "<script>alert(1)</script>"])
def test_anything_may_be_typed(world: World, typed):
    for address in ("/search/", "/search/as-you-type/"):
        page = client_of(world.ada).get(address, {"q": typed, "page": typed, "only": typed, "at": "top"})
        assert (page.status_code, "<script>alert" in page.content.decode()) == (200, False)


def test_what_cannot_be_found_leads_on(world: World):
    page = text_of(client_of(None).get("/search/", {"q": "없는이름"}))

    assert ("프로그램" in page, "로그인" in page) == (True, True)


def test_one_group_is_read_a_page_at_a_time(world: World):
    for number in range(45):
        make_organisation(f"lab-{number:02}", name_ko=f"연구소 {number:02}", name_en=f"Lab {number:02}")
    client = client_of(world.ada)

    pages = [client.get("/search/", {"q": "연구소", "only": "organisations", "page": n}) for n in (1, 2, 3)]

    (groups,) = zip(*(page.context["groups"] for page in pages), strict=True)
    assert [len(group.found) for group in groups] == [20, 20, 5]
    assert [group.more for group in groups] == [True, True, False]
    assert len({line.title for group in groups for line in group.found}) == 45


def test_searching_takes_few_queries(world: World, django_assert_max_num_queries):
    world.ranked()
    client = client_of(world.clerk)

    with django_assert_max_num_queries(20):
        client.get("/search/", {"q": "현장"})


def test_an_organisation_shows_its_people_to_its_own(world: World):
    make_member(world.host, world.ada, department="연구소")
    admin = make_member(world.host, make_person(name="안관리"), role=Role.ADMIN).person
    outside, inside, looking_after = (
        text_of(client_of(person).get("/organisations/hanbit/")) for person in (None, world.ada, admin)
    )

    assert ["현장 AI 스쿨" in page for page in (outside, inside, looking_after)] == [True, True, True]
    assert ["안관리" in page for page in (outside, inside)] == [False, True]
    assert ["설정하기" in page for page in (outside, inside, looking_after)] == [False, False, True]


def test_an_organisation_without_programmes_is_nobodys_business(world: World):
    make_organisation("quiet")

    assert client_of(None).get("/organisations/quiet/").status_code == 404
    assert (lines(None, "quiet"), lines(world.ada, "quiet")) == ({}, {"기관": ["quiet"]})
