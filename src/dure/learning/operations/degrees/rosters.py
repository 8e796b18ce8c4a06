"""Many records at once, from a table; all of its rows or none, and the same table again does nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db import transaction

from dure.audit.operations import Part, record_many
from dure.core.errors import Flawed
from dure.core.text import Text
from dure.learning.models import UNDECIDED, Candidacy, CreditRecord, Degree
from dure.learning.operations.degrees.auditing import audit_later
from dure.learning.operations.degrees.credits import Credit, plain
from dure.learning.queries.degrees import standing_records
from dure.match.audits import BEST
from dure.people.models import Organisation, Person
from dure.store.bulk import insert_rows
from dure.store.chunks import chunked

COLUMNS = ("email", "issuer", "course", "title_ko", "title_en", "credits", "earned_on", "area", "term", "grade",
           "attendance", "transfer", "thesis")  # fmt: skip
NEEDED = ("email", "issuer", "course", "credits", "earned_on")
YES, NO = frozenset({"yes", "true", "1", "y", "예", "o"}), frozenset({"", "no", "false", "0", "n", "아니요", "x"})
Rows = Sequence[tuple[int, list[str]]]
_FLAWED = Text(
    ko="{n}곳을 고쳐야 합니다. 아무것도 들어가지 않았습니다. 고친 파일을 다시 올리세요.",
    en="{n} places must be corrected. Nothing was taken in: send the corrected file again.",
)
_COLUMN = Text(ko="모르는 열입니다: {name}", en="No such column: {name}")
_LACKS = Text(ko="열이 없습니다: {name}", en="The column is missing: {name}")
_NOBODY = Text(ko="이 학위 과정에서 이수 중인 사람이 아닙니다: {given}", en="Not on the way to this degree: {given}")
_ISSUER = Text(ko="등록되지 않은 기관입니다: {given}", en="Not known as an organisation: {given}")
_COURSE = Text(ko="과목 코드(60자까지)와 과목명을 쓰세요.", en="Write the course's code (60 letters) and its title.")
_CREDITS = Text(
    ko="학점은 0.1부터 999까지, 소수점 아래 한 자리까지입니다. 논문만 0학점일 수 있습니다: {given}",
    en="Credits are from 0.1 to 999 with one decimal; a thesis alone may have none: {given}",
)
_GRADE = Text(ko="grade는 0부터 4.5까지입니다: {given}", en="A grade is from 0 to 4.5: {given}")
_SHARE = Text(ko="attendance는 0부터 1까지입니다: {given}", en="Attendance is from 0 to 1: {given}")
_DAY = Text(ko="날짜는 2026-12-31처럼 씁니다: {given}", en="A day is written as 2026-12-31: {given}")
_YES = Text(ko="{name}에는 yes나 no를 쓰세요: {given}", en="Write yes or no for {name}: {given}")
_TWICE = Text(ko="{row}행과 같은 기록입니다.", en="Row {row} is the same record.")


@dataclass
class CreditRoster:
    """What a table does: records that are new, that are corrected (with the former), and how many rows there were."""

    rows: int = 0
    new: list[tuple[Candidacy, Credit]] = field(default_factory=list)
    corrected: list[tuple[CreditRecord, Credit]] = field(default_factory=list)

    @property
    def same(self) -> int:
        return self.rows - len(self.new) - len(self.corrected)


@transaction.atomic
def take_credits(
    degree: Degree, *, header: Sequence[str], rows: Rows, by: Person, check_only: bool = False
) -> CreditRoster:
    """Enter and correct records; ``check_only`` says what it would do. One record is one course of one issuer on one
    day: there again with something else, it is corrected. Raises Flawed with every flaw and its row."""
    lines = _Reader(degree).lines(header, rows)
    there = {
        (row.candidacy_id, row.issuer_id, row.course, row.earned_on): row
        for row in standing_records({candidacy.pk for candidacy, _ in lines}).select_related("source", "evidence")
    }
    roster = CreditRoster(rows=len(lines))
    for candidacy, credit in lines:
        former = there.get((candidacy.pk, credit.issuer.pk, credit.course, credit.earned_on))
        if former is None:
            roster.new.append((candidacy, credit))
        elif _said_of(former) != credit:
            former.candidacy = candidacy
            roster.corrected.append((former, credit))
    if not check_only:
        _apply(degree, roster, by)
    return roster


def _said_of(row: CreditRecord) -> Credit:
    """What a table could have said of it."""
    told = {name: getattr(row, name) for name in Credit.__dataclass_fields__ if name not in _UNSAID}
    return Credit(title=Text(ko=row.title_ko, en=row.title_en), **told)


_UNSAID = {"title", "source", "evidence"}


def _apply(degree: Degree, roster: CreditRoster, by: Person) -> None:
    made = [CreditRecord(candidacy=candidacy, by=by, **credit.columns) for candidacy, credit in roster.new]
    made += [
        CreditRecord(
            candidacy=former.candidacy, by=by, replaces=former,
            **{**credit.columns, "source": former.source, "evidence": former.evidence},
        )
        for former, credit in roster.corrected
    ]  # fmt: skip
    if made:
        stored = [field.name for field in CreditRecord._meta.concrete_fields]
        named = [field.attname for field in CreditRecord._meta.concrete_fields]
        insert_rows(CreditRecord, stored, ([getattr(row, name) for name in named] for row in made))
        parts = [Part(row, after=plain(Credit.of(row)), about=row.candidacy.person) for row in made]
        record_many("credit.roster-taken", degree, parts=parts, actor=by)
        audit_later({row.candidacy_id for row in made})


class _Reader:
    """Reads cells against the candidates and organisations that there are, looked up once for all rows."""

    def __init__(self, degree: Degree) -> None:
        self.degree = degree
        self.candidates: dict[str, Candidacy] = {}
        self.issuers: dict[str, Organisation] = {}

    def look_up(self, rows: Sequence[Mapping[str, str]]) -> None:
        open_ = self.degree.candidacies.filter(state__in=UNDECIDED).select_related("person")
        for piece in chunked({row.get("email", "").lower() for row in rows}):
            self.candidates |= {row.person.email: row for row in open_.filter(person__email__in=piece)}
        shorts = {row.get("issuer", "") for row in rows}
        self.issuers = {row.short: row for row in Organisation.objects.filter(short__in=shorts)}

    def lines(self, header: Sequence[str], rows: Rows) -> list[tuple[Candidacy, Credit]]:
        names = [name.strip().lower() for name in header]
        flaws = [(1, _COLUMN.format(name=name)) for name in names if name and name not in COLUMNS]
        flaws += [(1, _LACKS.format(name=name)) for name in NEEDED if name not in names]
        told = [(at, {name: cell.strip() for name, cell in zip(names, row, strict=False) if name}) for at, row in rows]
        self.look_up([row for _, row in told])
        found, seen = [], dict[tuple[object, ...], int]()
        for number, row in [] if flaws else told:
            wrong = list(self.flaws(row))
            if not wrong:
                line = self.candidates[row["email"].lower()], self.credit(row)
                key = (line[0].pk, line[1].issuer.pk, line[1].course, line[1].earned_on)
                wrong = [_TWICE.format(row=seen[key])] if key in seen else []
                seen.setdefault(key, number)
                found.append(line)
            flaws += [(number, text) for text in wrong]
        if flaws:
            errors = [{"row": row, "text": text.as_dict()} for row, text in flaws]
            raise Flawed("credits.flawed", _FLAWED.format(n=len(flaws)), errors=errors)
        return found

    def flaws(self, row: Mapping[str, str]) -> Iterator[Text]:
        if row["email"].lower() not in self.candidates:
            yield _NOBODY.format(given=row["email"])
        if row["issuer"] not in self.issuers:
            yield _ISSUER.format(given=row["issuer"])
        titled = row.get("title_ko") or row.get("title_en")
        if not titled or not 0 < len(row["course"]) <= 60 or len(titled) > 200:
            yield _COURSE
        least = Decimal(0) if row.get("thesis", "").lower() in YES else Decimal("0.1")
        if _number(row["credits"], 1, least, Decimal(999)) is None:
            yield _CREDITS.format(given=row["credits"])
        for name, places, most, sentence in (("grade", 2, BEST, _GRADE), ("attendance", 3, Decimal(1), _SHARE)):
            if row.get(name) and _number(row[name], places, Decimal(0), most) is None:
                yield sentence.format(given=row[name])
        if not _is_day(row["earned_on"]):
            yield _DAY.format(given=row["earned_on"])
        for name in ("transfer", "thesis"):
            if row.get(name, "").lower() not in YES | NO:
                yield _YES.format(name=name, given=row[name])

    def credit(self, row: Mapping[str, str]) -> Credit:
        """What a row without flaws says."""
        return Credit(
            self.issuers[row["issuer"]], row["course"], Text(ko=row.get("title_ko", ""), en=row.get("title_en", "")),
            Decimal(row["credits"]), _day(row["earned_on"]),
            area=row.get("area", "")[:60], term=row.get("term", "")[:20],
            grade=_number(row.get("grade", ""), 2, Decimal(0), BEST),
            attendance=_number(row.get("attendance", ""), 3, Decimal(0), Decimal(1)),
            transfer=row.get("transfer", "").lower() in YES, thesis=row.get("thesis", "").lower() in YES,
        )  # fmt: skip


def _number(written: str, places: int, least: Decimal, most: Decimal) -> Decimal | None:
    """The number, where it is one within bounds that needs no more decimals."""
    try:
        found = Decimal(written)
    except InvalidOperation:
        return None
    if not found.is_finite() or not least <= found <= most or round(found, places) != found:
        return None
    return found


def _day(written: str) -> date:
    return date.fromisoformat(written[:10])


def _is_day(written: str) -> bool:
    try:
        _day(written)
    except ValueError:
        return False
    return True
