"""Deciders: one case after the other, or many at once after a look at what it would do."""

import pytest

from dure.jobs.worker import drain
from dure.joints.models import Say
from dure.programmes.models import Decision
from tests.programmes.build import exam, holder, live
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]
AT = "/me/reviews/decide/field-ai-2026/apply/0/"


def says() -> set[tuple[int, bool, str]]:
    return set(Say.objects.values_list("turn__case__number", "yes", "reason"))


def test_a_decision_shows_what_was_handed_in_and_who_it_is(world) -> None:
    world.applied()
    page = text_of(client_of(world.clerk).get(f"/decisions/{world.turn(world.ada, 'apply').pk}/0/"))
    assert ("지원 동기 현장" in page, "박하늘" in page) == (True, True)


def test_a_decision_leads_to_the_next_case_and_at_the_end_to_the_list(world) -> None:
    world.applied()
    first, second = world.turn(world.ada, "apply"), world.turn(world.bo, "apply")
    client = client_of(world.clerk)

    onwards = client.post(f"/decisions/{first.pk}/0/", {"answer": "pass"})
    back = client.post(f"/decisions/{second.pk}/0/", {"answer": "out", "reason": "올해는 어렵습니다"})

    assert (onwards["Location"], back["Location"]) == (f"/decisions/{second.pk}/0/", AT)
    assert says() == {(1, True, ""), (2, False, "올해는 어렵습니다")}


def test_a_no_without_a_reason_is_sent_back_to_its_field(world) -> None:
    world.applied()
    turn, client = world.turn(world.ada, "apply"), client_of(world.clerk)

    no_reason = client.post(f"/decisions/{turn.pk}/0/", {"answer": "out", "reason": " "})
    no_answer = client.post(f"/decisions/{turn.pk}/0/", {"reason": "…"})

    assert [set(page.context["flaws"]) for page in (no_reason, no_answer)] == [{"reason"}, {"answer"}]
    assert says() == set()


def test_the_applicant_reads_the_reason_in_their_language() -> None:
    found = live(exam("{decide: {role: head}}"))
    turn = found.scored(50)[0]
    said = {"answer": "out", "reason": "올해는 어렵습니다", "reason_en": "Not this year"}

    client_of(found.seats["head"]).post(f"/decisions/{turn.pk}/0/", said)
    drain()

    reason = Decision.objects.get().reason
    assert ("올해는 어렵습니다" in reason.ko, "Not this year" in reason.en) == (True, True)
    assert "Not this year" in text_of(client_of(holder(turn), "en").get(f"/turns/{turn.pk}/"))


def test_a_yes_among_few_places_can_be_changed(world) -> None:
    world.applied()
    turn, client = world.turn(world.ada, "apply"), client_of(world.clerk)

    client.post(f"/decisions/{turn.pk}/0/", {"answer": "pass"})
    client.post(f"/decisions/{turn.pk}/0/", {"answer": "out", "reason": "다시 보니 아닙니다"})

    assert says() == {(1, False, "다시 보니 아닙니다")}


def test_many_are_decided_only_after_a_look(world) -> None:
    world.applied()
    client = client_of(world.clerk)
    chosen = {"case": ["1", "2"], "answer": "pass"}

    look = client.post(AT, chosen)
    nothing_yet = says()
    client.post(AT, {**chosen, "apply": "yes"})

    assert (look.context["done"], nothing_yet, says()) == (2, set(), {(1, True, ""), (2, True, "")})


def test_a_look_says_why_some_would_be_refused(world) -> None:
    world.applied()
    look = client_of(world.clerk).post(AT, {"case": ["1"], "answer": "out"})
    assert (look.context["done"], len(look.context["reasons"])) == (0, 1)


def test_nothing_is_decided_without_a_choice(world) -> None:
    world.applied()
    client = client_of(world.clerk)
    assert [client.post(AT, post).status_code for post in ({"answer": "pass"}, {"case": "1"})] == [409, 409]


def test_who_does_not_decide_sees_no_decision(world) -> None:
    world.applied()
    turn = world.turn(world.ada, "apply")
    codes = [client_of(world.judge).get(path).status_code for path in (f"/decisions/{turn.pk}/0/", AT)]
    assert codes == [404, 404]


def test_a_step_behind_a_panel_waits_for_the_panel() -> None:
    panel = "{panel: {role: judge, rubric: {idea: 100}, each: 1, conflicts: []}}"
    found = live(exam(f"{panel}, {{decide: {{role: head}}}}"))
    marked, waiting = found.scored(50, 60)
    found.mark(marked, 80)

    groups = client_of(found.seats["head"]).get("/me/reviews/").context["groups"]

    assert [(group.kind, group.left) for group in groups] == [("decide", 1)]
    assert waiting.state == "handed-in"
