"""Home, the list of programmes, and the page of one."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from dure.core import clock
from dure.programmes.operations.publishing import close, run, set_window
from tests.site.conftest import client_of, text_of

pytestmark = pytest.mark.django_db
LIST = "/programmes/"
TITLE = "현장 AI 스쿨"


def test_home_leads_with_what_waits_for_the_visitor(world) -> None:
    world.admitted()

    page = text_of(client_of(world.ada).get("/"))

    assert page.index("지금 할 일") < page.index("지금 지원할 수 있는 프로그램")
    assert "지금 할 일" not in text_of(client_of(None).get("/"))


def test_home_tells_what_is_true(world) -> None:
    world.ranked()
    cache.clear()

    page = text_of(client_of(None).get("/"))

    assert ("프로그램 1" in page, "참가한 사람 2" in page) == (True, True)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", True), ("?state=open", True), ("?state=closed", False), ("?kind=round&kind=test", True),
        ("?kind=learn", False), ("?who=person", True), ("?who=team", False), ("?organisation=hanbit", True),
        ("?organisation=other", False), ("?q=ㅎㅈ", True), ("?q=한빛전자", True), ("?q=nothing", False),
        ("?state=nonsense&page=99", True),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_by_its_address(world, asked, found) -> None:
    assert (TITLE in text_of(client_of(None).get(f"{LIST}{asked}"))) is found


def test_each_chosen_filter_can_be_taken_away(world) -> None:
    page = client_of(None).get(f"{LIST}?state=open&kind=round&q=AI").content.decode()

    assert {href for href in ("?kind=round&amp;q=AI", "?state=open&amp;q=AI", "?state=open&amp;kind=round")
            if f'href="{LIST}{href}"' in page} == {
        "?kind=round&amp;q=AI", "?state=open&amp;q=AI", "?state=open&amp;kind=round",
    }  # fmt: skip


def test_htmx_gets_the_list_alone_and_a_clean_address(world) -> None:
    response = client_of(None).get(f"{LIST}?q=&state=open&who=", headers={"HX-Request": "true"})

    assert ("<html" in response.content.decode(), response["HX-Push-Url"]) == (False, f"{LIST}?state=open")


def test_the_page_says_how_long_one_can_still_apply(world) -> None:
    with clock.at(datetime(2026, 5, 1, tzinfo=UTC)):
        set_window(world.programme, "apply", {"from": "2026-04-01", "to": "2026-05-10"})

        page = text_of(client_of(world.stranger).get(f"{LIST}{world.programme.slug}/"))

        assert ("9일 남음" in page, "지원하기" in page) == (True, True)


def test_whoever_takes_part_goes_on_where_they_stand(world) -> None:
    world.applied(world.ada)

    page = client_of(world.ada).get(f"{LIST}{world.programme.slug}/").content.decode()

    assert (f'href="/turns/{world.turn(world.ada, "apply").pk}/"' in page, "/apply/apply/" in page) == (True, False)


def test_the_page_says_why_one_cannot_apply(world) -> None:
    address = f"{LIST}{world.programme.slug}/"
    run(world.programme)
    assert "지금은 모집하지 않습니다" in text_of(client_of(None).get(address))

    close(world.programme)
    assert "종료된 프로그램입니다" in text_of(client_of(None).get(address))


def test_prizes_stand_in_a_table_by_option_with_their_total(world) -> None:
    page = text_of(client_of(None).get(f"{LIST}{world.programme.slug}/"))

    assert "이미지 1,500만 원 1,500만 원 음성 1,500만 원 1,500만 원" in page
    assert "합계 3,000만 원" in page


def test_questions_are_answered_by_the_rules(world) -> None:
    page = text_of(client_of(None).get(f"{LIST}{world.programme.slug}/"))

    answers = [
        "누가 지원할 수 있나요? 개인으로 참가합니다. 조건에 맞으면 누구나 지원할 수 있습니다.",
        "지원할 때 무엇을 제출하나요? 작성: 지원 동기, 경력 연수",
        "참가비가 있나요? 없습니다. 모든 단계가 무료입니다.",
        "결과는 언제 알 수 있나요? 마감 후 운영자가 결과를 발표하면 모두 함께 알 수 있습니다.",
    ]  # fmt: skip
    assert [answer for answer in answers if answer not in page] == []


def test_a_deadline_long_past_says_nothing_of_days_left(world) -> None:
    with clock.at(datetime(2026, 5, 1, tzinfo=UTC)):
        set_window(world.programme, "apply", {"from": "2026-04-01", "to": "2026-05-10"})
    with clock.at(datetime(2026, 5, 1, tzinfo=UTC) + timedelta(days=30)):
        page = text_of(client_of(None).get(f"{LIST}{world.programme.slug}/"))
        assert ("남음" in page, "지원하기" in page) == (False, False)
