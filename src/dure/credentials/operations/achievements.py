"""Achievements are defined, and edited by a next version; what was issued stays what it was."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.credentials.models import Achievement, Alignment, Issuer, Kind, Version
from dure.people.models import Person
from dure.skills.models import Skill

TAKEN = Text(
    ko="같은 코드를 쓰는 항목이 이미 있습니다. 다른 코드를 쓰거나 그 항목을 고치세요.",
    en="Another achievement has this code. Use another code, or edit that one.",
)
MEANWHILE = Text(
    ko="그 사이 다른 사람이 고쳤습니다. 새로 고친 뒤 다시 시도하세요.",
    en="Somebody else edited it meanwhile. Reload and try again.",
)
NAMELESS = Text(
    ko="이름, 설명, 기준을 한국어와 영어로 모두 입력하세요.",
    en="Give a name, a description and the criteria, each in Korean and English.",
)
HALF_RECOGNISED = Text(
    ko="인정 시작일이 있으면 인정하는 기관과 그 전에 쓸 이름을 모두 입력하세요.",
    en="With a day of recognition, say who recognises it and what it is called before that day.",
)
AGAIN = Text(ko="이미 그렇게 되어 있습니다. 새로 고치세요.", en="It is so already. Reload the page.")
NOTHING = Text(ko="", en="")


@dataclass(frozen=True)
class Recognition:
    """An outside body recognises what is issued from a day on; before it, a certificate named ``before`` is issued."""

    by: str = ""
    since: date | None = None
    before: Text = NOTHING


@dataclass(frozen=True)
class Content:
    """What a version says. ``skills``: each with its level, or None. ``image``: SHA-256 of a kept PNG."""

    name: Text
    description: Text
    criteria: Text
    level: str = ""
    valid_months: int | None = None
    image: str = ""
    recognition: Recognition = field(default_factory=Recognition)
    skills: Mapping[Skill, int | None] = field(default_factory=dict)


@transaction.atomic
def define(
    issuer: Issuer, *, code: str, kind: Kind, content: Content, by: Person | None, signed_off: bool = True
) -> Achievement:
    """Something that an issuer awards from now on. Raises Refused("credentials.code"), Flawed."""
    try:
        with transaction.atomic():
            made = Achievement.objects.create(issuer=issuer, code=code, kind=kind, signed_off=signed_off)
    except IntegrityError as twice:
        raise Refused("credentials.code", TAKEN) from twice
    _say(made, content, by)
    return made


@transaction.atomic
def edit(achievement: Achievement, *, content: Content, by: Person | None, signed_off: bool | None = None) -> Version:
    """Its next version, for what is proposed from now on. Raises Refused("state.changed"), Flawed."""
    if signed_off is not None:
        achievement.signed_off = signed_off
        achievement.save(update_fields=["signed_off"])
    return _say(achievement, content, by)


def _say(achievement: Achievement, content: Content, by: Person | None) -> Version:
    _check(content)
    last = achievement.versions.aggregate(last=Max("number"))["last"] or 0
    try:
        with transaction.atomic():
            version = Version.objects.create(achievement=achievement, number=last + 1, by=by, **_columns(content))
    except IntegrityError as twice:
        raise Refused("state.changed", MEANWHILE) from twice
    aligned = [Alignment(version=version, skill=skill, level=level) for skill, level in content.skills.items()]
    Alignment.objects.bulk_create(aligned)
    achievement.current = version
    achievement.save(update_fields=["current"])
    told = {**_columns(content), "number": version.number, "skills": [skill.code for skill in content.skills]}
    record("achievement.said", achievement, after={**told, "signed_off": achievement.signed_off}, actor=by)
    return version


def _columns(content: Content) -> dict[str, Any]:
    texts = {name: getattr(content, name) for name in ("name", "description", "criteria")}
    texts["before"] = content.recognition.before
    columns = {f"{name}_{language}": text for name, both in texts.items() for language, text in asdict(both).items()}
    return {
        **columns, "level": content.level, "valid_months": content.valid_months, "image": content.image,
        "recognised_by": content.recognition.by, "recognised_from": content.recognition.since,
    }  # fmt: skip


def _check(content: Content) -> None:
    said = (content.name, content.description, content.criteria)
    if not all(text.ko.strip() and text.en.strip() for text in said):
        raise Flawed("credentials.nameless", NAMELESS)
    recognition = content.recognition
    if recognition.since and not (recognition.by and recognition.before.ko and recognition.before.en):
        raise Flawed("credentials.recognition", HALF_RECOGNISED)


@transaction.atomic
def retire(achievement: Achievement, *, by: Person | None) -> Achievement:
    """Award it no more; what was issued holds."""
    return _set_retired(achievement, "achievement.retired", by=by, retired=True)


@transaction.atomic
def allow_again(achievement: Achievement, *, by: Person | None) -> Achievement:
    """Award a retired one again."""
    return _set_retired(achievement, "achievement.allowed", by=by, retired=False)


def _set_retired(achievement: Achievement, action: str, *, by: Person | None, retired: bool) -> Achievement:
    moment = clock.now() if retired else None
    rows = Achievement.objects.filter(pk=achievement.pk, retired_at__isnull=retired)
    if rows.update(retired_at=moment) != 1:
        raise Refused("state.changed", AGAIN)
    achievement.retired_at = moment
    record(action, achievement, after={"retired": retired}, actor=by)
    return achievement
