"""Announcing: once, to whoever is in the group then, in their language, by mail only where they want it."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.jobs.leases import Lost, claim, fenced
from dure.jobs.models import Job, Message, MessageState
from dure.jobs.worker import drain, step
from dure.people.models import Notice, NoticeKind, Person
from dure.people.operations.notices import choose_mail
from dure.programmes.models import Announcement, AnnouncementState, Case, Letter, Member
from dure.programmes.operations import announcing
from dure.programmes.operations.announcing import (
    SENDING,
    discard_announcement,
    rewrite_announcement,
    send_announcement,
    stop_announcement,
    write_announcement,
)
from dure.programmes.queries.announced import delivered, was_told
from dure.programmes.queries.cohort import Group
from dure.programmes.tasks import announce
from tests.factories import make_person
from tests.programmes.build import APPLY, live

pytestmark = [pytest.mark.django_db]
TEXTS = {"subject_ko": "안내", "body_ko": "{name} 님", "subject_en": "News", "body_en": "Dear {name}"}


@pytest.fixture
def programme():
    return live(APPLY).programme


def _enter(programme, number: int, **known):
    person = make_person(**known)
    case = Case.objects.create(programme=programme, number=number, entered_by=person, sole=person)
    Member.objects.create(case=case, person=person)
    return person


def _write_letters() -> None:
    drain({SENDING})


def _reaped_and_done() -> None:
    """The dead worker's job goes back to the queue, at once for this test, and another does all of it."""
    assert not step({SENDING})
    Job.objects.filter(task=SENDING).update(run_at=clock.now())
    _write_letters()


def _written(programme, group: Group | None = None) -> Announcement:
    return write_announcement(programme, by=programme.made_by, group=group or Group(), texts=TEXTS)


def test_everybody_gets_one_letter_in_their_language_and_a_notice(programme) -> None:
    people = [_enter(programme, 1, name="하나", language="ko"), _enter(programme, 2, name="Two", language="en")]
    made, before = _written(programme), Message.objects.count()

    sent = send_announcement(made, by=programme.made_by)
    _write_letters()

    mails = list(Message.objects.order_by("pk")[before:])
    assert sent == 2
    assert [(mail.to, mail.subject) for mail in mails] == [
        ([people[0].email], "[두레] 안내"), ([people[1].email], "[Dure] News"),
    ]  # fmt: skip
    assert [mail.text.splitlines()[0] for mail in mails] == ["하나 님", "Dear Two"]
    assert Job.objects.filter(task="jobs.deliver", arguments__message__in=[str(mail.pk) for mail in mails]).count() == 2
    assert {notice.person for notice in Notice.objects.filter(kind=NoticeKind.ANNOUNCEMENT)} == set(people)


def test_who_wants_no_such_mail_is_told_on_their_pages_alone(programme) -> None:
    person = _enter(programme, 1)
    choose_mail(person, kinds=[])
    made, before = _written(programme), Message.objects.count()

    send_announcement(made, by=programme.made_by)
    _write_letters()

    assert (Message.objects.count(), Letter.objects.get().message) == (before, None)
    assert Notice.objects.filter(person=person, kind=NoticeKind.ANNOUNCEMENT).count() == 1


def test_it_is_sent_once(programme) -> None:
    _enter(programme, 1)
    made = _written(programme)
    second = Announcement.objects.get(pk=made.pk)
    send_announcement(made, by=programme.made_by)

    with pytest.raises(Refused, match="changed this meanwhile"):
        send_announcement(second, by=programme.made_by)

    assert Letter.objects.count() == 1


def test_a_group_is_read_when_it_is_sent(programme) -> None:
    made = _written(programme, Group(cases=(2, 3)))
    people = [_enter(programme, number) for number in (1, 2, 3)]

    send_announcement(made, by=programme.made_by)

    assert {letter.person for letter in made.letters.all()} == set(people[1:])


def test_nobody_in_the_group_is_no_announcement(programme) -> None:
    with pytest.raises(Refused, match="Nobody is in this group"):
        send_announcement(_written(programme), by=programme.made_by)


def test_every_empty_text_is_named(programme) -> None:
    with pytest.raises(Flawed) as flawed:
        write_announcement(programme, by=programme.made_by, group=Group(), texts={"subject_ko": "한\n줄"})

    assert [error["field"] for error in flawed.value.facts["errors"]] == [
        "subject_en", "body_ko", "body_en", "subject_ko",
    ]  # fmt: skip


def test_a_readers_name_belongs_in_the_text_only(programme) -> None:
    with pytest.raises(Flawed) as flawed:
        write_announcement(
            programme, by=programme.made_by, group=Group(), texts={**TEXTS, "subject_en": "News for {name}"}
        )

    assert [error["field"] for error in flawed.value.facts["errors"]] == ["subject_en"]


def test_what_was_sent_is_neither_changed_nor_thrown_away(programme) -> None:
    _enter(programme, 1)
    made = _written(programme)
    send_announcement(made, by=programme.made_by)

    for act in (
        lambda: rewrite_announcement(made, by=programme.made_by, group=Group(), texts=TEXTS),
        lambda: discard_announcement(made, by=programme.made_by),
    ):
        with pytest.raises(Refused, match="sent already"):
            act()


def test_what_became_of_the_letters_is_counted(programme) -> None:
    for number in (1, 2, 3, 4):
        _enter(programme, number)
    made = _written(programme)
    send_announcement(made, by=programme.made_by)
    _write_letters()
    first, second, third, _ = (letter.message for letter in made.letters.order_by("pk"))
    Message.objects.filter(pk=first.pk).update(state=MessageState.SENT)
    Message.objects.filter(pk=second.pk).update(state=MessageState.FAILED)
    third.delete()  # the outbox forgets what was delivered long ago

    found = delivered(made)

    assert (found.announcement.told, found.sent, found.waiting, found.failed) == (4, 2, 1, 1)


def test_letters_are_written_some_at_a_time_until_it_is_stopped(programme, monkeypatch) -> None:
    monkeypatch.setattr(announcing, "AT_ONCE", 2)
    people = [_enter(programme, number) for number in range(1, 6)]
    made, before = _written(programme), Message.objects.count()
    send_announcement(made, by=programme.made_by)

    assert step({SENDING})
    stopped = stop_announcement(Announcement.objects.get(), by=programme.made_by)
    _write_letters()

    found = delivered(made)
    assert (stopped.told, found.announcement.told, found.announcement.receivers) == (2, 2, 5)
    assert Message.objects.count() - before == 2
    assert {person for person in people if was_told(person, made)} == set(people[:2])


def test_whom_it_goes_to_is_fixed_when_sending_begins(programme) -> None:
    first = _enter(programme, 1)
    made = _written(programme)
    send_announcement(made, by=programme.made_by)
    late = _enter(programme, 2)

    _write_letters()

    made.refresh_from_db()
    assert made.state == AnnouncementState.SENT
    assert (was_told(first, made), was_told(late, made)) == (True, False)


def test_an_account_closed_meanwhile_gets_no_letter(programme) -> None:
    person = _enter(programme, 1)
    made, before = _written(programme), Message.objects.count()
    send_announcement(made, by=programme.made_by)
    Person.objects.filter(pk=person.pk).update(is_active=False)

    _write_letters()

    assert (Message.objects.count(), Notice.objects.filter(person=person).count()) == (before, 0)


def test_what_was_sent_whole_is_not_stopped(programme) -> None:
    _enter(programme, 1)
    made = _written(programme)
    send_announcement(made, by=programme.made_by)
    _write_letters()
    made.refresh_from_db()

    with pytest.raises(Refused):
        stop_announcement(made, by=programme.made_by)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_died_with_letters_in_hand_neither_loses_nor_doubles_any(programme, monkeypatch) -> None:
    monkeypatch.setattr(announcing, "AT_ONCE", 2)
    people = [_enter(programme, number) for number in range(1, 6)]
    made, before = _written(programme), Message.objects.count()
    send_announcement(made, by=programme.made_by)
    dead = claim("dead", {SENDING})
    effect = announce(dead, **dead.arguments)
    Job.objects.filter(pk=dead.job).update(leased_until=Now() - timedelta(seconds=1))

    _reaped_and_done()
    with pytest.raises(Lost), fenced(dead):
        effect()

    letters = made.letters.exclude(message=None)
    assert {letter.person for letter in letters} == set(people)
    assert Message.objects.count() - before == len(people)
