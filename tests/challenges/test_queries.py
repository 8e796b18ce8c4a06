"""Boards: order, pages, places, and who sees what when."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dure.challenges.labels import Part
from dure.challenges.models import Entrant, Round, Submission, Task, Visibility
from dure.challenges.operations import close_round, set_board, submit
from dure.challenges.queries import attempt, attempts_of, board, board_version, found, own_row, scores, unjudged
from dure.challenges.queries.listing import ahead, ended, standing
from dure.core import clock
from dure.core.errors import Flawed, Missing
from tests.challenges.conftest import CLOSE, START, crowd, make_entrant, make_task, member, offer, predictions, scored
from tests.factories import make_operator, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]


def paged(task: Task, viewer, *, limit: int) -> list:
    rows, after = [], None
    while True:
        page = board(task, viewer=viewer, after=after, limit=limit)
        rows += page.rows
        if page.next is None:
            return rows
        after = page.next


def test_the_best_stand_first_and_of_equals_the_earlier():
    task = make_task()
    crowd(task, [(0.5, 0.0), (0.75, 0.0), (0.5, 0.0), (-1.0, 0.0)])

    page = board(task, viewer=None)

    assert [(row.place, row.title, row.score) for row in page.rows] == [
        (1, "E1", 0.75),
        (2, "E0", 0.5),
        (3, "E2", 0.5),
        (4, "E3", -1.0),
    ]
    assert (page.part, page.next) == (Part.PUBLIC, None)


@pytest.mark.parametrize("limit", [1, 7, 60])
def test_pages_together_are_the_whole_board_in_order(limit):
    task = make_task()
    scores = [(n * 7 % 4 / 4, 0.0) for n in range(60)]
    entrants = crowd(task, scores)
    expected = sorted(range(60), key=lambda n: (-scores[n][0], n))

    rows = paged(task, None, limit=limit)

    assert [row.entrant for row in rows] == [entrants[n].pk for n in expected]
    assert [row.place for row in rows] == list(range(1, 61))


def test_ones_own_row_has_the_place_that_the_board_gives_it():
    task = make_task()
    entrants = crowd(task, [(n % 3 / 4, 0.0) for n in range(20)])

    places = {row.entrant: row for row in board(task, viewer=None).rows}

    assert {entrant.pk: own_row(entrant, viewer=None) for entrant in entrants} == places
    assert own_row(make_entrant(task), viewer=None) is None


def test_a_page_costs_the_same_few_queries_whatever_its_length():
    task = make_task()
    crowd(task, [(0.5, 0.0)] * 50)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        board(Task.objects.select_related("round").get(pk=task.pk), viewer=None, limit=50)

    assert len(queries) == 2


def test_a_board_is_read_from_its_index():
    task = make_task()
    crowd(task, [(0.5, 0.0)] * 50)
    page = board(task, viewer=None, limit=10)

    with CaptureQueriesContext(connection) as queries:
        board(task, viewer=None, limit=10, after=page.next)

    sql = queries.captured_queries[-1]["sql"]
    assert '"public_rank", "challenges_best"."public_at", "challenges_best"."entrant_id") >' in sql
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            plan = " ".join(row[3] for row in cursor.fetchall())
        assert "board_public (task_id=? AND (public_rank,public_at,entrant_id)>(?,?,?))" in plan
        assert "TEMP B-TREE" not in plan


def test_after_the_close_the_final_part_decides():
    task = make_task()
    crowd(task, [(1.0, 0.1), (0.5, 0.9)])

    assert [row.title for row in board(task, viewer=None).rows] == ["E0", "E1"]
    with clock.at(CLOSE):
        page = board(task, viewer=None)
        assert [(row.title, row.score) for row in page.rows] == [("E1", 0.9), ("E0", 0.1)]
        assert page.part is Part.FINAL
        assert [row.title for row in board(task, viewer=None, part=Part.PUBLIC).rows] == ["E0", "E1"]


def test_final_scores_leave_on_no_way_before_the_close():
    """The final score is there from the first attempt on; nobody but organisers gets at it."""
    task = make_task()
    entrant = make_entrant(task)
    submission = scored(entrant, public=4, final=1)
    assert submission.final_score == 0.166667
    viewers = [None, AnonymousUser(), make_person(), member(entrant)]

    for viewer in viewers:
        assert {row.score for row in board(task, viewer=viewer).rows} == {1.0}
        for hidden in (board, own_row):
            with pytest.raises(Missing):
                hidden(task if hidden is board else entrant, viewer=viewer, part=Part.FINAL)
    assert attempt(submission, viewer=member(entrant)).final_score is None
    for organiser in (task.round.organisers.get(), make_operator()):
        assert attempt(submission, viewer=organiser).final_score == 0.166667
        assert board(task, viewer=organiser, part=Part.FINAL).rows[0].score == 0.166667
    with clock.at(CLOSE):
        assert attempt(submission, viewer=member(entrant)).final_score == 0.166667


def test_a_closed_round_shows_its_final_scores_and_a_reopened_one_hides_them():
    task = make_task()
    entrant = make_entrant(task)
    scored(entrant, public=4, final=0)

    close_round(task.round)
    assert board(task, viewer=None).part is Part.FINAL
    Round.objects.update(closes_at=CLOSE)

    assert board(Task.objects.get(), viewer=None).part is Part.PUBLIC


@pytest.mark.parametrize(
    ("visibility", "seen_by"),
    [
        ("public", {"nobody", "anonymous", "stranger", "entrant", "organiser", "operator"}),
        ("entrants", {"entrant", "organiser", "operator"}),
        ("hidden", {"organiser", "operator"}),
    ],
)
@pytest.mark.parametrize("way", ["board", "own_row", "board_version"])
@pytest.mark.parametrize("at", [START, CLOSE])
def test_a_board_is_hidden_on_every_way_out(visibility, seen_by, way, at):
    task = make_task()
    entrant = make_entrant(task)
    scored(entrant)
    set_board(task.round, visibility)
    viewers = {
        "nobody": None,
        "anonymous": AnonymousUser(),
        "stranger": make_person(),
        "entrant": member(entrant),
        "organiser": task.round.organisers.get(),
        "operator": make_operator(),
    }
    ways = {
        "board": lambda viewer: board(task, viewer=viewer),
        "own_row": lambda viewer: own_row(Entrant.objects.get(), viewer=viewer),
        "board_version": lambda viewer: board_version(task, viewer=viewer),
    }

    with clock.at(at):
        assert {name for name, viewer in viewers.items() if gets(ways[way], viewer)} == seen_by


def gets(way, viewer) -> bool:
    try:
        way(viewer)
    except Missing:
        return False
    return True


def test_somebody_whose_account_was_shut_organises_no_more():
    task = make_task(board="hidden")
    organiser = task.round.organisers.get()
    organiser.is_active = False

    with pytest.raises(Missing):
        board(task, viewer=organiser)


def test_an_attempt_is_seen_by_its_entrant_and_organisers_only():
    task = make_task()
    one, other = make_entrant(task), make_entrant(task)
    submission = scored(one)
    Submission.objects.filter(pk=submission.pk).update(log="mine", organiser_log="label 3 is yes")
    submission.refresh_from_db()

    for stranger in (None, make_person(), member(other)):
        with pytest.raises(Missing):
            attempt(submission, viewer=stranger)
    mine = attempt(submission, viewer=member(one))
    assert (mine.public_score, mine.log, mine.organiser_log, mine.counts) == (1.0, "mine", "", True)
    assert attempt(submission, viewer=make_operator()).organiser_log == "label 3 is yes"


def test_the_version_changes_with_the_board_and_with_the_close():
    task = make_task()
    entrant = make_entrant(task)
    versions = [version(task)]
    scored(entrant, public=2)
    versions.append(version(task))
    scored(entrant, public=1)
    versions.append(version(task))
    with clock.at(CLOSE):
        versions.append(version(task))

    assert [versions.index(one) for one in versions] == [0, 1, 1, 3]


def version(task: Task) -> str:
    return board_version(Task.objects.get(pk=task.pk), viewer=None)


@pytest.mark.parametrize("cursor", ["x", "....", "MSAyIDMgNA", "한글", "A" * 500])
def test_a_cursor_that_is_none_is_refused(cursor):
    with pytest.raises(Flawed, match="Start at the first page"):
        board(make_task(), viewer=None, after=cursor)


def test_attempts_are_listed_newest_first_and_the_unjudged_oldest_first():
    task = make_task()
    entrant = make_entrant(task)
    for _ in range(3):
        submit(entrant, by=member(entrant), upload=predictions())
    offer(make_entrant(make_task()))

    assert [one.number for one in attempts_of(entrant)] == [3, 2, 1]
    assert [one.number for one in unjudged(task.round)] == [1, 2, 3]


@pytest.mark.parametrize("part", [Part.PUBLIC, Part.FINAL])
def test_who_is_looked_for_stands_at_the_place_of_the_whole_board(part):
    task = make_task()
    entrants = crowd(task, [(n * 7 % 4 / 4, n * 5 % 3 / 3) for n in range(30)])
    if part is Part.FINAL:
        clock.set_clock(CLOSE)
    places = {row.entrant: row.place for row in paged(task, None, limit=50)}

    rows = found(task, "e1", viewer=None).rows

    named = [one.pk for one in entrants if "1" in one.title and one.title.startswith("E1")]
    assert {row.entrant: row.place for row in rows} == {pk: places[pk] for pk in named}


def test_a_board_that_one_may_not_see_is_not_searched_and_gives_no_scores():
    task = make_task()
    crowd(task, [(0.5, 0.0)])
    set_board(task.round, Visibility.HIDDEN)

    for read in (lambda: found(task, "E", viewer=None), lambda: scores(task, viewer=None)):
        with pytest.raises(Missing):
            read()


def test_scores_are_of_the_part_that_is_shown():
    task = make_task()
    crowd(task, [(0.5, 0.25), (0.75, 1.0)])
    assert sorted(scores(task, viewer=None)) == [0.5, 0.75]

    clock.set_clock(CLOSE)

    assert sorted(scores(task, viewer=None)) == [0.25, 1.0]


def test_rounds_are_listed_until_and_after_their_end_with_who_entered_and_the_best_score():
    task = make_task()
    crowd(task, [(0.5, 0.25), (0.75, 1.0)])

    assert (list(ahead()), list(ended())) == ([task.round], [])
    assert [(row.entered, row.best) for row in standing(Task.objects.all())] == [(2, 0.75)]
    clock.set_clock(CLOSE)
    assert (list(ahead()), list(ended())) == ([], [task.round])


def test_a_list_tells_no_score_of_a_board_that_the_public_does_not_see():
    task = make_task()
    crowd(task, [(0.5, 0.25)])
    set_board(task.round, Visibility.ENTRANTS)

    assert [(row.entered, row.best) for row in standing(Task.objects.all())] == [(1, None)]
