"""Evidence: what somebody did and what it left behind. Append-only; a correction is a newer row."""

import json
from hashlib import sha256

from django.db import models

from dure.core import clock
from dure.people.models import Person
from dure.store.models import Row


class Evidence(Row):
    """One hand-in's typed facts, with the proof and the one who recorded them.

    ``values`` maps a field of the stage's kind to a number, text, ISO date, "yes"/"no" or list of words
    (BLUEPRINT.md, appendix C). ``via`` names the joint: ``recorded``, ``form``, ``round`` …
    """

    kind = models.CharField(max_length=10)
    values = models.JSONField(default=dict)
    proof = models.TextField(blank=True)
    via = models.CharField(max_length=20)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return f"{self.kind} {self.values}"

    @property
    def sha256(self) -> str:
        """The hash of its values and proof as canonical JSON: what a receipt and the log name."""
        told = {"values": self.values, "proof": self.proof}
        canonical = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return sha256(canonical.encode()).hexdigest()


class Showing(models.Model):
    """Whose evidence it is: what a team does is evidence of each member."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="showings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="showings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence", "person"], name="evidence_once_a_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.evidence_id}"
