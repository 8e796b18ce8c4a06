"""Writing a blueprint: begun, written, taken back, named, rehearsed, thrown away. Every text that was kept stays."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from dure.audit.operations import record
from dure.blueprint.document import Flaws, Scalar, Table
from dure.blueprint.rehearsal import Outcome
from dure.blueprint.yaml import MOST_BYTES, read_document
from dure.core import clock
from dure.core.errors import Flawed, Missing, Refused
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes.models import Draft, Rehearsal, Version

TYPED_TOGETHER = timedelta(minutes=3)
KEPT = 300  # versions without a name; older ones make room
_CHANGED = Text(
    ko="다른 창에서 이 초안을 고쳤습니다. ‘버전’에서 비교하거나, 지금 글로 덮어쓰세요. 어느 쪽도 사라지지 않습니다.",
    en="This draft was changed in another window. Compare them under Versions, or keep this text: neither is lost.",
)
_TOO_LARGE = Text(ko="파일이 1 MiB를 넘습니다. 나누어 쓰세요.", en="The file is over 1 MiB: split it.")
_NO_TEXT = Text(ko="UTF-8 글이 아닙니다. YAML 파일을 올려 주세요.", en="This is not UTF-8 text: choose a YAML file.")
_NO_VERSION = Text(
    ko="그 버전이 없습니다. 버전 목록에서 고르세요.", en="There is no such version: choose one of the list."
)
_NOTHING = Text(ko="더 되돌릴 것이 없습니다.", en="There is nothing more to go back to.")
_NO_NAME = Text(ko="버전의 이름을 입력하세요.", en="Write a name for the version.")


@transaction.atomic
def begin(text: str, *, by: Person) -> Draft:
    """A new draft that says ``text``."""
    said = _said(text)
    draft = Draft.objects.create(made_by=by, **_head_of(said))
    Version.objects.create(draft=draft, number=1, text=said)
    record("draft.begun", draft, after={"name": draft.name})
    return draft


def begin_from_file(content: bytes, *, by: Person) -> Draft:
    """A new draft from a file that somebody brings, sound or not."""
    try:
        return begin(content.decode("utf-8-sig"), by=by)
    except UnicodeDecodeError:
        raise Flawed("draft.file", _NO_TEXT) from None


@transaction.atomic
def write(draft: Draft, text: str, *, revision: int | None, typing: bool = False) -> Version:
    """Let the draft say ``text``. ``revision``: the one that the writer saw; None overwrites whatever is there.

    What is typed within minutes of each other is one version; anything else begins a new one.
    """
    said = _said(text)
    head = version_in_force(draft)
    _touch(draft, revision, **_head_of(said))
    if said == head.text:
        return head
    if typing and head.typing and clock.now() - head.at < TYPED_TOGETHER:
        Version.objects.filter(pk=head.pk).update(text=said)
        head.text = said
        return head
    return _follow(draft, head, said, typing=typing)


@transaction.atomic
def take_back(draft: Draft, *, revision: int | None) -> Version:
    """Return to the version that the one in force came from."""
    head = version_in_force(draft)
    if head.parent is None:
        raise Refused("draft.first", _NOTHING)
    return _return_to(draft, version_of(draft, head.parent), revision)


@transaction.atomic
def redo(draft: Draft, *, revision: int | None) -> Version:
    """Go on to the latest version that came from the one in force."""
    child = draft.versions.filter(parent=draft.head).order_by("-number").first()
    if child is None:
        raise Refused("draft.last", _NOTHING)
    return _return_to(draft, child, revision)


@transaction.atomic
def restore(draft: Draft, number: int, *, revision: int | None) -> Version:
    """Say again what an earlier version said, as a new version, so that this too can be taken back."""
    earlier, head = version_of(draft, number), version_in_force(draft)
    _touch(draft, revision, **_head_of(earlier.text))
    return _follow(draft, head, earlier.text)


@transaction.atomic
def name_version(draft: Draft, number: int, *, name: str) -> Version:
    """Give a version a name to find it by; it grows no more."""
    said = name.strip()[:80]
    if not said:
        raise Flawed("draft.version-name", _NO_NAME)
    version = version_of(draft, number)
    version.name, version.typing = said, False
    version.save(update_fields=["name", "typing"])
    record("draft.version-named", draft, after={"number": number, "name": said})
    return version


@transaction.atomic
def keep_rehearsal(version: Version, outcome: Outcome, *, overrides: Mapping[str, str]) -> Rehearsal:
    """Keep what a rehearsal of a version came to; the version grows no more."""
    Version.objects.filter(pk=version.pk).update(typing=False)
    kept = Rehearsal.objects.create(
        version=version, cases=outcome.cases, seed=outcome.seed, overrides=dict(overrides), outcome=outcome.as_record()
    )
    record("draft.rehearsed", version.draft, after={"number": version.number, "cases": kept.cases, "seed": kept.seed})
    return kept


@transaction.atomic
def discard(draft: Draft) -> None:
    """Throw a draft away with all its versions and rehearsals; programmes made from it keep their own text."""
    record("draft.discarded", draft, before={"name": draft.name, "versions": draft.versions.count()})
    draft.delete()


def version_in_force(draft: Draft) -> Version:
    return version_of(draft, draft.head)


def version_of(draft: Draft, number: int) -> Version:
    """The version of that number; raises Missing."""
    version = draft.versions.filter(number=number).first()
    if version is None:
        raise Missing("draft.no-version", _NO_VERSION, number=number)
    return version


def _follow(draft: Draft, head: Version, text: str, *, typing: bool = False) -> Version:
    number = (draft.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            version = Version.objects.create(draft=draft, number=number, parent=head.number, text=text, typing=typing)
    except IntegrityError:
        raise Refused("draft.changed", _CHANGED) from None
    _set_head(draft, number)
    _make_room(draft)
    record("draft.written", draft, after={"number": number})
    return version


def _return_to(draft: Draft, version: Version, revision: int | None) -> Version:
    _touch(draft, revision, **_head_of(version.text))
    _set_head(draft, version.number)
    record("draft.returned", draft, after={"number": version.number})
    return version


def _set_head(draft: Draft, number: int) -> None:
    Draft.objects.filter(pk=draft.pk).update(head=number)
    draft.head = number


def _touch(draft: Draft, revision: int | None, **head: str) -> None:
    """One more revision, by compare-and-set: whoever saw another one is told so."""
    rows = Draft.objects.filter(pk=draft.pk)
    rows = rows if revision is None else rows.filter(revision=revision)
    if rows.update(revision=F("revision") + 1, changed_at=clock.now(), **head) != 1:
        raise Refused("draft.changed", _CHANGED)
    draft.refresh_from_db()


def _make_room(draft: Draft) -> None:
    """The oldest unnamed versions go, but those that a rehearsal was kept of."""
    spare = draft.versions.filter(name="", rehearsals=None).exclude(number__in=[1, draft.head]).order_by("-number")
    draft.versions.filter(pk__in=list(spare.values_list("pk", flat=True)[KEPT:])).delete()


def _said(text: str) -> str:
    """Lines end alike, whichever browser or file they came from."""
    said = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(said.encode()) > MOST_BYTES:
        raise Flawed("draft.too-large", _TOO_LARGE)
    return said


def _head_of(text: str) -> dict[str, str]:
    """Name and titles, as far as the text can be read."""
    try:
        root = read_document(text.encode(), "draft").root
    except Flaws:
        return {}
    titles = root.entries["title"].value if "title" in root.entries else None
    found = {"name": _text(root, "blueprint")[:80]}
    return {**found, **{f"title_{code}": _text(titles, code)[:200] for code in ("ko", "en")}}


def _text(node: object, key: str) -> str:
    entry = node.entries.get(key) if isinstance(node, Table) else None
    return entry.value.text if entry and isinstance(entry.value, Scalar) else ""
