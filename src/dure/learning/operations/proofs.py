"""What was learnt elsewhere, proven by a provider: a table of who did what, or a file that it signed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import import_key

from dure.core.errors import Flawed, Refused
from dure.core.flaws import Flaw, Rows, raise_flaws, read_rows
from dure.core.text import Text
from dure.learning.models import SEATED, Cohort, Lesson, LessonKind, Progress
from dure.learning.operations.progressing import prove
from dure.people.models import Person

COLUMNS = ("email", "item", "proof")
ALGORITHMS = ["EdDSA", "Ed25519", "ES256", "RS256"]
_NOT_IN = Text(ko="이 기수의 수강생이 아닙니다: {email}", en="Not in this cohort: {email}")
_NO_ITEM = Text(
    ko="이 강좌에서 밖에서 배우는 차시가 아닙니다: {item}", en="Not learnt elsewhere in this course: {item}"
)
_NO_KEY = Text(
    ko="제공 기관의 공개 키가 없습니다. 제공 기관 설정에 공개 키를 먼저 넣으세요.",
    en="The provider has no public key here. Put it into the provider's settings first.",
)
_UNSIGNED = Text(
    ko="서명이 맞지 않습니다. 제공 기관에서 받은 파일 그대로인지 확인하세요.",
    en="The signature does not hold. Check that the file is as the provider sent it.",
)


@dataclass(frozen=True)
class Proven:
    """How many rows there were, and how many of them said something new."""

    rows: int
    new: int


@transaction.atomic
def take_proofs(
    cohort: Cohort,
    *,
    header: Sequence[str],
    rows: Rows,
    by: Person,
    check_only: bool = False,
) -> Proven:
    """Prove lessons from a table of email, item (the key in the catalogue, or the lesson's title) and proof.

    The same table again does nothing. Raises Flawed with every flaw, its row and column.
    """
    sent = read_rows(header, rows, needed=COLUMNS[:2])
    read = [(number, row["email"].lower(), row["item"], row.get("proof", "")) for number, row in sent.rows]
    return _taken(cohort, read, sent.flaws, by=by, check_only=check_only)


def take_signed(cohort: Cohort, data: bytes, *, by: Person, check_only: bool = False) -> Proven:
    """Prove lessons from a compact JWS of the provider's: ``{"completions": [{"email", "item", "id"}]}``.

    Raises Refused("proof.key"), Flawed("proof.signature"), and as ``take_proofs``.
    """
    written = cohort.course.provider.public_key
    if not written:
        raise Refused("proof.key", _NO_KEY)
    try:
        payload = jws.deserialize_compact(data.strip(), import_key(json.loads(written)), algorithms=ALGORITHMS).payload
        rows = _completions(payload)
    except (JoseError, ValueError, TypeError, KeyError):
        raise Flawed("proof.signature", _UNSIGNED, errors=[]) from None
    return _taken(cohort, rows, [], by=by, check_only=check_only)


def _completions(payload: bytes) -> list[tuple[int, str, str, str]]:
    told: Any = json.loads(payload)
    return [
        (at, str(one["email"]).lower(), str(one["item"]), f"signed {one.get('id', '')}".strip())
        for at, one in enumerate(told["completions"], start=1)
    ]


def _taken(
    cohort: Cohort, rows: Sequence[tuple[int, str, str, str]], flaws: Sequence[Flaw], *, by: Person, check_only: bool
) -> Proven:
    people = {row.person.email: row for row in cohort.enrolments.filter(state__in=SEATED).select_related("person")}
    lessons = _lessons(cohort)
    strangers = [Flaw(at, _NOT_IN.format(email=email), "email") for at, email, _, _ in rows if email not in people]
    unknown = [Flaw(at, _NO_ITEM.format(item=item), "item") for at, _, item, _ in rows if item not in lessons]
    raise_flaws([*flaws, *strangers, *unknown], code="proof.flawed")
    done = set(_done(cohort))
    new = [
        (people[email], lessons[item], proof)
        for _, email, item, proof in rows
        if (people[email].pk, lessons[item].pk) not in done
    ]
    for enrolment, lesson, proof in [] if check_only else new:
        prove(enrolment, lesson, by=by, proof=proof)
    return Proven(len(rows), len(new))


def _lessons(cohort: Cohort) -> dict[str, Lesson]:
    """Lessons that are learnt elsewhere, by what a provider may call them."""
    kinds = [kind for kind in LessonKind if kind.is_proven]
    found: dict[str, Lesson] = {}
    for lesson in cohort.course.lessons.filter(kind__in=kinds, retired_at=None).select_related("item"):
        names = (lesson.title_ko, lesson.title_en, lesson.item.key if lesson.item else "")
        for name in filter(None, names):
            found.setdefault(name, lesson)
    return found


def _done(cohort: Cohort) -> list[tuple[UUID, UUID]]:
    rows = Progress.objects.filter(enrolment__cohort=cohort, done_at__isnull=False)
    return list(rows.values_list("enrolment", "lesson"))
