"""A field trial that went on for some days, as workers would have left it: no box is needed to look at it."""

from dure.challenges.field.requests import Shadow
from dure.challenges.field.running import Ran
from dure.challenges.field.sources import Read
from dure.challenges.field.tally import Outcome
from dure.challenges.models import FieldTrial
from dure.challenges.operations.fielding import keep_batch
from dure.challenges.operations.fieldtrials import start_field_trial

YES, NO = ("yes",), ("no",)


def outcome(number: int, mine=YES, theirs=YES, truth=YES, *, text: str = "long text", ms: int = 40) -> Outcome:
    """What became of request ``number``; ``mine`` None: no answer."""
    asked = Shadow(f"r{number}", {"text": text}, theirs, truth, 20)
    return Outcome(asked, mine, ms) if mine else Outcome(asked, cause="missing")


def brought(trial: FieldTrial, *outcomes: Outcome, over: bool = False, log: str = "") -> FieldTrial:
    """One batch, as its job brings it; of a file the last one, so that nothing is left to be read."""
    now = FieldTrial.objects.select_related("upload").get(pk=trial.pk)
    cursor = now.upload.size if now.upload else now.read + len(outcomes)
    found = Read(tuple(one.shadow for one in outcomes), str(cursor), 0, len(outcomes), over)
    keep_batch(now.pk, (now.cursor, now.skip), found, Ran(outcomes, log))
    return FieldTrial.objects.get(pk=trial.pk)


def played(trial: FieldTrial, *, over: bool = True) -> FieldTrial:
    """Three of four answered, two of them right, one not as the service; the source has no more."""
    start_field_trial(trial)
    outcomes = (outcome(1), outcome(2), outcome(3, mine=NO, text="canary-of-a-request"), outcome(4, mine=None))
    return brought(trial, *outcomes, over=over, log="canary-of-a-model")
