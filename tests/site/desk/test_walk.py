"""The organiser's desk: what stands where, recording, settling in three steps, seats, gives, spreadsheets."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.jobs.worker import drain
from dure.joints.models import Review, Say
from dure.joints.sheets.tables import MOST_BYTES
from dure.programmes.models import Seat, Settlement
from dure.programmes.operations.publishing import make_programme
from tests.site.conftest import client_of, text_of
from tests.site.world import SOURCE

pytestmark = [pytest.mark.django_db]
DESK = "/desk/field-ai-2026/"


def test_the_funnel_counts_who_stands_where(world) -> None:
    world.ranked()

    flows = client_of(world.clerk).get(DESK).context["flows"]

    assert {flow.step.stage.id: dict(flow.health.states) for flow in flows} == {
        "apply": {"passed": 2}, "task": {"passed": 2}, "talk": {"open": 2}, "licence": {},
    }  # fmt: skip


def test_a_draft_says_what_is_missing_before_it_can_be_announced(world) -> None:
    make_programme(SOURCE, slug="draft-2027", by=world.operator)

    client = client_of(world.operator)
    page = client.get("/desk/draft-2027/publish/")
    refused = client.post("/desk/draft-2027/publish/")

    assert ("먼저 다음을 해결하세요." in text_of(page), '<button class="button bad"' in page.content.decode()) == (
        True,
        False,
    )
    assert refused.status_code == 422


def test_a_programme_is_announced_opened_run_and_ended(world) -> None:
    programme = make_programme(SOURCE, slug="next-2027", by=world.operator, parties={"host": [world.host]})
    client = client_of(world.operator)
    states = []

    for step in ("publish", "open", "run", "close"):
        assert client.get(f"/desk/next-2027/{step}/").status_code == 200
        client.post(f"/desk/next-2027/{step}/")
        programme.refresh_from_db()
        states.append(programme.state)

    assert states == ["published", "open", "running", "closed"]


def test_recording_shows_each_flaw_at_its_field(world) -> None:
    world.competing()
    turn, client = world.turn(world.ada, "task"), client_of(world.clerk)

    flawed = client.post(f"/desk/turns/{turn.pk}/", {"score": "high", "attempts": "1.5"})
    client.post(f"/desk/turns/{turn.pk}/", {"score": "0.9", "attempts": "3", "code": "no"})

    form = flawed.context["form"]
    assert {name: len(errors) for name, errors in form.errors.items()} == {"score": 1, "attempts": 1}
    turn.refresh_from_db()
    assert (turn.state, turn.evidence.values["score"]) == ("handed-in", 0.9)


def test_what_is_kept_is_not_handed_in(world) -> None:
    world.competing()
    turn = world.turn(world.ada, "task")

    client_of(world.clerk).post(f"/desk/turns/{turn.pk}/", {"score": "0.5", "keep": "yes"})

    turn.refresh_from_db()
    assert (turn.state, turn.evidence.values["score"]) == ("open", 0.5)


def test_settling_is_previewed_confirmed_undone_and_released(world) -> None:
    world.applied()
    client, address = client_of(world.clerk), f"{DESK}stages/apply/settle/"

    awaited = text_of(client.get(address))
    refused = client.post(address).status_code
    world.decided()
    previewed = client.get(address).context["preview"].passed
    client.post(address)
    first = Settlement.objects.get()
    client.post(f"/settlements/{first.pk}/undo/")
    client.post(address)
    second = Settlement.objects.get(state="confirmed")
    client.post(f"/settlements/{second.pk}/release/")

    assert ("심사·결정 대기" in awaited, refused, previewed) == (True, 409, 2)
    assert sorted(Settlement.objects.values_list("state", flat=True)) == ["released", "undone"]
    assert world.turn(world.ada, "apply").state == "passed"


def test_a_settlement_is_the_desks_alone(world) -> None:
    world.applied()
    world.decided()
    client_of(world.clerk).post(f"{DESK}stages/apply/settle/")
    settlement = Settlement.objects.get()

    codes = {
        who.name: client_of(who).post(f"/settlements/{settlement.pk}/release/").status_code
        for who in (world.ada, world.judge, world.stranger)
    }

    settlement.refresh_from_db()
    assert (codes, settlement.state) == ({"박하늘": 403, "이심사": 403, "정나그네": 403}, "confirmed")


def test_closing_a_stage_says_what_it_ends(world) -> None:
    world.ranked()
    client, address = client_of(world.clerk), f"{DESK}stages/talk/close/"

    asked = text_of(client.get(address))
    client.post(address)

    assert "제출하지 않은 2건은 종료됩니다." in asked
    assert world.turn(world.ada, "talk").state == "out"


def test_a_seat_is_given_and_ended(world) -> None:
    client = client_of(world.clerk)

    client.post(f"{DESK}people/seat/", {"role": "judge", "email": " Stranger@example.org "})
    seat = Seat.objects.get(person=world.stranger)
    client.post(f"/seats/{seat.pk}/end/")

    seat.refresh_from_db()
    assert (seat.role, seat.organisation, seat.ended_at is not None) == ("judge", world.host, True)


def test_a_decider_decides_on_the_turns_page(world) -> None:
    world.applied()
    turn = world.turn(world.ada, "apply")

    client_of(world.clerk).post(f"/desk/turns/{turn.pk}/decide/", {"step": "0", "answer": "no", "reason": "경력 부족"})

    assert [(say.yes, say.reason) for say in Say.objects.all()] == [(False, "경력 부족")]


def test_a_proof_is_entered_and_verified(world) -> None:
    turn = world.proving()
    client = client_of(world.clerk)

    client.post(f"/desk/turns/{turn.pk}/prove/", {"step": "0", "reference": "제1호"})
    client.post(f"/desk/turns/{turn.pk}/verify/", {"step": "0", "answer": "yes", "note": ""})
    drain()

    turn.refresh_from_db()
    assert turn.state == "passed"


def test_reviewers_are_assigned_evenly(world) -> None:
    world.ranked()
    client = client_of(world.clerk)
    client.post(f"/desk/turns/{world.turn(world.ada, 'talk').pk}/", {"score": "70"})

    client.post(f"{DESK}stages/talk/panel/0/")

    assert [review.reviewer for review in Review.objects.all()] == [world.judge]


def test_gives_are_confirmed_and_revoked(world) -> None:
    world.ranked()
    client = client_of(world.clerk)
    badge, other = world.programme.gives.filter(kind="credential").order_by("pk")

    client.post(f"/gives/{badge.pk}/confirm/")
    client.post(f"/gives/{other.pk}/revoke/", {"reason": "중복"})

    states = world.programme.gives.filter(kind="credential").order_by("pk").values_list("state", flat=True)
    assert list(states) == ["done", "revoked"]


def test_what_is_provided_is_confirmed(world) -> None:
    world.competing()
    row = world.programme.provided.first()

    client_of(world.clerk).post(f"/provided/{row.pk}/confirm/")

    row.refresh_from_db()
    assert row.state == "open"


def test_a_sheet_is_taken_out_checked_and_entered(world) -> None:
    world.competing()
    client, address = client_of(world.clerk), f"{DESK}stages/task/sheets/"
    lines = client.get(f"{address}evidence.csv").getvalue().decode("utf-8-sig").splitlines()
    at = next(number for number, heading in enumerate(lines[0].split(",")) if "(score)" in heading)
    rows = [line.split(",") for line in lines[1:]]
    filled = "\n".join([lines[0], *(",".join([*row[:at], "0.7", *row[at + 1 :]]) for row in rows)])

    def send(**also):
        return client.post(address, {"what": "evidence", "file": SimpleUploadedFile("e.csv", filled.encode()), **also})

    checked = send()
    before = world.turn(world.ada, "task").evidence
    send(enter="yes")

    assert (checked.context["found"].changed, before) == (2, None)
    assert world.turn(world.ada, "task").evidence.values["score"] == 0.7


def test_a_sheet_above_the_bound_is_refused_with_a_sentence(world) -> None:
    sent = {"what": "evidence", "file": SimpleUploadedFile("e.csv", bytes(MOST_BYTES + 1))}

    response = client_of(world.clerk).post(f"{DESK}stages/task/sheets/", sent)

    assert response.status_code == 413
    assert "파일이 10 MiB를 넘습니다." in text_of(response)
