"""Telling people: notices, and the kinds that come by mail."""

import pytest

from dure.core.errors import Refused
from dure.core.text import Text
from dure.people.models import NoticeKind
from dure.people.operations import choose_mail, forget, read, read_all, tell
from dure.people.queries import muted_by, notices_of, unread_count
from tests.factories import make_person

pytestmark = pytest.mark.django_db
TEXT = Text(ko="열렸습니다.", en="It is open.")


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
