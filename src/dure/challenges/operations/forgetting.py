"""What a round keeps in words about somebody who is forgotten; attempts and their scores stay, for others' ranks."""

from django.db import transaction

from dure.audit.operations import erase_texts
from dure.challenges.models import Entrant, EntrantMember, Submission, Upload
from dure.people.models import Person

NOBODY = "–"


@transaction.atomic
def forget_entrants(person: Person) -> None:
    """Erase the names under which they stood alone, what their code printed, and what the log tells of it."""
    others = EntrantMember.objects.exclude(person=person).values("entrant")
    mine = EntrantMember.objects.filter(person=person).exclude(entrant__in=others).values("entrant")
    own = Entrant.objects.filter(pk__in=list(mine.values_list("entrant", flat=True)))
    submissions = Submission.objects.filter(entrant__in=own)
    for thing in [*own, *submissions]:
        erase_texts(thing)
    Upload.objects.filter(pk__in=submissions.values("upload")).update(name="")
    submissions.update(command="", log="", organiser_log="", notes=[], flaws=[], cause_ko="", cause_en="")
    own.update(title=NOBODY, name_key=NOBODY)
