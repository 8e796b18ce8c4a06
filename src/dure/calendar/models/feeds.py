"""Private addresses under which calendar programs read somebody's sessions."""

from django.db import models
from django.db.models import Q, UniqueConstraint

from dure.calendar.models.series import Series
from dure.core import clock
from dure.people.models import Person
from dure.store.models import Row


class Feed(Row):
    """What ``person`` may see of ``series``, or (none) everything of their own. Only the hash of its token is kept."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="feeds")
    series = models.ForeignKey(Series, models.CASCADE, null=True, related_name="feeds")
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["person"], condition=Q(series=None, revoked_at=None), name="feed_of_person_once"),
            UniqueConstraint(fields=["person", "series"], condition=Q(revoked_at=None), name="feed_of_series_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.series_id or 'all'}"
