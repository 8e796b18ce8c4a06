"""The log of a programme: who did what, filtered, and as a file."""

import pytest

from dure.audit.operations import seal
from dure.joints.log import log_of
from dure.programmes.operations.publishing import make_programme
from dure.site.desk import log
from tests.site.conftest import client_of
from tests.site.world import SOURCE

pytestmark = [pytest.mark.django_db]
LOG = "/desk/field-ai-2026/log/"


def test_the_log_tells_what_was_done_here_and_nothing_of_other_programmes(world) -> None:
    make_programme(SOURCE, slug="other-2027", by=world.operator)
    world.applied()

    events = client_of(world.clerk, "en").get(LOG).context["events"]

    assert [event.what for event in events if "applications" not in event.row.object_kind] == [
        "Evidence arrived", "Entered", "Opened", "Evidence arrived", "Entered", "Opened", "Gave a seat", "Gave a seat",
        "Began to take entries", "Announced the programme", "Made the programme",
    ]  # fmt: skip


def test_it_is_filtered_by_who_and_what(world) -> None:
    client = client_of(world.clerk)
    client.post("/desk/field-ai-2026/people/seat/", {"role": "judge", "email": world.stranger.email})

    found = {
        query: [event.row.action for event in client.get(f"{LOG}?{query}").context["events"]]
        for query in ("who=김담당", "who=nobody", "action=programme.opened", "since=2999-01-01")
    }

    assert found == {
        "who=김담당": ["seat.taken"], "who=nobody": [], "action=programme.opened": ["programme.opened"],
        "since=2999-01-01": [],
    }  # fmt: skip


@pytest.mark.parametrize("query", ["", "action=turn.entered"])
def test_each_act_stands_on_one_page(world, monkeypatch, query) -> None:
    world.applied()
    client = client_of(world.clerk)
    whole = [event.row.pk for event in client.get(f"{LOG}?{query}").context["events"]]
    monkeypatch.setattr(log, "PAGE", 1)

    pages, after = [], ""
    while after is not None:
        seen = client.get(f"{LOG}?{query}&after={after}").context
        pages += [event.row.pk for event in seen["events"]]
        after = seen["next"]

    assert len(whole) > 1
    assert pages == whole
    assert (
        client.get(f"{LOG}?after=nonsense").context["events"][0].row.pk == client.get(LOG).context["events"][0].row.pk
    )


def test_the_seals_state_is_told(world) -> None:
    client = client_of(world.clerk)
    before = client.get(LOG).context

    seal()
    after = client.get(LOG).context

    assert (before["seal"], before["unsealed"] > 0) == (None, True)
    assert (after["seal"].number, after["unsealed"], all(event.sealed for event in after["events"])) == (1, 0, True)


def test_the_file_has_a_line_for_each_act(world) -> None:
    file = client_of(world.clerk, "en").get("/desk/field-ai-2026/log.csv?action=seat.taken").content

    lines = file.decode("utf-8-sig").splitlines()
    assert [line.split(",")[2] for line in lines] == ["What was done", "Gave a seat", "Gave a seat"]


def test_it_has_what_was_done_to_turns_and_reviews_of_this_programme_alone(
    world, django_assert_max_num_queries
) -> None:
    world.proving()
    other = make_programme(SOURCE, slug="other-2027", by=world.operator)
    client = client_of(world.clerk)

    with django_assert_max_num_queries(20):
        kinds = {event.row.object_kind for event in client.get(LOG).context["events"]}

    assert kinds == {
        "joints.review", "joints.say", "programmes.given", "programmes.programme", "programmes.seat",
        "programmes.settlement", "programmes.turn",
    }  # fmt: skip
    assert [row.action for row in log_of(other)] == ["programme.made"]
