"""The table of participants: filter, order and columns of the address; the same as a file; acts on many at once."""

import io

import pytest
from python_calamine import CalamineWorkbook

from dure.joints.models import Say
from dure.people.operations import join_organisation
from dure.programmes.models import Offer
from tests.site.conftest import client_of, text_of

pytestmark = [pytest.mark.django_db]
TABLE = "/desk/field-ai-2026/participants/"
ACT = f"{TABLE}act/"


def _names(client, query: str = "") -> list[str]:
    return [row.who for row in client.get(f"{TABLE}{query}").context["rows"]]


def test_participants_are_filtered_and_sorted_by_the_address(world) -> None:
    world.competing()
    join_organisation(world.host, person=world.bo)
    client = client_of(world.clerk)

    found = {
        query: _names(client, query)
        for query in (
            "", "?sort=-number", "?sort=name", "?stage=task&state=open", "?stage=task&state=passed",
            "?stage=task&option=speech", "?organisation=hanbit", "?text=박", "?text=2", "?state=ended",
            "?stage=nowhere",
        )
    }  # fmt: skip

    assert found == {
        "": ["박하늘", "최바다"],
        "?sort=-number": ["최바다", "박하늘"],
        "?sort=name": ["박하늘", "최바다"],
        "?stage=task&state=open": ["박하늘", "최바다"],
        "?stage=task&state=passed": [],
        "?stage=task&option=speech": ["최바다"],
        "?organisation=hanbit": ["최바다"],
        "?text=박": ["박하늘"],
        "?text=2": ["최바다"],
        "?state=ended": [],
        "?stage=nowhere": ["박하늘", "최바다"],
    }


def test_the_file_has_exactly_what_the_table_shows(world) -> None:
    world.competing()
    client = client_of(world.clerk, "en")
    query = "?stage=apply&col=email&col=fact.motive&col=stage.task"
    page = client.get(f"{TABLE}{query}").context

    csv = client.get(f"{TABLE[:-1]}.csv{query}").getvalue().decode("utf-8-sig").splitlines()
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{TABLE[:-1]}.xlsx{query}").content))

    shown = [[row.case.number, row.who, *(cell.text for cell in row.cells)] for row in page["rows"]]
    assert [column.title for column in page["columns"]] == ["Email", "Why you apply", "Online round"]
    assert csv[1:] == [",".join(map(str, row)) for row in shown]
    assert book.get_sheet_by_index(0).to_python()[1:] == shown


def test_a_name_that_a_spreadsheet_would_run_is_harmless_in_the_file(world) -> None:
    world.ada.name = "=HYPERLINK(1)"
    world.ada.save(update_fields=["name"])
    world.applied()

    csv = client_of(world.clerk).get(f"{TABLE[:-1]}.csv").getvalue().decode("utf-8-sig")

    assert "'=HYPERLINK(1)" in csv


def test_participants_are_the_desks_alone(world) -> None:
    codes = {who.name: client_of(who).get(TABLE).status_code for who in (world.clerk, world.judge, world.ada)}
    assert codes == {"김담당": 200, "이심사": 403, "박하늘": 403}


def test_many_are_decided_at_once_and_each_refusal_is_told(world) -> None:
    world.applied()
    client = client_of(world.clerk)
    asked = {"act": "no", "stage": "apply", "case": ["1", "2"], "reason": "경력 부족"}

    looked = client.post(ACT, {**asked, "check": "yes"}).context
    before = Say.objects.count()
    done = client.post(ACT, {**asked, "apply": "yes"}).context
    world.turn(world.bo, "apply")
    turn = world.turn(world.ada, "apply")
    turn.state = "withdrawn"
    turn.save(update_fields=["state"])
    again = client.post(ACT, {**asked, "act": "yes", "apply": "yes"}).context

    assert (looked["done"], looked["refused"], before) == (2, 0, 0)
    assert (done["done"], done["refused"]) == (2, 0)
    assert [(row.number, row.refused and row.refused.en) for row in again["rows"]] == [
        (1, "There is nothing to decide on."), (2, None),
    ]  # fmt: skip
    assert [(say.yes, say.reason) for say in Say.objects.order_by("turn__case__number")] == [
        (False, "경력 부족"), (True, "경력 부족"),
    ]  # fmt: skip


def test_a_no_to_many_needs_its_reason(world) -> None:
    world.applied()

    page = client_of(world.clerk).post(ACT, {"act": "no", "stage": "apply", "all": "yes", "apply": "yes"})

    assert ("사유를 적어 주세요." in text_of(page), Say.objects.count()) == (True, 0)


def test_all_that_the_filter_finds_are_meant_without_ticking_them(world) -> None:
    world.applied()

    client_of(world.clerk).post(ACT, {"act": "yes", "stage": "apply", "text": "박", "all": "yes", "apply": "yes"})

    assert [say.turn.case.number for say in Say.objects.all()] == [1]


def test_reviewers_are_assigned_to_those_chosen_only(world) -> None:
    world.ranked()
    client = client_of(world.clerk)
    for person in (world.ada, world.bo):
        client.post(f"/desk/turns/{world.turn(person, 'talk').pk}/", {"score": "70"})

    client.post(ACT, {"act": "reviewers", "stage": "talk", "case": ["2"], "apply": "yes"})

    turn = world.turn(world.bo, "talk")
    assert [review.turn_id for review in world.judge.reviews.all()] == [turn.pk]


def test_due_gives_of_many_are_confirmed_at_once(world) -> None:
    world.ranked()

    done = client_of(world.clerk).post(ACT, {"act": "gives", "stage": "task", "all": "yes", "apply": "yes"}).context

    states = set(world.programme.gives.filter(stage="task").values_list("state", flat=True))
    assert (done["refused"], states, Offer.objects.count()) == (0, {"done"}, 0)


def test_what_does_not_fit_the_stage_is_not_there(world) -> None:
    world.applied()
    assert client_of(world.clerk).get(f"{ACT}?act=reviewers&stage=apply&all=yes").status_code == 404


def test_the_table_takes_a_few_looks_however_many_take_part(world, django_assert_max_num_queries) -> None:
    world.competing()
    client = client_of(world.clerk)
    client.get(TABLE)

    with django_assert_max_num_queries(20):
        client.get(f"{TABLE}?stage=task&col=organisation&col=option")
