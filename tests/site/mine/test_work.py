"""What waits for somebody, what is under way, results, and what they received."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dure.core import clock
from dure.joints.stages.recorded import record_evidence
from dure.programmes.operations.entering import choose, enter
from dure.programmes.operations.publishing import make_programme, open_programme, publish
from dure.programmes.operations.settling import release, settle
from dure.site.mine.page import received_by
from dure.site.mine.work import work_of
from tests.site.conftest import client_of, text_of
from tests.site.world import SOURCE

pytestmark = [pytest.mark.django_db]


def _todo(person) -> list[tuple[str, str]]:
    return [(row.title, row.act.label) for row in work_of(person).todo]


def _going(person) -> list[tuple[str, str]]:
    return [(row.title, row.act.label if row.act else "") for row in work_of(person).going]


def test_each_step_asks_for_the_one_thing_to_do(world) -> None:
    enter(world.programme, "apply", person=world.ada)
    entered = _todo(world.ada)
    world.applied(world.bo)
    sent = _todo(world.bo), _going(world.bo)

    assert entered == [("참가 신청", "작성하기")]
    assert sent == ([], [("참가 신청", "제출 내용 고치기")])


def test_a_waiting_turn_asks_first_for_the_choice_then_for_the_terms(world) -> None:
    world.admitted()
    before = _todo(world.ada)
    choose(world.turn(world.ada, "task"), ["vision"])

    assert (before, _todo(world.ada)) == (
        [("온라인 라운드", "선택하기")],
        [("온라인 라운드", "이용 조건 확인·동의")],
    )


def test_a_proof_from_outside_is_asked_for(world) -> None:
    world.proving()
    assert _todo(world.ada) == [("수여식", "증빙 입력")]


def test_the_nearest_deadline_stands_first(world) -> None:
    later = SOURCE.replace("entry: open\n", "entry: open\n    when: {to: 2027-01-31}\n", 1)
    for slug, source in (("later", later), ("sooner", later.replace("2027-01-31", "2026-12-31"))):
        programme = make_programme(source, slug=slug, by=world.operator, parties={"host": [world.host]})
        publish(programme)
        open_programme(programme)
        enter(programme, "apply", person=world.ada)
    enter(world.programme, "apply", person=world.ada)

    assert [row.turn.programme.slug for row in work_of(world.ada).todo] == ["sooner", "later", "field-ai-2026"]


def test_a_result_tells_its_reason_and_where_to_go_on(world) -> None:
    world.competing()
    for person, score in ((world.ada, 0.91), (world.bo, 0.4)):
        values = {"score": score, "public-score": score, "attempts": 3, "code": "no"}
        record_evidence(world.turn(person, "task"), values, by=world.clerk)
    third = world.turn(world.bo, "task")
    third.options = ["vision"]
    third.save()
    release(settle(world.programme, "task", by=world.clerk), by=world.clerk)
    following = make_programme(SOURCE, slug="field-ai-2027", by=world.operator, parties={"host": [world.host]})
    publish(following)

    row = next(row for row in work_of(world.bo).results if row.turn.stage == "task")

    assert (row.turn.state, bool(row.why), row.following) == ("out", True, following)
    assert 'href="/programmes/field-ai-2027/"' in client_of(world.bo).get("/me/").content.decode()


def test_money_says_whether_it_was_paid_and_privileges_when_they_end(world) -> None:
    world.reviewing()
    now = {row.given.name: row.state for row in received_by(world.ada)}
    assert now == {"prize": "due", "Field badge": "due"}
    with clock.at(clock.now() + timedelta(days=3 * 365)):
        later = {row.given.name: row.state for row in received_by(world.ada)}
    assert later == {"prize": "due", "Field badge": "over"}


def test_my_page_costs_few_queries(world) -> None:
    world.ranked()
    client = client_of(world.ada)
    client.get("/me/")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        page = client.get("/me/")
    assert page.status_code == 200
    assert len(seen) <= 20
    assert "내 일" in text_of(page)
