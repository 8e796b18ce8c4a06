"""Recruiting: looking at somebody's profile, keeping them in mind, writing to them."""

from uuid import UUID

from django.db import IntegrityError, transaction

from dure.audit.operations import record
from dure.core.errors import Flawed, Missing, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.days import today
from dure.people.models import Person
from dure.programmes.events import Approached
from dure.programmes.models import Approach, Look, Shortlisted
from dure.programmes.queries.recruiting import Recruiter, shortlist_of, shown_to

MOST_TEXT = 4000
NOBODY = Text(
    ko="볼 수 있는 사람이 아닙니다. 공개에 동의했거나 이 기관에 대한 권리를 가진 사람만 볼 수 있습니다.",
    en="There is nobody to show here. You see those who agreed to it or hold a right at your organisation.",
)
NO_TEXT = Text(
    ko="전할 말을 {most:,}자 이내로 적어 주세요.", en="Write what you want to say, in at most {most:,} letters."
)
TODAY = Text(
    ko="오늘 이미 메시지를 보낸 사람입니다. 답을 기다리거나 내일 다시 보내세요.",
    en="You have written to them today. Wait for an answer, or write again tomorrow.",
)


@transaction.atomic
def look(recruiter: Recruiter, person: UUID) -> Person:
    """Open somebody's profile: it is written down, and they can read it. Raises Missing where it is not to be seen."""
    found = _shown(recruiter, person)
    made, fresh = Look.objects.get_or_create(
        person=found, programme=recruiter.programme, by=recruiter.person, day=today(),
        defaults={"organisation": recruiter.organisation},
    )  # fmt: skip
    if fresh:
        record("recruiting.looked", made, after=_told(recruiter, found), about=found, actor=recruiter.person)
    return found


@transaction.atomic
def keep_in_mind(recruiter: Recruiter, person: UUID, *, note: str = "") -> Shortlisted:
    """Put somebody on the party's shortlist; doing it again changes the note."""
    found = _shown(recruiter, person)
    kept = shortlist_of(recruiter).filter(person=found)
    if not kept.update(note=note.strip()):
        try:
            with transaction.atomic():
                Shortlisted.objects.create(
                    programme=recruiter.programme, organisation=recruiter.organisation, person=found,
                    by=recruiter.person, note=note.strip(),
                )  # fmt: skip
        except IntegrityError:  # a colleague was faster
            kept.update(note=note.strip())
    row = kept.get()
    record("recruiting.shortlisted", row, after=_told(recruiter, found), about=found, actor=recruiter.person)
    return row


@transaction.atomic
def let_go(recruiter: Recruiter, person: UUID) -> None:
    """Take somebody off the shortlist; it may have been done already."""
    for row in shortlist_of(recruiter).filter(person=person):
        record(
            "recruiting.unlisted", row, before=_told(recruiter, row.person), about=row.person, actor=recruiter.person
        )
        row.delete()


@transaction.atomic
def approach(recruiter: Recruiter, person: UUID, *, text: str) -> Approach:
    """Write to somebody through Dure: they get the text and the recruiter's address, never the other way round.

    Once a day a recruiter and person, by constraint.
    """
    found = _shown(recruiter, person)
    if not 0 < len(text.strip()) <= MOST_TEXT:
        sentence = NO_TEXT.format(most=MOST_TEXT)
        raise Flawed("recruit.text", sentence, errors=[{"field": "text", **sentence.as_dict()}])
    try:
        with transaction.atomic():
            made = Approach.objects.create(
                programme=recruiter.programme, person=found, organisation=recruiter.organisation, by=recruiter.person,
                text=text.strip(), reply_to=recruiter.person.email, day=today(),
            )  # fmt: skip
    except IntegrityError:
        raise Refused("recruit.today", TODAY) from None
    record("recruiting.approached", made, after=_told(recruiter, found), about=found, actor=recruiter.person)
    publish(Approached(made.pk))
    return made


def _shown(recruiter: Recruiter, person: UUID) -> Person:
    found = shown_to(recruiter, one=person).filter(pk=person).first()
    if found is None:
        raise Missing("recruit.nobody", NOBODY)
    return found


def _told(recruiter: Recruiter, person: Person) -> dict[str, object]:
    place = recruiter.organisation.short if recruiter.organisation else None
    return {"programme": recruiter.programme.slug, "person": person.pk, "organisation": place}
