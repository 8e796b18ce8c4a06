"""Questions, answers and announcements of a round: who may, who is told, what organisers do with them."""

from datetime import timedelta

import pytest

from dure.challenges.models import Follow, Thread, Visibility
from dure.challenges.operations import set_board
from dure.challenges.operations.forgetting import forget_said
from dure.challenges.operations.talk import AN_HOUR, announce, answer, ask, hide, lock, pin, show, unfollow
from dure.challenges.queries.talk import posts_of, threads_of, writer_of
from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Refused
from dure.people.models import Notice, NoticeKind
from tests.challenges.conftest import START, make_entrant, make_task, member
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]


@pytest.fixture
def talk():
    """(round, its organiser, two who take part)"""
    task = make_task()
    first, second = member(make_entrant(task)), member(make_entrant(task))
    return task.round, task.round.organisers.get(), first, second


def _asked(talk, title: str = "Time zone?") -> Thread:
    return ask(talk[0], by=talk[2], title=title, body="Which one holds?")


def _told(person) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("text_en", flat=True))


def test_a_question_is_told_to_organisers_and_its_answer_to_who_asked(talk) -> None:
    round_, organiser, asker, _ = talk
    thread = _asked(talk)

    answer(thread, by=organiser, body="Seoul.", official=True)

    thread.refresh_from_db()
    assert (thread.answered, thread.posts_shown) == (True, 1)
    assert (_told(organiser), _told(asker)) == (
        [f"{round_.title_en}: Time zone?"],
        ["There is a new answer to “Time zone?”."],
    )


def test_answers_are_notices_of_their_own_kind_and_announcements_are_announcements(talk) -> None:
    round_, organiser, asker, _ = talk
    answer(_asked(talk), by=organiser, body="Seoul.", official=True)
    announce(round_, by=organiser, title="More time", body="Two days.")

    kinds = Notice.objects.filter(person=asker).order_by("pk").values_list("kind", flat=True)

    assert list(kinds) == [NoticeKind.TALK, NoticeKind.ANNOUNCEMENT]


def test_who_follows_no_more_is_told_nothing(talk) -> None:
    thread = _asked(talk)
    unfollow(thread, person=talk[2])

    answer(thread, by=talk[1], body="Seoul.", official=True)

    assert _told(talk[2]) == []


def test_an_announcement_reaches_everybody_who_takes_part_and_stands_first(talk) -> None:
    round_, organiser, first, second = talk
    question = _asked(talk)

    made = announce(round_, by=organiser, title="More time", body="Two days.")

    assert list(threads_of(round_, reader=first, runs=False)) == [made, question]
    assert [len(_told(person)) for person in (first, second)] == [1, 1]


def test_strangers_neither_ask_nor_answer(talk) -> None:
    stranger = make_person()
    thread = _asked(talk)

    with pytest.raises(Forbidden):
        ask(talk[0], by=stranger, title="a", body="b")
    with pytest.raises(Forbidden):
        answer(thread, by=stranger, body="b", official=False)


@pytest.mark.parametrize(
    ("title", "body", "field"), [(" ", "b", "title"), ("a", " ", "body"), ("a" * 161, "b", "title")]
)
def test_what_says_nothing_or_too_much_is_told_at_its_field(talk, title, body, field) -> None:
    with pytest.raises(Flawed) as told:
        ask(talk[0], by=talk[2], title=title, body=body)

    assert [flaw["field"] for flaw in told.value.facts["errors"]] == [field]


def test_an_hour_takes_so_many_and_the_next_hour_takes_more(talk) -> None:
    for n in range(AN_HOUR):
        ask(talk[0], by=talk[2], title=f"{n}", body="b")
    with pytest.raises(Refused) as told:
        ask(talk[0], by=talk[2], title="more", body="b")

    with clock.at(START + timedelta(hours=1)):
        ask(talk[0], by=talk[2], title="later", body="b")

    assert (told.value.code, Thread.objects.count()) == ("thread.fast", AN_HOUR + 1)


def test_a_locked_thread_takes_answers_of_organisers_only(talk) -> None:
    thread = _asked(talk)
    lock(thread, locked=True)

    with pytest.raises(Refused, match="locked"):
        answer(thread, by=talk[3], body="b", official=False)
    answer(thread, by=talk[1], body="b", official=True)
    lock(thread, locked=False)
    answer(thread, by=talk[3], body="b", official=False)

    assert thread.posts.count() == 2


def test_what_is_hidden_is_read_by_its_writer_and_organisers_only(talk) -> None:
    round_, organiser, asker, other = talk
    thread = _asked(talk)
    post = answer(thread, by=asker, body="password: 1234", official=False)

    hide(post, because="a secret")

    read = {who: [said.post for said in posts_of(thread, reader=who, runs=who == organiser)] for who in talk[1:]}
    assert read == {organiser: [post], asker: [post], other: []}
    assert _told(asker)[-1] == "The organisers have hidden what you wrote in “Time zone?”: a secret"
    hide(thread, because="off topic")
    assert [list(threads_of(round_, reader=who, runs=False)) for who in (asker, other)] == [[thread], []]


def test_what_is_hidden_twice_or_shown_again_counts_once(talk) -> None:
    thread = _asked(talk)
    post = answer(thread, by=talk[2], body="b", official=False)
    counts = []
    for act in (
        lambda: hide(post, because="x"),
        lambda: hide(post, because="y"),
        lambda: show(post),
        lambda: show(post),
    ):
        act()
        thread.refresh_from_db()
        counts.append(thread.posts_shown)

    assert counts == [0, 0, 1, 1]


def test_hiding_needs_a_reason(talk) -> None:
    with pytest.raises(Flawed):
        hide(_asked(talk), because=" ")


def test_entrants_of_a_blind_round_do_not_learn_who_writes(talk) -> None:
    round_, organiser, asker, other = talk
    set_board(round_, Visibility.HIDDEN)
    thread = _asked(talk)
    answer(thread, by=organiser, body="Seoul.", official=True)
    answer(thread, by=other, body="Thanks.", official=False)

    seen = {
        who: (writer_of(thread, reader=who, runs=who == organiser),
              [said.writer for said in posts_of(thread, reader=who, runs=who == organiser)])
        for who in (organiser, asker, other)
    }  # fmt: skip

    assert seen == {
        organiser: (asker, [organiser, other]),
        asker: (asker, [organiser, None]),
        other: (None, [organiser, other]),
    }


def test_threads_are_found_by_title_and_text(talk) -> None:
    first, second = _asked(talk, "Time zone?"), _asked(talk, "Data")
    pin(second, pinned=True)

    def found(typed: str) -> list[Thread]:
        return list(threads_of(talk[0], reader=talk[3], runs=False, typed=typed))

    assert (found("time"), found("holds"), found("zzz")) == ([first], [second, first], [])


def test_following_twice_is_following(talk) -> None:
    thread = _asked(talk)
    answer(thread, by=talk[2], body="b", official=False)

    assert Follow.objects.filter(thread=thread, person=talk[2]).count() == 1


def test_what_somebody_forgotten_said_is_gone_and_the_answers_stay(talk) -> None:
    thread = _asked(talk)
    answer(thread, by=talk[1], body="Seoul.", official=True)
    answer(thread, by=talk[2], body="I live at …", official=False)

    forget_said(talk[2])

    thread.refresh_from_db()
    assert (thread.title, thread.body) == ("–", "–")
    assert list(thread.posts.order_by("pk").values_list("body", flat=True)) == ["Seoul.", "–"]
