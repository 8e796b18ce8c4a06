"""What lists say of a programme, kept in columns: two thousand blueprints cannot be read for one page."""

from django.db import models

from dure.programmes.models.programme import Programme


class Listing(models.Model):
    """Written anew by whatever changes it; a draft has none, and so stands in no list.

    ``subject`` is the blueprint's; ``kinds`` (of its stages, in order) and ``entries`` (the acts by which cases enter)
    are words between blanks. ``opens_at`` and ``closes_at`` bound the window in which anybody may apply: the one that
    is open or comes next, else the last; ``again_at`` is when another one follows it. ``prizes`` is the won that
    is promised to the best, 0 for none.
    """

    programme = models.OneToOneField(Programme, models.CASCADE, primary_key=True, related_name="listing")
    subject = models.CharField(max_length=10)
    kinds = models.CharField(max_length=80)
    entries = models.CharField(max_length=40)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    again_at = models.DateTimeField(null=True)
    prizes = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["closes_at"], name="listing_closes")]

    def __str__(self) -> str:
        return f"{self.programme} in lists"
