"""Many records at once, from a table; all of its rows or none, and the same table again does nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db import transaction

from dure.audit.operations import Part, record_many
from dure.core.flaws import Flaw, Rows, raise_flaws, read_rows, written_in
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
_NOBODY = Text(ko="이 학위 과정에서 이수 중인 사람이 아닙니다: {given}", en="Not on the way to this degree: {given}")
_ISSUER = Text(ko="등록되지 않은 기관입니다: {given}", en="Not known as an organisation: {given}")
_COURSE = Text(ko="과목 코드를 쓰세요(60자까지).", en="Write the course's code, of at most 60 letters.")
_TITLE = Text(ko="과목명을 쓰세요(200자까지).", en="Write the course's title, of at most 200 letters.")
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
    day: there again with something else, it is corrected. Raises Flawed with every flaw, its row and column."""
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
        sent = read_rows(header, rows, known=COLUMNS, needed=NEEDED)
        self.look_up([row for _, row in sent.rows])
        lines, flaws, seen = list[tuple[Candidacy, Credit]](), sent.flaws, dict[tuple[str, ...], int]()
        for number, row in sent.rows:
            found = list(self.flaws(row))
            key = row["email"].lower(), row["issuer"], row["course"], row["earned_on"][:10]
            if seen.setdefault(key, number) != number:
                found.append(("course", _TWICE.format(row=seen[key])))
            flaws += [Flaw(number, text, column) for column, text in found]
            if not found:
                lines.append((self.candidates[row["email"].lower()], self.credit(row)))
        raise_flaws(flaws, code="credits.flawed")
        return lines

    def flaws(self, row: Mapping[str, str]) -> Iterator[tuple[str, Text]]:
        if row["email"].lower() not in self.candidates:
            yield "email", _NOBODY.format(given=row["email"])
        if row["issuer"] not in self.issuers:
            yield "issuer", _ISSUER.format(given=row["issuer"])
        if not 0 < len(row["course"]) <= 60:
            yield "course", _COURSE
        yield from _title_flaws(row)
        least = Decimal(0) if row.get("thesis", "").lower() in YES else Decimal("0.1")
        if _number(row["credits"], 1, least, Decimal(999)) is None:
            yield "credits", _CREDITS.format(given=row["credits"])
        for name, places, most, sentence in (("grade", 2, BEST, _GRADE), ("attendance", 3, Decimal(1), _SHARE)):
            if row.get(name) and _number(row[name], places, Decimal(0), most) is None:
                yield name, sentence.format(given=row[name])
        if not _is_day(row["earned_on"]):
            yield "earned_on", _DAY.format(given=row["earned_on"])
        for name in ("transfer", "thesis"):
            if row.get(name, "").lower() not in YES | NO:
                yield name, _YES.format(name=name, given=row[name])

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


def _title_flaws(row: Mapping[str, str]) -> Iterator[tuple[str, Text]]:
    titles = {name: row.get(name, "") for name in ("title_ko", "title_en")}
    if not any(titles.values()):
        yield written_in(row, "title"), _TITLE
    yield from ((name, _TITLE) for name, title in titles.items() if len(title) > 200)


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
