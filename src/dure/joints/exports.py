"""Everything that Dure keeps about a person, gathered from all rooms into one ZIP: JSON, and the files they sent."""

import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from allauth.account.models import EmailAddress
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from dure.applications import files as attachments
from dure.applications.models import Application
from dure.assessments.models import Attempt, AttemptState, IntervieweeState
from dure.assessments.queries.interviews import earlier_of, interviewed_in
from dure.assessments.rules import sees_score
from dure.audit.queries import acts_of
from dure.challenges import files as uploads
from dure.challenges.models import Submission
from dure.challenges.queries import attempt
from dure.core.events import on
from dure.funding.queries import payments_of
from dure.jobs.operations import enqueue
from dure.jobs.registry import Claim, Effect, long_task
from dure.joints.gates.signed import SHELF
from dure.joints.models import Proof, Review, Say
from dure.joints.surveys import surveys_told
from dure.learning.models import Enrolment
from dure.people.events import ExportAsked
from dure.people.models import Export, ExportState, Person
from dure.people.operations import finish_export, note_progress
from dure.people.queries import consents_of, notices_of
from dure.programmes import rules
from dure.programmes.models import Given, Offer, Seat, Turn
from dure.programmes.operations.handing import verdicts_of
from dure.programmes.queries.shown import shown_values
from dure.skills.queries.levels import levels_of

EXPORT = "joints.export"
README = """두레에 보관된 내 데이터입니다.
JSON 파일은 메모장이나 웹 브라우저로 열 수 있고, files 폴더에는 내가 올린 파일이 있습니다.

What Dure keeps about you. The JSON files open in any text editor; the folder files has what you sent.
"""
SCORED = ("state", "points", "reason", "notes", "conflict", "sent_at")
Told = Mapping[str, object] | Sequence[Mapping[str, object]]


@on(ExportAsked)
def gather_soon(fact: ExportAsked) -> None:
    enqueue(EXPORT, arguments={"export": fact.export}, key=f"{EXPORT}:{fact.export}")


@long_task(EXPORT)
def gather(_claim: Claim, *, export: str) -> Effect:
    """Write the file beside its place and put it there whole; tried again it starts anew."""
    row = Export.objects.select_related("person").get(pk=export)
    if row.state != ExportState.ASKED:
        return lambda: None
    row.file.parent.mkdir(parents=True, exist_ok=True)
    growing = row.file.with_suffix(".part")
    with zipfile.ZipFile(growing, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README)
        for done, (name, told) in enumerate(PARTS.items(), start=1):
            text = json.dumps(told(row.person), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
            archive.writestr(f"{name}.json", text)
            note_progress(row, done=done, of=len(PARTS) + 1)
        for name, path in _files(row.person):
            archive.write(path, name)
    growing.replace(row.file)
    return partial(finish_export, row, size=row.file.stat().st_size)


def _account(person: Person) -> Told:
    known = ("email", "name", "birth_date", "language", "zone", "joined_at", "last_login")
    return {
        **{name: getattr(person, name) for name in known},
        "emails": list(EmailAddress.objects.filter(user=person).values("email", "verified", "primary")),
        "memberships": list(
            person.memberships.values("organisation__short", "role", "department", "team", "title", "since", "until")
        ),
        "teams": list(person.team_members.values("team__name", "joined_at", "left_at")),
        "tokens": list(person.api_tokens.values("name", "prefix", "made_at", "expires_at", "last_used_at")),
        "only_on_pages": list(person.muted.values_list("kind", flat=True)),
    }


def _facts(person: Person) -> Told:
    return list(person.known_facts.order_by("pk").values("name", "value", "source", "note", "recorded_at"))


def _consents(person: Person) -> Told:
    return list(consents_of(person).values("purpose", "scope", "wording", "given_at", "withdrawn_at"))


def _notices(person: Person) -> Told:
    return list(notices_of(person).values("kind", "text_ko", "text_en", "path", "made_at", "read_at"))


def _turns(person: Person) -> Told:
    """As they are shown to their holder: what a sealed round or a settlement still holds back stays back."""
    rows = Turn.objects.filter(rules.held_by(person)).select_related("programme", "evidence").order_by("pk")
    return [_turn(turn) for turn in rows]


def _turn(turn: Turn) -> Mapping[str, object]:
    known = ("stage", "state", "options", "title", "arrived_at", "opened_at", "handed_in_at", "ended_at")
    told = [
        {"verdict": d.verdict, "reason_ko": d.reason_ko, "reason_en": d.reason_en, "at": d.at}
        for d in verdicts_of(turn)
    ]
    return {
        "programme": turn.programme.slug, **{name: getattr(turn, name) for name in known},
        "evidence": shown_values(turn), "decisions": told,
    }  # fmt: skip


def _received(person: Person) -> Told:
    rows = Given.objects.filter(person=person).order_by("pk")
    return list(rows.values("programme__slug", "kind", "name", "state", "given_at", "expires_at"))


def _payments(person: Person) -> Told:
    rows = payments_of(person)
    return list(rows.values("commitment__what", "amount", "number", "of", "due", "state", "paid_at"))


def _offers(person: Person) -> Told:
    rows = Offer.objects.filter(person=person).order_by("pk")
    return list(rows.values("programme__slug", "stage", "note", "state", "made_at", "answered_at"))


def _seats(person: Person) -> Told:
    return list(Seat.objects.filter(person=person).order_by("pk").values("programme__slug", "role", "ended_at"))


def _applications(person: Person) -> Told:
    return [
        {
            "questions": application.form.questions, "answers": application.answers, "state": application.state,
            "receipts": list(application.receipts.values("number", "answers", "files", "sha256", "received_at")),
        }
        for application in person.applications.select_related("form").order_by("pk")
    ]  # fmt: skip


def _submissions(person: Person) -> Told:
    """Final scores are in it once they are shown."""
    found = []
    for submission in _submitted(person):
        seen = attempt(submission, viewer=person)
        known = ("number", "kind", "command", "state", "received_at", "judged_at", "flaws", "log")
        scores = {"public_score": seen.public_score, "final_score": seen.final_score, "counts": seen.counts}
        found.append({"task": submission.entrant.task_id, **{n: getattr(submission, n) for n in known}, **scores})
    return found


def _reviews(person: Person) -> Told:
    """What they marked and decided for others."""
    marks = Review.objects.filter(reviewer=person).order_by("pk")
    says = Say.objects.filter(by=person).order_by("pk")
    return {
        "reviews": list(marks.values("turn", "step", "state", "marks", "comment", "conflict", "done_at")),
        "decisions": list(says.values("turn", "step", "yes", "reason", "at")),
    }


def _proofs(person: Person) -> Told:
    rows = _proven(person).values("turn", "reference", "sort", "file_name", "valid_until", "state", "note", "at")
    return list(rows)


def _exams(person: Person) -> Told:
    """Results once they are released."""
    rows = Attempt.objects.filter(candidate__person=person).select_related("exam").order_by("pk")
    return [
        {
            "exam": attempt.exam.title_en, "number": attempt.number, "state": attempt.state,
            "started_at": attempt.started_at, "sent_at": attempt.sent_at,
            "score": attempt.score if attempt.state == AttemptState.RELEASED else None, "total": attempt.total,
        }
        for attempt in rows
    ]  # fmt: skip


def _interviews(person: Person) -> Told:
    """Results as far as they are shown; as an interviewer, the points that they gave and their notes."""
    given = person.scorings.select_related("interviewee__interview").order_by("pk")
    return {
        "interviewed": [
            {
                "interview": row.interview.title_en, "state": row.state,
                "passed": row.passed if row.state == IntervieweeState.RELEASED else None,
                "score": row.score if sees_score(row) else None, "most": row.most if sees_score(row) else None,
                "earlier": [asdict(one) for one in earlier_of(row, own=True)],
            }
            for row in interviewed_in(person)
        ],
        "scored": [
            {"interview": one.interviewee.interview.title_en, **{name: getattr(one, name) for name in SCORED}}
            for one in given
        ],
    }  # fmt: skip


def _courses(person: Person) -> Told:
    known = ("option", "state", "completion", "attendance", "grade", "credits", "finished_at")
    rows = Enrolment.objects.filter(person=person).select_related("cohort__course").order_by("pk")
    return [{"course": row.cohort.course.key, **{name: getattr(row, name) for name in known}} for row in rows]


def _skills(person: Person) -> Told:
    """Levels as they are counted, and what they say of themselves."""
    return {
        "levels": list(levels_of(person).values("skill__code", "skill__name_en", "level", "as_of", "falls_on")),
        "own_word": list(person.skill_claims.order_by("pk").values("skill__code", "level", "said_at")),
    }


def _credentials(person: Person) -> Told:
    """As they were signed, to the byte."""
    rows = person.credentials.exclude(document="").order_by("pk")
    return list(rows.values("state", "issued_at", "valid_until", "public", "document", "token"))


def _degrees(person: Person) -> Told:
    """Degrees that they are on the way to, and every record with its corrections."""
    rows = person.candidacies.select_related("degree").order_by("pk")
    known = ("issuer__short", "course", "title_ko", "title_en", "area", "credits", "grade", "attendance", "term",
             "earned_on", "transfer", "thesis", "struck", "id", "replaces", "at")  # fmt: skip
    return [
        {
            "degree": row.degree.key, "state": row.state, "track": row.track, "reason": row.reason,
            "awarded_on": row.awarded_on, "records": list(row.records.order_by("pk").values(*known)),
            "transcripts": list(row.transcripts.order_by("pk").values("code", "at", "content", "token", "document")),
        }
        for row in rows
    ]  # fmt: skip


def _log(person: Person) -> Told:
    return list(acts_of(person).values("at", "action", "object_kind", "object_id"))


PARTS: Mapping[str, Callable[[Person], Told]] = {
    "account": _account, "facts": _facts, "consents": _consents, "notices": _notices, "turns": _turns,
    "received": _received, "payments": _payments, "offers": _offers, "seats": _seats,
    "applications": _applications, "submissions": _submissions, "reviews": _reviews, "log": _log,
    "proofs": _proofs, "exams": _exams, "courses": _courses, "skills": _skills, "credentials": _credentials,
    "degrees": _degrees, "surveys": surveys_told, "interviews": _interviews,
}  # fmt: skip


def _submitted(person: Person) -> Iterator[Submission]:
    rows = Submission.objects.filter(entrant__members__person=person)
    return rows.select_related("entrant__task__round", "upload").order_by("pk").iterator()


def _proven(person: Person) -> "QuerySet[Proof]":
    return Proof.objects.filter(turn__in=Turn.objects.filter(rules.held_by(person))).order_by("pk")


def _files(person: Person) -> Iterator[tuple[str, Path]]:
    """Each file under a name of its own, with the one it came with at the end."""
    applications = Application.objects.filter(holders=person).prefetch_related("attachments")
    for application in applications:
        for attached in application.attachments.all():
            yield f"files/applications/{attached.pk}-{attached.name}", attachments.path_of(attached.sha256)
    for submission in _submitted(person):
        path = uploads.path_of(submission.upload)
        yield f"files/submissions/{submission.pk}-{Path(submission.upload.name).name or 'file'}", path
    for proof in _proven(person).exclude(sha256=""):
        yield f"files/proofs/{proof.pk}-{proof.file_name}", SHELF.path_of(proof.sha256)
