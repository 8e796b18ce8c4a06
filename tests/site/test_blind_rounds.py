"""Everybody goes to every address there is: labels, scores, logs and names stand only where the round's policy says."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from dure.challenges.measures import Measure
from dure.challenges.models import Entrant, FieldTrial, Round, Submission, Task, Verification
from dure.challenges.operations import begin, record, submit
from dure.challenges.operations.similarity import compare_code
from dure.challenges.operations.trials import let_embed
from dure.challenges.operations.verification import verify_finalists
from dure.challenges.operations.workers import issue_worker_token, score_by_own
from dure.challenges.outcomes import Measured
from dure.core import clock
from dure.jobs.worker import drain
from dure.joints.stages.rounds import entrant_of, set_up_task
from dure.people.models import Person
from dure.programmes.models import Turn
from tests.challenges.field.played import played
from tests.challenges.field.world import make_trial, that_counts
from tests.factories import make_person
from tests.programmes.build import Live, live
from tests.site.conftest import client_of
from tests.site.crawl import NOTHING, addresses, read

pytestmark = pytest.mark.django_db

START = datetime(2027, 3, 2, tzinfo=UTC)
CLOSE = START + timedelta(days=31)
AFTER = START + timedelta(days=40)
STAGE = """
- {id: solve, kind: round, entry: open, when: {from: 2027-03-01, to: 2027-03-31},
   do: {metric: rmse, daily: 9, sealed: true}, gate: [{rank: {by: score, take: 1}}]}
"""
ROWS = [(n, f"90210.01{n}37", "public" if n < 4 else "final") for n in range(10)]
LABELS = "".join(["id,label,part\n", *(f"{n},{label},{part}\n" for n, label, part in ROWS)])
CANARIES = {
    "label": ".01737", "public score": "0.731235", "final score": "0.918273", "log": "canary-of-a-program",
    "organisers' log": "canary-for-organisers", "name": "canary-of-a-name",
    "shadow request": "canary-of-a-request", "field log": "canary-of-a-model",
}  # fmt: skip
PUBLISHED = {"public score", "name"}


@dataclass
class Scene:
    """A round in which ``ada`` has an attempt with a canary in everything that could leak."""

    made: Live
    task: Task
    ada: Person
    rival: Person
    stranger: Person
    elsewhere: Person
    worker: str

    def client(self, who: str) -> Client:
        if who == "worker":
            return Client(headers={"Authorization": f"Bearer {self.worker}"})
        people = {
            "visitor": None, "stranger": self.stranger, "entrant": self.ada, "rival": self.rival,
            "reviewer": self.made.seats["judge"], "organiser": self.made.seats["clerk"], "elsewhere": self.elsewhere,
        }  # fmt: skip
        return client_of(people[who], "en")

    def names(self) -> dict[str, list[str]]:
        """What an address may name."""
        submissions = [str(row.pk) for row in Submission.objects.all()]
        return {
            "slug": [self.made.programme.slug], "stage": ["solve"], "step": ["0"], "number": ["1"],
            "turn_id": [str(turn.pk) for turn in Turn.objects.all()], "task_id": [str(self.task.pk)],
            "round_id": [str(self.task.round_id)], "submission_id": submissions, "format_": ["csv"], "format": ["csv"],
            "person_id": [str(self.ada.pk)], "what": ["evidence"],
            "verification_id": [str(pk) for pk in Verification.objects.values_list("pk", flat=True)],
            "field_id": [str(trial.pk) for trial in FieldTrial.objects.all()],
            "entrant_id": [str(pk) for pk in Entrant.objects.values_list("pk", flat=True)],
        }  # fmt: skip

    def seen(self, who: str) -> set[str]:
        """The canaries that somebody finds anywhere, each with one of its places where a test fails."""
        client, found = self.client(who), {}
        everywhere = [address for address in addresses(self.names()) if NOTHING not in address]
        boards = [address for address in everywhere if str(self.task.pk) in address]
        parts = [f"{address}?part={part}" for address in boards for part in ("public", "final")]
        for address in (*everywhere, *parts):
            told = read(client.get(address))
            for name, canary in CANARIES.items():
                if canary in told:
                    found.setdefault(name, address)
        self.places = found
        return set(found)


@pytest.fixture(autouse=True)
def _standing(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with clock.at(START):
        yield


def made_scene(**policy) -> Scene:
    made = live(STAGE)
    task = set_up_task(
        made.programme, "solve", by=made.operator, labels=io.BytesIO(LABELS.encode()), measure=Measure("rmse")
    )
    Round.objects.update(**policy)
    task.round.organisers.add(made.seats["clerk"])
    let_embed(task.round, ["https:"])
    ada, rival = make_person(name=CANARIES["name"]), make_person(name="Rival")
    for person, public, final in ((ada, 0.731235, 0.918273), (rival, 0.5, 0.4)):
        turn = made.enter("solve", by=person)
        receipt = submit(entrant_of(turn), by=person, upload=io.BytesIO(b"id,label\n"))
        submission = Submission.objects.get(pk=receipt.id)
        assert begin(submission)
        mine = person == ada
        record(submission.pk, Measured(public, final, log=CANARIES["log"] if mine else ""))
        Submission.objects.filter(pk=receipt.id).update(organiser_log=CANARIES["organisers' log"] if mine else "")
    verify_finalists(task.round)
    compare_code(task, by=made.operator)
    tried_in_the_field(Submission.objects.get(entrant__title=ada.name))
    elsewhere = live(STAGE, slug="elsewhere")
    return Scene(made, task, ada, rival, make_person(), elsewhere.seats["clerk"], worker_of(elsewhere))


def tried_in_the_field(submission: Submission) -> None:
    """Beside a service of somebody who has no seat here; not shared with its entrant."""
    counting = that_counts(submission.entrant, judged=submission)
    played(make_trial(counting, owner=make_person()))


def worker_of(elsewhere: Live) -> str:
    """The key of a machine that scores another round."""
    other = set_up_task(
        elsewhere.programme, "solve", by=elsewhere.operator, labels=io.BytesIO(LABELS.replace("0137", "1").encode()),
        measure=Measure("rmse"),
    )  # fmt: skip
    queue = score_by_own(other.round, queue="elsewhere", by=elsewhere.operator)
    return issue_worker_token(queue, title="machine", by=elsewhere.operator).secret


OUTSIDERS = ("visitor", "stranger", "reviewer", "elsewhere", "worker")
OWN = {"public score", "log", "name"}
FINAL = {"final score"}
POLICIES = {  # what outsiders, rivals and the owner read while the round runs, and after it
    "as usual": ({}, (PUBLISHED, PUBLISHED, OWN), (PUBLISHED | FINAL, PUBLISHED | FINAL, OWN | FINAL)),
    "for entrants": ({"board": "entrants"}, (set(), PUBLISHED, OWN), (set(), PUBLISHED | FINAL, OWN | FINAL)),
    "hidden": ({"board": "hidden"}, (set(), set(), OWN), (set(), set(), OWN | FINAL)),
    "scores wait": (
        {"scores_wait": True},
        (set(), set(), {"name"}),
        (PUBLISHED | FINAL, PUBLISHED | FINAL, OWN | FINAL),
    ),
    "nothing of one's own": (
        {"board": "hidden", "own_scores": False, "own_logs": False},
        (set(), set(), {"name"}),
        (set(), set(), {"name"}),
    ),
    "final board only": (
        {"boards": "final"},
        (set(), set(), OWN),
        ({"name"} | FINAL, {"name"} | FINAL, OWN | FINAL),
    ),
    "public board only": ({"boards": "public"}, (PUBLISHED, PUBLISHED, OWN), (PUBLISHED, PUBLISHED, OWN)),
}


@pytest.mark.parametrize("policy", POLICIES)
def test_canaries_stand_only_where_the_policy_says(policy):
    known, *expected = POLICIES[policy]
    scene = made_scene(**known)
    outsiders = OUTSIDERS if policy == "as usual" else ("visitor", "reviewer")

    for moment, (out, rival, owner) in zip((START, AFTER), expected, strict=True):
        with clock.at(moment):
            if moment == AFTER:
                Round.objects.filter(pk=scene.task.round_id).update(closes_at=CLOSE)
            for who, wanted in {**dict.fromkeys(outsiders, out), "rival": rival, "entrant": owner}.items():
                assert (policy, who, moment, scene.seen(who)) == (policy, who, moment, wanted), scene.places


def test_an_organiser_reads_all_but_the_labels():
    assert made_scene().seen("organiser") == set(CANARIES) - {"label"}


def test_a_verdict_tells_its_owner_the_score_that_the_gate_asked_and_nobody_else():
    scene = made_scene(board="hidden", own_scores=False)

    with clock.at(AFTER):
        drain()
        scene.made.settle_and_release("solve")

        assert not scene.seen("visitor") & {"public score", "final score"}
        assert "final score" in scene.seen("entrant")
