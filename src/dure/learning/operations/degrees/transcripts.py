"""Transcripts: somebody's records on a day, as one text that is hashed, signed by a worker and checked later."""

import json
from hashlib import sha256

from django.db import transaction

from dure.audit.operations import record
from dure.core.events import publish
from dure.learning.events import TranscriptWritten
from dure.learning.models import Candidacy, Transcript
from dure.learning.queries.degrees import audit_of, standing_records
from dure.match.audits import Audit
from dure.match.audits.sayings import WHY, said
from dure.people.models import Person


@transaction.atomic
def write_transcript(candidacy: Candidacy, *, by: Person) -> Transcript:
    """Today's transcript; asked for again with nothing new in it, the same one."""
    content = json.dumps(_told(candidacy), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = sha256(content.encode()).hexdigest()
    found = candidacy.transcripts.filter(sha256=digest).first()
    if found:
        return found
    made = Transcript.objects.create(candidacy=candidacy, content=content, sha256=digest, by=by)
    record("transcript.written", made, after={"sha256": digest}, about=candidacy.person, actor=by)
    publish(TranscriptWritten(made.pk))
    return made


def keep_token(transcript: Transcript, *, token: str, document: str) -> None:
    """Its signatures, the first that are made."""
    Transcript.objects.filter(pk=transcript.pk, token="").update(token=token, document=document)


def _told(candidacy: Candidacy) -> dict[str, object]:
    audit = audit_of(candidacy)
    organisation = candidacy.degree.organisation
    return {
        "degree": candidacy.degree.key, "title": candidacy.degree.title.as_dict(), "track": candidacy.track,
        "institution": {"short": organisation.short, **organisation.title.as_dict()},
        "holder": candidacy.person.name, "on": audit.on.isoformat(), "version": candidacy.version.number,
        "state": candidacy.state, "met": audit.met,
        "awards": audit.requirement.name_on(candidacy.awarded_on or audit.on).as_dict(),
        "records": _records(candidacy, audit),
        "conditions": [{"met": line.met, **said(line).as_dict()} for line in audit.lines],
    }  # fmt: skip


def _records(candidacy: Candidacy, audit: Audit) -> list[dict[str, object]]:
    """By the day they were earned; what does not count says why."""
    areas = {one.record.key: one.area.title.as_dict() if one.area else None for one in audit.placed}
    why = {left.record.key: WHY[left.why].as_dict() for left in audit.left}
    return [
        {
            "issuer": row.issuer.title.as_dict(), "course": row.course, "title": row.title.as_dict(), "term": row.term,
            "credits": str(row.credits), "grade": None if row.grade is None else str(row.grade),
            "earned": row.earned_on.isoformat(), "transfer": row.transfer, "thesis": row.thesis,
            "area": areas.get(str(row.pk)), "left_out": why.get(str(row.pk)),
        }
        for row in standing_records([candidacy.pk])
    ]  # fmt: skip
