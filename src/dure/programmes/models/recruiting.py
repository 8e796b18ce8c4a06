"""What recruiters of a programme do: whom they looked at, whom they keep in mind, whom they wrote to."""

from django.db import models

from dure.core import clock
from dure.people.models import Organisation, Person
from dure.programmes.models.programme import Programme
from dure.store.models import Row


class Look(models.Model):
    """That a recruiter opened somebody's profile, once a day: the person reads who looked at them."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="looks")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="looks")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "programme", "by", "day"], name="looked_once_a_day")]

    def __str__(self) -> str:
        return f"{self.by_id} at {self.person_id}"


class Shortlisted(models.Model):
    """Somebody whom a party's recruiters keep in mind, and why. One list a party, that others do not see; who sits for
    no party has one of their own."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="shortlisted")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "organisation", "person"], name="shortlisted_once_a_party"),
            models.UniqueConstraint(
                fields=["programme", "by", "person"],
                condition=models.Q(organisation__isnull=True),
                name="shortlisted_once_alone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} of {self.programme_id}"


class Approach(Row):
    """What a recruiter wrote to somebody through Dure; they answer to ``reply_to``, or not at all."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="approaches")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="approaches")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    reply_to = models.EmailField()
    day = models.DateField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "programme", "by", "day"], name="approached_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.by_id} to {self.person_id}"
