"""A round with people in it, and its worker."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dure.challenges.measures import Measure
from dure.challenges.models import Best, Entrant, Submission, SubmissionState, Task, Upload
from dure.challenges.operations import add_task, begin, enter, open_round, record, submit
from dure.challenges.ranks import rank_of
from dure.challenges.scoring import outcome_of
from dure.core import clock
from dure.core.text import Text
from tests.factories import make_person

START = datetime(2026, 5, 1, 3, tzinfo=UTC)
CLOSE = datetime(2026, 5, 11, 15, tzinfo=UTC)  # midnight in Seoul
IDS = [str(number) for number in range(10)]
TRUTH = dict(zip(IDS, ["yes", "no"] * 5, strict=True))
PUBLIC = {"0", "1", "2", "3"}  # the others are the final part
ACCURACY = Measure("accuracy", classes=("no", "yes"))


@pytest.fixture(autouse=True)
def _disk(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def standing() -> Iterator[None]:
    """The clock stands at the round's start."""
    with clock.at(START):
        yield


def labels(*, sealed: bool = True) -> io.BytesIO:
    parts = {one: (",public" if one in PUBLIC else ",final") if sealed else "" for one in IDS}
    rows = [f"{one},{TRUTH[one]}{parts[one]}\n" for one in IDS]
    return io.BytesIO("".join([f"id,label{',part' if sealed else ''}\n", *rows]).encode())


def make_task(measure: Measure = ACCURACY, **known) -> Task:
    """A sealed accuracy task over ten rows, four of them public, open from START to CLOSE."""
    rules = {"opens_at": START, "closes_at": CLOSE, "sealed": True, **known}
    round_ = open_round(Text(ko="라운드", en="round"), by=make_person(), **rules)
    return add_task(round_, labels=labels(sealed=round_.sealed), measure=measure)


def crowd(task: Task, scores: list[tuple[float, float]]) -> list[Entrant]:
    """Entrants with these public and final scores on the board, each a minute after the one before."""
    upload = Upload.objects.create(sha256="", size=0)
    by = make_person()
    entrants = Entrant.objects.bulk_create([Entrant(task=task, title=f"E{n}", attempts=1) for n in range(len(scores))])
    submissions = Submission.objects.bulk_create(
        Submission(
            entrant=entrant, number=1, by=by, upload=upload, received_at=START + timedelta(minutes=n), period="",
            state=SubmissionState.SCORED, public_score=public, final_score=final,
        )
        for n, (entrant, (public, final)) in enumerate(zip(entrants, scores, strict=True))
    )  # fmt: skip
    Best.objects.bulk_create(
        Best(
            entrant=one.entrant, task=task, best=one, public_rank=rank_of(one.public_score, greater_is_better=True),
            public_at=one.received_at, counting=one, final_at=one.received_at,
            final_rank=rank_of(one.final_score, greater_is_better=True),
        )
        for one in submissions
    )  # fmt: skip
    return entrants


def make_entrant(task: Task, **known) -> Entrant:
    return enter(task, persons=[make_person()], **known)


def predictions(public: int = 4, final: int = 6) -> io.BytesIO:
    """A file with so many right answers in each part."""
    left = {True: public, False: final}
    rows = []
    for one in IDS:
        right = left[one in PUBLIC] > 0
        left[one in PUBLIC] -= right
        rows.append(f"{one},{TRUTH[one] if right else 'no' if TRUTH[one] == 'yes' else 'yes'}\n")
    return io.BytesIO("".join(["id,label\n", *rows]).encode())


def member(entrant: Entrant):
    return entrant.members.get().person


def offer(entrant: Entrant, upload: io.BytesIO | None = None, **known) -> Submission:
    """Submit as the entrant's member; returns the row behind the receipt."""
    receipt = submit(entrant, by=member(entrant), upload=upload or predictions(), **known)
    return Submission.objects.get(pk=receipt.id)


def judge(submission: Submission) -> Submission:
    """What the scoring job does, without the queue."""
    submission.refresh_from_db()
    assert begin(submission)
    record(submission.pk, outcome_of(submission))
    submission.refresh_from_db()
    return submission


def scored(entrant: Entrant, public: int = 4, final: int = 6, **known) -> Submission:
    """A submission with so many right answers in each part, scored."""
    return judge(offer(entrant, predictions(public, final), **known))


HOUR = timedelta(hours=1)
