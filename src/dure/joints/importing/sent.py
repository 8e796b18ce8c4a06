"""Bundles that people send by a page: tried out by workers, again in another environment, made into a programme."""

from functools import partial
from typing import IO, Any
from uuid import UUID

from django.db import transaction

from dure.audit.acting import acting
from dure.audit.models import thing_name
from dure.audit.operations import record
from dure.bundles.drafting import USUAL_TEAM
from dure.challenges import files
from dure.compute.models import Environment
from dure.core.errors import Refused
from dure.core.text import Text
from dure.jobs.operations import enqueue
from dure.jobs.registry import Effect
from dure.joints.importing.programme import MOST_BUNDLE, Competitor, Imported, check_team, import_bundle
from dure.joints.models import BUNDLE_MOVES, BundleState, SentBundle
from dure.people.models import Organisation, Person
from dure.store.models import move

TAKE_IN = "joints.take-in-bundle"
_STOPS = Text(
    ko="표시된 문제를 고친 번들을 다시 올리거나 실행 환경을 바꿔 다시 시험하세요.",
    en="Send a bundle in which what is marked is mended, or try it again in another environment.",
)


def send_bundle(stream: IO[bytes], *, by: Person, name: str, host: Organisation | None) -> SentBundle:
    """Keep what somebody sent and have it tried out. Raises TooLarge."""
    with files.received(stream, most_bytes=MOST_BUNDLE, name=name) as stored, transaction.atomic():
        stored.save(force_insert=True)
        sent = SentBundle.objects.create(by=by, source=stored, host=host)
        record("bundle.sent", sent, after={"name": stored.name, "sha256": stored.sha256})
        _enqueue(sent)
    return sent


@transaction.atomic
def try_again(sent: SentBundle, *, environment: Environment | None, chosen: bool) -> SentBundle:
    """Try it out again; ``chosen``: in that environment (None: the standard one), whatever its image says."""
    move(sent, BundleState.TRYING, by=BUNDLE_MOVES, environment=environment, chosen=chosen, findings=[], values=[])
    record("bundle.tried-again", sent, after={"environment": environment.name if environment else ""})
    _enqueue(sent)
    return sent


@transaction.atomic
def make_of(sent: SentBundle, *, case: Competitor = "person", team_most: int = USUAL_TEAM) -> SentBundle:
    """Have its programme made, as a draft in which persons compete, or teams of ``team_most`` persons at most. Raises
    Refused while something found stops it, Flawed for a size that no team has."""
    if sent.stops:
        raise Refused("import.stops", _STOPS)
    check_team(team_most)
    move(sent, BundleState.MAKING, by=BUNDLE_MOVES)
    record("bundle.asked", sent, after={"case": case, "team_most": team_most})
    _enqueue(sent, case=case, team_most=team_most)
    return sent


def take_in(sent_id: UUID, *, case: Competitor, team_most: int) -> Effect:
    """What workers do with it; making it is complete however often it is begun."""
    sent = SentBundle.objects.select_related("source", "by", "host", "environment").get(pk=sent_id)
    if not sent.is_going:
        return lambda: None
    try:
        with acting(actor=thing_name(sent.by)):
            imported = import_bundle(
                files.path_of(sent.source), by=sent.by, host=sent.host, case=case, team_most=team_most,
                environment=sent.environment, chosen=sent.chosen, dry_run=sent.state == BundleState.TRYING,
            )  # fmt: skip
    except Refused as refused:
        return partial(_fail, sent, refused.text)
    return partial(_end, sent, imported)


def _enqueue(sent: SentBundle, *, case: Competitor = "person", team_most: int = USUAL_TEAM) -> None:
    told = {"bundle": sent.pk, "case": case, "team_most": team_most}
    enqueue(TAKE_IN, arguments=told, share=f"person:{sent.by_id}")


def _end(sent: SentBundle, imported: Imported) -> None:
    is_made = sent.state == BundleState.MAKING and imported.programme is not None
    trial = imported.trial
    told: dict[str, Any] = {
        "findings": [finding.as_dict() for finding in trial.findings],
        "values": [[task, solution, {key: str(value) for key, value in values.items()}]
                   for (task, solution), values in trial.values.items()],
        "title": trial.title[:300], "image": trial.image[:200], "environment": trial.environment,
        "programme": imported.programme, "fresh": imported.fresh,
    }  # fmt: skip
    move(sent, BundleState.MADE if is_made else BundleState.TRIED, by=BUNDLE_MOVES, **told)
    record("bundle.made" if is_made else "bundle.tried", sent, after={"stops": trial.stops}, actor=sent.by)


def _fail(sent: SentBundle, why: Text) -> None:
    move(sent, BundleState.FAILED, by=BUNDLE_MOVES, cause_ko=why.ko, cause_en=why.en)
