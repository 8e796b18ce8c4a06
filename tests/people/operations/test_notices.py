"""Telling people: notices, and the kinds that come by mail."""

from datetime import UTC, datetime

import pytest

from dure.core.errors import Refused
from dure.core.moments import Told
from dure.core.text import Text
from dure.jobs.models import Message
from dure.people.models import NoticeKind
from dure.people.operations import Letter, change_person, choose_mail, forget, read, read_all, tell, write_to
from dure.people.queries import muted_by, notices_of, unread_count
from tests.factories import make_person

pytestmark = pytest.mark.django_db
TEXT = Text(ko="열렸습니다.", en="It is open.")
WHEN = Text(ko="{when}입니다.", en="On {when}.")


def test_everybody_is_told_the_same_once():
    one, other = make_person(), make_person()
    tell([one.pk, other.pk], kind=NoticeKind.OPENED, text=TEXT, path="/me/")
    assert [(n.person, n.text, n.path) for p in (one, other) for n in notices_of(p)] == [
        (one, TEXT, "/me/"),
        (other, TEXT, "/me/"),
    ]


def test_what_was_read_first_stays_read_since_then():
    person = make_person()
    tell([person.pk], kind=NoticeKind.OPENED, text=TEXT, path="/me/")
    notice = person.notices.get()
    read(notice)
    first = person.notices.get().read_at
    read(notice)
    assert (person.notices.get().read_at, unread_count(person)) == (first, 0)


def test_reading_all_reads_ones_own_alone():
    one, other = make_person(), make_person()
    tell([one.pk, other.pk], kind=NoticeKind.OPENED, text=TEXT, path="/me/")
    assert (read_all(one), unread_count(one), unread_count(other)) == (1, 0, 1)


def test_the_kinds_that_were_left_out_are_muted_until_they_are_chosen_again():
    person = make_person()
    choose_mail(person, kinds=["receipt"])
    first = {kind for kind in NoticeKind if muted_by([person.pk], kind)}
    choose_mail(person, kinds=["receipt", "opened", "payment", "announcement", "credential"])
    assert (first, person.muted.count()) == (
        {NoticeKind.OPENED, NoticeKind.PAYMENT, NoticeKind.ANNOUNCEMENT, NoticeKind.CREDENTIAL},
        0,
    )


def test_a_result_cannot_be_chosen_away():
    person = make_person()
    with pytest.raises(Refused, match="mail cannot be chosen"):
        choose_mail(person, kinds=["result"])
    assert person.muted.count() == 0


def test_who_is_forgotten_has_no_notices():
    person = make_person()
    tell([person.pk], kind=NoticeKind.OPENED, text=TEXT, path="/me/")
    forget(person)
    assert person.notices.count() == 0


def test_each_reads_a_moment_by_the_clock_of_where_they_are():
    at = Told(datetime(2026, 11, 24, 1, 0, tzinfo=UTC), "Asia/Seoul")
    here, there = make_person(language="ko"), make_person(language="en")
    change_person(there, zone="Europe/Paris")
    letter = Letter(NoticeKind.RESULT, WHEN, WHEN, Text(ko="{when} {link}", en="{when} {link}"))

    write_to([here, there], letter, path="/me/", when=at)

    assert {(m.receiver, m.text.split(" http")[0]) for m in Message.objects.all()} == {
        (here.email, "2026년 11월 24일(화) 10:00"),
        (there.email, "Tue 24 Nov 2026, 02:00 (Asia/Seoul Tue 24 Nov 2026, 10:00)"),
    }
    assert [notices_of(person).get().text.en for person in (here, there)] == [
        "On Tue 24 Nov 2026, 10:00.",
        "On Tue 24 Nov 2026, 02:00 (Asia/Seoul Tue 24 Nov 2026, 10:00).",
    ]
