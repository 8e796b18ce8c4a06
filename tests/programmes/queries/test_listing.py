"""What lists say of programmes: phases by the clock of deadlines, the next window, names, order."""

from datetime import UTC, datetime, timedelta

import pytest

from dure.core import clock
from dure.programmes.models import Listing, Programme
from dure.programmes.operations.listing import keep_lists
from dure.programmes.operations.publishing import close, run, set_window
from dure.programmes.queries.listing import (
    DEADLINE,
    ENDED,
    NEWEST,
    OPEN,
    PHASES,
    SOON,
    TITLE,
    UNDER_WAY,
    in_phase,
    listed,
    named,
    ordered,
    phase_of,
    with_kinds,
)
from tests.programmes.build import APPLY, draft, exam, live

pytestmark = pytest.mark.django_db
MAY = datetime(2026, 5, 1, tzinfo=UTC)
WINDOW = "- {id: apply, kind: form, entry: open, when: {from: 2026-05-10, to: 2026-05-20}}"


def phase(programme: Programme) -> str:
    """As the row says it, which is as the database says it."""
    row = listed().get(programme=programme)
    assert [one for one in PHASES if in_phase(listed(), one).filter(pk=row.pk).exists()] == [phase_of(row)]
    return phase_of(row)


def slugs(rows) -> list[str]:
    return [row.programme.slug for row in rows]


@pytest.mark.parametrize(("day", "expected"), [(1, SOON), (8, SOON), (11, OPEN), (19, OPEN), (22, UNDER_WAY)])
def test_a_programme_is_open_within_the_window_of_its_applications(day, expected):
    with clock.at(MAY):
        made = live(WINDOW).programme

    with clock.at(MAY + timedelta(days=day)):
        assert phase(made) == expected
        assert {one: slugs(in_phase(listed(), one)) for one in PHASES} == {
            one: [made.slug] if one == expected else [] for one in PHASES
        }


def test_a_programme_that_takes_nobody_any_more_is_under_way_then_ended():
    made = live(APPLY).programme
    assert phase(made) == OPEN

    run(made)
    assert phase(made) == UNDER_WAY
    close(made)
    assert phase(made) == ENDED


def test_a_draft_stands_in_no_list():
    unseen = draft(APPLY).programme

    keep_lists()

    assert (unseen.state, list(listed())) == ("draft", [])


def test_by_invitation_only_nobody_can_apply():
    made = live("- {id: apply, kind: form, entry: invite}").programme
    assert phase(made) == UNDER_WAY


def test_a_changed_date_changes_the_list():
    with clock.at(MAY):
        made = live(WINDOW).programme
        set_window(made, "apply", {"from": "2026-04-01", "to": "2026-06-01"})
        assert phase(made) == OPEN


def test_the_next_window_is_shown_when_the_one_before_has_ended():
    with clock.at(MAY):
        made = live("- {id: apply, kind: form, entry: open, when: {every: 1m, from: 2026-05-01}}").programme
        first = made.listing.closes_at
    with clock.at(MAY + timedelta(days=40)):
        keep_lists()
        made.listing.refresh_from_db()
        assert (made.listing.closes_at > first, phase(made)) == (True, OPEN)


def test_whatever_is_public_and_in_no_list_comes_into_it():
    made = live(APPLY).programme
    Listing.objects.all().delete()

    keep_lists()

    assert slugs(listed()) == [made.slug]


def test_the_list_is_searched_by_title_first_letters_and_organisation():
    made = live(APPLY)
    typed = {"가상": True, "ㄱㅅ": True, "MADE": True, made.parties["host"].name_ko: True, "nothing": False}

    assert {words: bool(slugs(named(listed(), words))) for words in typed} == typed


def test_the_list_is_narrowed_by_what_stages_are_in_it():
    made = live([APPLY, exam(entry="")]).programme

    assert {kinds: slugs(with_kinds(listed(), kinds)) for kinds in ((), ("test",), ("test", "learn"))} == {
        (): [made.slug], ("test",): [made.slug], ("test", "learn"): [],
    }  # fmt: skip


def test_the_next_deadline_stands_first_then_what_opens_next():
    with clock.at(MAY + timedelta(days=12)):
        soon, late, free, gone = (live(stage, slug=slug).programme for slug, stage in {
            "soon": WINDOW.replace("2026-05-10", "2026-05-30").replace("2026-05-20", "2026-06-20"),
            "late": WINDOW, "free": APPLY, "gone": WINDOW.replace("2026-05-20", "2026-05-11"),
        }.items())  # fmt: skip

        assert slugs(ordered(listed(), DEADLINE, title="title_ko")) == ["late", "free", "soon", "gone"]
        assert slugs(ordered(listed(), NEWEST, title="title_ko")) == ["gone", "free", "late", "soon"]
        assert set(slugs(ordered(listed(), TITLE, title="title_ko"))) == {p.slug for p in (soon, late, free, gone)}


def test_prizes_are_counted_over_all_options():
    prizes = ", options: [red, blue], gives: [{money: {type: prize, ranks: [300, 200], per: option, from: host}}]"
    made = live(exam("{rank: {by: score, take: 2, per: option}}", prizes)).programme
    assert Programme.objects.get(pk=made.pk).listing.prizes == 1000
