"""What a round keeps in words about somebody who is forgotten; attempts and their scores stay, for others' ranks."""

from collections.abc import Iterable

from django.db import transaction

from dure.audit.operations import erase_texts
from dure.challenges.models import (
    Allowed,
    Ban,
    Disqualification,
    Entrant,
    EntrantMember,
    FieldTrial,
    Post,
    Submission,
    Thread,
    Upload,
)
from dure.people.models import Person

NOBODY = "–"


@transaction.atomic
def forget_entrants(person: Person) -> None:
    """Erase the names under which they stood alone, what they answered, what their code printed, and what the log tells
    of it."""
    mine = Entrant.objects.filter(members__person=person)
    others = EntrantMember.objects.filter(entrant__in=mine.values("pk")).exclude(person=person)
    own = Entrant.objects.filter(
        pk__in=list(mine.exclude(pk__in=others.values("entrant")).values_list("pk", flat=True))
    )
    submissions = Submission.objects.filter(entrant__in=own)
    for thing in [*own, *submissions]:
        erase_texts(thing)
    Upload.objects.filter(pk__in=submissions.values("upload")).update(name="")
    submissions.update(
        answers={}, shared_in=None, command="", log="", organiser_log="", notes=[], flaws=[], cause_ko="", cause_en=""
    )
    FieldTrial.objects.filter(submission__in=submissions).update(log="")
    own.update(title=NOBODY, name_key=NOBODY)


def forget_allowed(emails: Iterable[str]) -> None:
    """Take addresses off every list of those who may submit; lists that are empty then let nobody in."""
    Allowed.objects.filter(email__in=emails).delete()


@transaction.atomic
def forget_said(person: Person) -> None:
    """Erase what they asked, answered and appealed; that something was said stays, for the answers of others."""
    threads, posts = Thread.objects.filter(by=person), Post.objects.filter(by=person)
    for thing in [*threads, *posts]:
        erase_texts(thing)
    threads.update(title=NOBODY, title_key=NOBODY, body=NOBODY)
    posts.update(body=NOBODY)
    judged = FieldTrial.objects.filter(owner=person).exclude(statement="")
    for trial in judged:
        erase_texts(trial)
    judged.update(statement=NOBODY)
    for sanction in (Disqualification, Ban):
        appealed = sanction.objects.filter(appealed_by=person)
        for one in appealed:
            erase_texts(one)
        files = appealed.exclude(appeal_file=None).values_list("appeal_file", flat=True)
        Upload.objects.filter(pk__in=list(files)).update(name="")
        appealed.update(appeal=NOBODY)
