"""Which piece of a room's work belongs to which turn, and what people said about turns where no room has its own."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import models

from dure.applications.models import Application, Receipt
from dure.challenges.models import Entrant, FieldTrial, Task, Upload
from dure.compute.models import Environment
from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.credentials.models import Achievement
from dure.funding.models import Fund
from dure.learning.models import Cohort, Enrolment
from dure.people.models import Organisation, Person
from dure.programmes.models import Given, Programme, Turn
from dure.skills.models import Evidence
from dure.store.models import Row, one_of


class ReviewState(models.TextChoices):
    ASSIGNED = "assigned"
    DONE = "done"
    DECLINED = "declined"


REVIEW_MOVES: Moves[ReviewState] = Moves(
    {ReviewState.ASSIGNED: {ReviewState.DONE, ReviewState.DECLINED}, ReviewState.DONE: {ReviewState.ASSIGNED}}
)


class Review(Row):
    """One reviewer's seat at a panel and the marks they gave: {criterion: 0-100}; ``mark`` is the weighted sum.

    ``slot`` keeps a panel at exactly ``each`` reviewers; ``evidence`` is the hand-in that is judged. ``draft`` is what
    was written and not sent: {"marks", "comment"}; ``seconds`` how long its page was looked at.
    """

    turn = models.ForeignKey(Turn, on_delete=models.PROTECT, related_name="reviews")
    step = models.PositiveSmallIntegerField()
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    slot = models.PositiveSmallIntegerField()
    reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reviews")
    role = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.ASSIGNED)
    marks = models.JSONField(default=dict)
    mark = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    comment = models.TextField(blank=True)
    draft = models.JSONField(default=dict)
    seconds = models.PositiveIntegerField(default=0)
    conflict = models.CharField(max_length=200, blank=True)
    assigned_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", ReviewState, "review_state_known"),
            models.UniqueConstraint(
                fields=["turn", "step", "evidence", "slot"],
                condition=~models.Q(state="declined"),
                name="panel_has_its_seats",
            ),
            models.UniqueConstraint(fields=["turn", "step", "evidence", "reviewer"], name="reviews_once"),
        ]
        indexes = [models.Index(fields=["reviewer", "state", "id"], name="review_queue")]

    def __str__(self) -> str:
        return f"{self.reviewer} {self.state}"


class Say(Row):
    """A decider's yes or no, once for each hand-in. ``reason_en`` is the reason in English, where it was given too."""

    turn = models.ForeignKey(Turn, on_delete=models.PROTECT, related_name="says")
    step = models.PositiveSmallIntegerField()
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    yes = models.BooleanField()
    reason = models.TextField(blank=True)
    reason_en = models.TextField(blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["turn", "step", "evidence"], name="said_once")]

    def __str__(self) -> str:
        return "yes" if self.yes else "no"

    @property
    def why(self) -> Text:
        """The reason as its reader gets it; in the one language where it was given in one only."""
        return Text(ko=self.reason or self.reason_en, en=self.reason_en or self.reason)


class ProofState(models.TextChoices):
    ENTERED = "entered"
    VERIFIED = "verified"
    REFUSED = "refused"


PROOF_MOVES: Moves[ProofState] = Moves({ProofState.ENTERED: {ProofState.VERIFIED, ProofState.REFUSED}})


class Proof(Row):
    """What an outside body gave (a certificate's id, a paper's), and whether an operator verified it."""

    turn = models.ForeignKey(Turn, on_delete=models.PROTECT, related_name="proofs")
    step = models.PositiveSmallIntegerField()
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=400)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ProofState.choices, default=ProofState.ENTERED)
    note = models.TextField(blank=True)
    verified_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", ProofState, "proof_state_known"),
            models.UniqueConstraint(fields=["turn", "step", "evidence"], name="proven_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"


class ProgrammeFund(models.Model):
    """The fund that a programme's money of one type is paid from."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="funds")
    money = models.CharField(max_length=200)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="+")
    bound_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "money"], name="one_fund_a_money")]

    def __str__(self) -> str:
        return f"{self.money} from {self.fund}"


class ProgrammeCredential(models.Model):
    """What an issuer awards where a programme gives that credential (at that level; "": at any)."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="credentials")
    name = models.CharField(max_length=200)
    level = models.CharField(max_length=80, blank=True)
    achievement = models.ForeignKey(Achievement, on_delete=models.PROTECT, related_name="+")
    bound_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "name", "level"], name="one_achievement_a_credential")
        ]

    def __str__(self) -> str:
        return f"{self.name} as {self.achievement}"


class Fee(Row):
    """A form's fee for one turn, confirmed as received."""

    turn = models.OneToOneField(Turn, on_delete=models.PROTECT, related_name="fee")
    amount = models.BigIntegerField()
    reference = models.CharField(max_length=200)
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.amount}"


class FormTurn(models.Model):
    """Which application is a form turn's; ``receipt`` is the sending that was handed in last."""

    turn = models.OneToOneField(Turn, on_delete=models.PROTECT, related_name="form_turn")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="form_turn")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.application} of {self.turn}"


class StageCohort(models.Model):
    """The cohort of a course in which the people of a learn stage learn."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="cohorts")
    stage = models.CharField(max_length=60)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="stages")
    bound_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "stage"], name="one_cohort_a_stage")]

    def __str__(self) -> str:
        return f"{self.stage} in {self.cohort}"


class CourseTurn(models.Model):
    """Which enrolment is a learn turn's."""

    turn = models.OneToOneField(Turn, on_delete=models.PROTECT, related_name="course_turn")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="course_turns")

    def __str__(self) -> str:
        return f"{self.enrolment} of {self.turn}"


class RoundTask(models.Model):
    """Which task a round stage's option is; ``option`` empty: the stage has no options."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="round_tasks")
    stage = models.CharField(max_length=60)
    option = models.CharField(max_length=80, blank=True)
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="round_task")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "stage", "option"], name="round_task_once_an_option")
        ]

    def __str__(self) -> str:
        return f"{self.task} of {self.stage}"


class RoundTurn(models.Model):
    """Which entrant is a round turn's."""

    turn = models.OneToOneField(Turn, on_delete=models.PROTECT, related_name="round_turn")
    entrant = models.OneToOneField(Entrant, on_delete=models.PROTECT, related_name="round_turn")

    def __str__(self) -> str:
        return f"{self.entrant} of {self.turn}"


class FieldEvidence(models.Model):
    """What a field trial shows: evidence of its entrant's persons and, where ``stage`` is named, of their turn."""

    trial = models.OneToOneField(FieldTrial, on_delete=models.CASCADE, primary_key=True, related_name="counts")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, related_name="+")
    stage = models.CharField(max_length=60, blank=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage="") | models.Q(programme__isnull=False), name="field_evidence_in_a_programme"
            )
        ]
        indexes = [models.Index(fields=["programme", "stage"], name="field_evidence_at")]

    def __str__(self) -> str:
        return f"{self.trial} at {self.stage}"


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
