"""Competitions of other platforms that were sent here, and what became of them."""

from django.db import models

from dure.challenges.models import Upload
from dure.compute.models import Environment
from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.people.models import Organisation, Person
from dure.programmes.models import Programme
from dure.store.models import Row, one_of


class BundleState(models.TextChoices):
    """``trying`` and ``making``: workers are at it. ``tried``: all that was found is known."""

    TRYING = "trying"
    TRIED = "tried"
    MAKING = "making"
    MADE = "made"
    FAILED = "failed"


BUNDLE_MOVES: Moves[BundleState] = Moves(
    {
        BundleState.TRYING: {BundleState.TRIED, BundleState.FAILED},
        BundleState.TRIED: {BundleState.TRYING, BundleState.MAKING},
        BundleState.MAKING: {BundleState.MADE, BundleState.TRIED, BundleState.FAILED},
        BundleState.FAILED: {BundleState.TRYING},
    }
)


class SentBundle(Row):
    """A competition of another platform that somebody sent: tried out by workers, then made into a programme.

    ``findings`` and ``values`` as ``importing.Trial`` has them; ``image`` is what its programs ask for. ``chosen``:
    ``environment`` was named for it (None: the standard one); else its image decides. ``cause``: why it failed.
    """

    by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    source = models.OneToOneField(Upload, on_delete=models.PROTECT, related_name="+")
    host = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    environment = models.ForeignKey(Environment, on_delete=models.PROTECT, null=True, related_name="+")
    chosen = models.BooleanField(default=False)
    state = models.CharField(max_length=6, choices=BundleState.choices, default=BundleState.TRYING)
    title = models.CharField(max_length=300, blank=True)
    image = models.CharField(max_length=200, blank=True)
    findings = models.JSONField(default=list)
    values = models.JSONField(default=list)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, related_name="+")
    fresh = models.BooleanField(default=False)
    cause_ko = models.TextField(blank=True)
    cause_en = models.TextField(blank=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [one_of("state", BundleState, "sent_bundle_state_known")]
        indexes = [models.Index(fields=["by", "-id"], name="sent_bundle_of")]

    def __str__(self) -> str:
        return self.title or str(self.source)

    @property
    def stops(self) -> bool:
        """Whether something found must be mended first."""
        return any(finding["state"] == "fail" for finding in self.findings)

    @property
    def is_going(self) -> bool:
        return self.state in (BundleState.TRYING, BundleState.MAKING)

    @property
    def cause(self) -> Text | None:
        return Text(ko=self.cause_ko, en=self.cause_en) if self.cause_ko else None


class ImportedBundle(models.Model):
    """A competition of another platform that was taken in once, as it came. ``sha256`` is of what its bundle holds."""

    sha256 = models.CharField(max_length=64, unique=True)
    format = models.CharField(max_length=20)
    programme = models.OneToOneField(Programme, on_delete=models.PROTECT, related_name="imported")
    source = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return f"{self.format} as {self.programme}"
