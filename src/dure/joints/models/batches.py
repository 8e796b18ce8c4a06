"""Long work that workers do for a programme's desk, and how far it is."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import models

from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes.models import Given, Programme, Turn
from dure.store.models import Row, one_of


class BatchState(models.TextChoices):
    GOING = "going"
    DONE = "done"
    REFUSED = "refused"
    STOPPED = "stopped"


BATCH_MOVES: Moves[BatchState] = Moves({BatchState.GOING: {BatchState.DONE, BatchState.REFUSED, BatchState.STOPPED}})
BATCH_LASTS = timedelta(days=7)  # its file; what became of it stays


class BatchKind(models.TextChoices):
    ACT = "act"
    OUT = "out"
    IN = "in"


class Batch(Row):
    """Long work that somebody asked for at a programme's desk and workers do: the same act on many, a sheet out, a
    sheet in.

    ``asked`` are its particulars, ``done`` and ``refused`` of ``of`` how far it is. ``outcome``: of a sheet that was
    brought in what changed, or why nothing did. ``file`` is what comes in or goes out, for ``BATCH_LASTS``.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="batches")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=3, choices=BatchKind.choices)
    asked = models.JSONField(default=dict)
    language = models.CharField(max_length=2, default="ko")
    state = models.CharField(max_length=7, choices=BatchState.choices, default=BatchState.GOING)
    of = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    outcome = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("kind", BatchKind, "batch_kind_known"),
            one_of("state", BatchState, "batch_state_known"),
            models.CheckConstraint(
                condition=models.Q(of__gte=models.F("done") + models.F("refused")), name="batch_within"
            ),
        ]
        indexes = [models.Index(fields=["programme", "-id"], name="batch_listed")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def checks_only(self) -> bool:
        return bool(self.asked.get("check"))

    @property
    def file(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "batches" / str(self.pk)

    @property
    def is_kept(self) -> bool:
        """Whether its file is there still."""
        return self.ended_at is not None and self.ended_at > clock.now() - BATCH_LASTS


class BatchLine(models.Model):
    """One of the things that an act is done to: a turn, or what it was given. ``done`` is empty until it was tried."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="lines", db_index=False)
    turn = models.ForeignKey(Turn, on_delete=models.PROTECT, related_name="+")
    given = models.ForeignKey(Given, on_delete=models.PROTECT, null=True, related_name="+")
    done = models.BooleanField(null=True)
    why_ko = models.TextField(blank=True, default="")
    why_en = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "turn"], condition=models.Q(given=None), name="batch_line_once_a_turn"
            ),
            models.UniqueConstraint(fields=["batch", "given"], name="batch_line_once_a_give"),
        ]
        indexes = [models.Index(fields=["batch", "done", "id"], name="batch_line_next")]

    def __str__(self) -> str:
        return f"{self.turn_id} {self.done}"

    @property
    def refused(self) -> Text | None:
        return Text(ko=self.why_ko, en=self.why_en) if self.done is False else None
