"""What an issuer awards, by those who run it."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from dure.api.base import Asked
from dure.api.credentials.found import run_achievement, run_issuer
from dure.api.shapes import In, Line, Moment, Out, Page, Paging, Words, paged
from dure.api.writing import writes
from dure.core.errors import Flawed
from dure.core.text import Text
from dure.credentials import addresses
from dure.credentials.models import Achievement, Kind
from dure.credentials.operations import Content, Recognition, allow_again, define, edit, retire
from dure.skills.models import Skill

router = Router(tags=["credentials"])
Said = Annotated[str, Field(max_length=4000)]
UNKNOWN = Text(ko="등록되지 않은 역량입니다: {unknown}", en="Not known as skills: {unknown}")


class SaidIn(In):
    ko: Said
    en: Said

    def text(self) -> Text:
        return Text(ko=self.ko, en=self.en)


class RecognitionIn(In):
    """Recognised ``by`` an outside body, from a day ``since`` on; issued before it, it is a certificate ``before``."""

    by: Annotated[str, Field(min_length=1, max_length=160)]
    since: date | None = None
    before: SaidIn | None = None


class VersionIn(In):
    """``skills``: ids of skills with the level shown, 1 to 5 or null. ``valid_months`` null: without end."""

    name: SaidIn
    description: SaidIn
    criteria: SaidIn
    level: Annotated[str, Field(max_length=80)] = ""
    valid_months: Annotated[int, Field(ge=1, le=1200)] | None = None
    recognised: RecognitionIn | None = None
    skills: dict[UUID, Annotated[int, Field(ge=1, le=5)] | None] = Field(default_factory=dict, max_length=20)
    signed_off: bool = True

    def content(self, *, image: str = "") -> Content:
        known = {skill.pk: skill for skill in Skill.objects.filter(pk__in=self.skills)}
        if unknown := [str(pk) for pk in self.skills if pk not in known]:
            raise Flawed("skills.unknown", UNKNOWN.format(unknown=", ".join(unknown)), skills=unknown)
        given = self.recognised
        before = given.before.text() if given and given.before else Text(ko="", en="")
        return Content(
            self.name.text(), self.description.text(), self.criteria.text(), level=self.level,
            valid_months=self.valid_months, image=image, skills={known[pk]: level for pk, level in self.skills.items()},
            recognition=Recognition(given.by, given.since, before) if given else Recognition(),
        )  # fmt: skip


class AchievementIn(VersionIn):
    """``code`` is its name in addresses; it and ``kind`` stay."""

    code: Annotated[str, Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
    kind: Kind


class AchievementOut(Out):
    """``version`` is the one by which is awarded now; ``address`` is what credentials name."""

    id: UUID
    issuer: str
    code: str
    kind: str
    signed_off: bool
    version: int
    name: Words
    description: Words
    criteria: Words
    level: str
    valid_months: int | None
    address: str
    retired_at: Moment | None

    @classmethod
    def of(cls, achievement: Achievement) -> Self:
        version = achievement.current
        assert version  # noqa: S101 -- whatever is defined has one
        return cls(
            id=achievement.pk, issuer=achievement.issuer.organisation.short, code=achievement.code,
            kind=achievement.kind, signed_off=achievement.signed_off, version=version.number,
            name=Words.of(version.name), description=Words.of(version.description),
            criteria=Words.of(version.criteria), level=version.level, valid_months=version.valid_months,
            address=addresses.achievement(version.pk), retired_at=achievement.retired_at,
        )  # fmt: skip


@router.get("/issuers/{short}/achievements", response=Page[AchievementOut])
def listed(request: Asked, short: Line, paging: Query[Paging]) -> Page[AchievementOut]:
    """What an issuer awards, for those who run it."""
    rows = run_issuer(request.auth, short).achievements.select_related("current", "issuer__organisation")
    return paged(rows, paging, lambda found: [AchievementOut.of(one) for one in found])


@writes(router.post, "/issuers/{short}/achievements", AchievementOut, status=201)
def make(request: Asked, short: Line, body: AchievementIn) -> Achievement:
    """Something new to award; a medal is drawn for it."""
    issuer = run_issuer(request.auth, short)
    return define(
        issuer, code=body.code, kind=body.kind, content=body.content(), signed_off=body.signed_off, by=request.auth
    )


@router.get("/issuers/{short}/achievements/{code}", response=AchievementOut)
def shown(request: Asked, short: Line, code: Line) -> AchievementOut:
    """One of them."""
    return AchievementOut.of(run_achievement(request.auth, short, code))


@writes(router.post, "/issuers/{short}/achievements/{code}/versions", AchievementOut, status=201)
def next_version(request: Asked, short: Line, code: Line, body: VersionIn) -> Achievement:
    """Edit it by a next version; what was issued stays what it was."""
    achievement = run_achievement(request.auth, short, code)
    image = achievement.current.image if achievement.current else ""
    edit(achievement, content=body.content(image=image), signed_off=body.signed_off, by=request.auth)
    return achievement


@writes(router.post, "/issuers/{short}/achievements/{code}/retire", AchievementOut)
def stop(request: Asked, short: Line, code: Line) -> Achievement:
    """Award it no more; what was issued holds."""
    return retire(run_achievement(request.auth, short, code), by=request.auth)


@writes(router.post, "/issuers/{short}/achievements/{code}/allow", AchievementOut)
def resume(request: Asked, short: Line, code: Line) -> Achievement:
    """Award a retired one again."""
    return allow_again(run_achievement(request.auth, short, code), by=request.auth)
