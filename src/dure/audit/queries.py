"""Reading the log: the history of a thing, the acts of an actor, the proof of one row, the check of the whole chain."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet

from dure.audit import merkle
from dure.audit.models import ERASED, AuditRow, AuditText, Seal, Thing, Vouching, thing_kind_and_id, thing_name
from dure.core.errors import Unready
from dure.core.text import Text
from dure.store.worded import counted, found

Anchor = tuple[int, str]
Told = Callable[[int, int], None]

SENTENCES = {
    "seal.missing": Text(ko="{what}번 봉인이 없습니다.", en="Seal {what} is missing."),
    "seal.changed": Text(ko="{what}번 봉인이 바뀌었습니다.", en="Seal {what} was changed."),
    "row.changed": Text(ko="기록이 바뀌었습니다: {what}", en="Row {what} was changed."),
    "row.missing": Text(ko="기록이 사라졌습니다: {what}", en="Row {what} is missing."),
    "row.inserted": Text(ko="봉인한 뒤에 끼워 넣은 기록입니다: {what}", en="Row {what} was inserted after sealing."),
    "text.changed": Text(ko="기록의 본문이 바뀌었습니다: {what}", en="The text of row {what} was changed."),
    "text.missing": Text(
        ko="기록의 본문이 지웠다는 기록 없이 사라졌습니다: {what}",
        en="The text of row {what} is gone, and nothing says that it was erased.",
    ),
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something in the log that is not as it was sealed; ``what`` is a seal's number or a row's id."""

    code: str
    what: str

    @property
    def text(self) -> Text:
        return SENTENCES[self.code].format(what=self.what)


@dataclass(frozen=True, slots=True)
class Report:
    """``anchor`` is the newest seal: whoever keeps it elsewhere can later show that nothing up to it was rewritten."""

    seals: int
    unsealed: int
    anchor: Anchor | None
    flaws: list[Flaw] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.flaws


@dataclass(frozen=True, slots=True)
class Step:
    """One tree on the way from a row to its seal."""

    leaf: bytes
    place: int
    of: int
    beside: list[bytes]
    root: bytes

    def holds(self) -> bool:
        return merkle.proves(self.beside, leaf=self.leaf, place=self.place, of=self.of, root=self.root)


def history(thing: Thing) -> QuerySet[AuditRow]:
    """Everything that was done to ``thing``, newest first, with the texts that are still there."""
    kind, name = thing_kind_and_id(thing)
    return _readable().filter(object_kind=kind, object_id=name)


def acts_of(actor: Thing) -> QuerySet[AuditRow]:
    """Everything ``actor`` did, newest first; a batch counts as one act."""
    return _readable().filter(actor=thing_name(actor), head=None)


def acts() -> QuerySet[AuditRow]:
    """Everything that was done, the newest first; a batch counts as one act. For pages: :func:`before`."""
    return AuditRow.objects.defer("leaves").select_related("text").filter(head=None).order_by("-at", "-pk")


def before(rows: QuerySet[AuditRow], last: AuditRow) -> QuerySet[AuditRow]:
    """Those of ``rows`` (newest first) that come after ``last`` in a list of them."""
    return rows.filter(at__lte=last.at).exclude(at=last.at, pk__gte=last.pk)


def newest_seal() -> Seal | None:
    return next(iter(found(_newest_seal)), None)


def _newest_seal() -> QuerySet[Seal]:
    return Seal.objects.defer("leaves").order_by("-number")[:1]


def unsealed() -> int:
    """How many acts wait to be sealed."""
    return counted(_unsealed)


def _unsealed() -> QuerySet[AuditRow]:
    return AuditRow.objects.filter(seal=None, head=None)


def _readable() -> QuerySet[AuditRow]:
    return AuditRow.objects.defer("leaves").select_related("text").order_by("-pk")


def proof(row: AuditRow) -> list[Step]:
    """The trees from ``row`` to its seal (two for a part of a batch); Refused as Unready while it is unsealed."""
    if row.head:
        return [_step(row, row.head), *proof(row.head)]
    if row.seal is None:
        raise Unready(
            "audit.unsealed",
            Text(
                ko="아직 봉인되지 않은 기록입니다. 잠시 뒤 다시 시도하세요.",
                en="This row is not sealed yet. Try again in a moment.",
            ),
        )
    return [_step(row, row.seal)]


def _step(row: AuditRow, voucher: Vouching) -> Step:
    vouched = voucher.vouched()
    leaves, place = list(vouched.values()), list(vouched).index(row.pk)
    return Step(row.leaf(), place, len(leaves), merkle.proof(leaves, place), bytes.fromhex(voucher.root))


def verify(*, anchor: Anchor | None = None, tell: Told = lambda *_: None) -> Report:
    """Walk the whole chain and name every row that was changed, removed or inserted since it was sealed.

    ``anchor`` is a seal noted outside the database: it shows a chain that was rewritten or cut as a whole.
    ``tell`` hears, every hundred seals, how many are looked at and how many there are.
    """
    last, flaws, of = None, [], Seal.objects.count()
    for seal in _seals():
        flaws += [*_link_flaws(seal, last), *_flaws_under(seal, seal.rows.all())]
        last = seal
        if seal.number % 100 == 0:
            tell(seal.number, max(of, seal.number))
    flaws += _anchor_flaws(anchor)
    stray = AuditRow.objects.filter(head__isnull=False, head__root="").values_list("pk", flat=True)
    flaws += [Flaw("row.inserted", str(pk)) for pk in stray]
    return Report(
        seals=Seal.objects.count(),
        unsealed=unsealed(),
        anchor=(last.number, last.hash) if last else None,
        flaws=_without_erased(flaws),
    )


def _seals() -> Iterator[Seal]:
    rows = Prefetch("rows", AuditRow.objects.select_related("text").order_by("pk"))
    return Seal.objects.order_by("number").prefetch_related(rows).iterator(chunk_size=100)


def _link_flaws(seal: Seal, last: Seal | None) -> Iterator[Flaw]:
    due = last.number + 1 if last else 1
    yield from (Flaw("seal.missing", str(number)) for number in range(due, seal.number))
    linked = due < seal.number or seal.previous == (last.hash if last else "")
    if not linked or seal.hash != seal.counted_hash():
        yield Flaw("seal.changed", str(seal.number))


def _anchor_flaws(anchor: Anchor | None) -> Iterator[Flaw]:
    if anchor is None:
        return
    kept = Seal.objects.filter(number=anchor[0]).values_list("hash", flat=True).first()
    if kept != anchor[1]:
        yield Flaw("seal.changed" if kept else "seal.missing", str(anchor[0]))


def _flaws_under(voucher: Seal | AuditRow, rows: Iterable[AuditRow]) -> Iterator[Flaw]:
    vouched = voucher.vouched()
    if merkle.root(list(vouched.values())).hex() != voucher.root:
        yield Flaw("seal.changed" if isinstance(voucher, Seal) else "row.changed", str(voucher.pk))
    for row in rows:
        due = vouched.pop(row.pk, None)
        if due != row.leaf():
            yield Flaw("row.changed" if due else "row.inserted", str(row.pk))
        yield from _text_flaws(row)
        if row.root:
            yield from _flaws_under(row, row.parts.select_related("text").order_by("pk"))
    yield from (Flaw("row.missing", str(pk)) for pk in vouched)


def _text_flaws(row: AuditRow) -> Iterator[Flaw]:
    text: AuditText | None = getattr(row, "text", None)
    if text is None:
        if row.before or row.after:
            yield Flaw("text.missing", str(row.pk))
    elif (text.hash_of(text.before), text.hash_of(text.after)) != (row.before, row.after):
        yield Flaw("text.changed", str(row.pk))


def _without_erased(flaws: list[Flaw]) -> list[Flaw]:
    """Texts that were erased by the operation, which writes it down, are no flaw."""
    if not any(flaw.code == "text.missing" for flaw in flaws):
        return flaws
    erased = set(AuditRow.objects.filter(action=ERASED).values_list("object_id", flat=True))
    return [flaw for flaw in flaws if flaw.code != "text.missing" or flaw.what not in erased]
