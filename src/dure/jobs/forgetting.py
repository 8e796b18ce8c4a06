"""Taking the letters to somebody who is forgotten out of the outbox."""

from collections.abc import Collection

from django.db import transaction

from dure.jobs.models import Job, JobState, Message, MessageState


@transaction.atomic
def forget_mail(addresses: Collection[str]) -> int:
    """Erase every letter to these addresses, those that wait as well; one that is being delivered now stays till the
    outbox forgets it. Returns how many went."""
    letters = Message.objects.filter(receiver__in=[address.lower() for address in addresses])
    waiting = [letter.delivery for letter in letters.filter(state=MessageState.WAITING).only("pk")]
    Job.objects.filter(key__in=waiting).exclude(state=JobState.RUNNING).delete()
    busy = Job.objects.filter(key__in=waiting, state=JobState.RUNNING).values_list("key", flat=True)
    leaving = {letter.pk for letter in letters if letter.delivery in set(busy)}
    gone, _ = letters.exclude(pk__in=leaving).delete()
    return gone
