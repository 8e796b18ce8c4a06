"""Banks and their questions: written, edited as new versions, brought in as tables, retired; their pictures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from dure.assessments.content import Content, check
from dure.assessments.files import MOST_PICTURE, PICTURES, SHELF
from dure.assessments.models import Bank, Picture, Question, QuestionSkill, Version
from dure.assessments.queries.banks import skills_by
from dure.assessments.tables import Line, read_lines
from dure.audit.operations import Part, record, record_many
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.flaws import Flaw, Rows, raise_flaws
from dure.core.hangul import key_of
from dure.core.text import Text
from dure.people.models import Organisation, Person
from dure.skills.models import Skill
from dure.store.chunks import chunked

_NAME = Text(ko="이 기관에 같은 이름의 문제은행이 있습니다.", en="The organisation has a bank of this name.")
_KEY = Text(
    ko="‘{key}’은(는) 이미 있는 문항입니다. 다른 키를 쓰세요.",
    en="There is a question {key} already. Take another key.",
)
_KIND = Text(
    ko="문항의 유형은 바꿀 수 없습니다. 새 문항을 쓰고 이 문항은 보관하세요.",
    en="The sort of a question stays. Write a new one and retire this one.",
)
_PICTURE = Text(ko="그림 파일({known})만 올릴 수 있습니다: {name}", en="Only pictures ({known}) can be added: {name}")
_SAME_NAME = Text(
    ko="같은 이름의 그림이 있습니다: {name}. 이름을 바꿔 올리세요.", en="There is a picture {name}. Rename yours."
)


@transaction.atomic
def open_bank(organisation: Organisation, *, name_ko: str, name_en: str) -> Bank:
    """A bank of an organisation. Raises Refused("bank.name")."""
    try:
        with transaction.atomic():
            bank = Bank.objects.create(organisation=organisation, name_ko=name_ko, name_en=name_en)
    except IntegrityError:
        raise Refused("bank.name", _NAME) from None
    record("bank.opened", bank, after={"organisation": organisation.short, "name": name_en})
    return bank


@transaction.atomic
def appoint_examiner(bank: Bank, *, person: Person) -> None:
    """Let somebody look after a bank and its exams; again does nothing."""
    bank.examiners.add(person)
    record("bank.examiner-appointed", bank, after={"person": str(person.pk)})


@transaction.atomic
def dismiss_examiner(bank: Bank, *, person: Person) -> None:
    bank.examiners.remove(person)
    record("bank.examiner-dismissed", bank, before={"person": str(person.pk)})


# --- questions


@transaction.atomic
def write_question(
    bank: Bank, content: Content, *, key: str, topic: str, difficulty: int, by: Person,
    skills: Mapping[Skill, int] | None = None,
) -> Question:  # fmt: skip
    """A new question. Raises Flawed for its content, Refused("question.key")."""
    check(content)
    question = Question(bank=bank, key=key, kind=content.kind.value, topic=topic, difficulty=difficulty)
    try:
        with transaction.atomic():
            question.save(force_insert=True)
    except IntegrityError:
        raise Refused("question.key", _KEY.format(key=key), key=key) from None
    _say(question, content, by=by)
    _show(question, skills or {})
    record("question.written", question, after=_told(question))
    return question


@transaction.atomic
def edit_question(
    question: Question, content: Content, *, topic: str, difficulty: int, by: Person,
    skills: Mapping[Skill, int] | None = None,
) -> Question:  # fmt: skip
    """Say a question anew. What it asks becomes its next version where anything of it changed; attempts that had an
    earlier one keep it, and their marks. ``skills`` left out stay. Raises as ``write_question``."""
    if content.kind.value != question.kind:
        raise Flawed("question.kind", _KIND, errors=[{"text": _KIND.as_dict()}])
    check(content)
    question = Question.objects.select_for_update(of=("self",)).select_related("current", "bank").get(pk=question.pk)
    before = _told(question)
    question.topic, question.difficulty = topic, difficulty
    question.save(update_fields=["topic", "difficulty"])
    if question.current is None or question.current.fingerprint != content.fingerprint:
        _say(question, content, by=by)
    if skills is not None:
        _show(question, skills)
    record("question.edited", question, before=before, after=_told(question))
    return question


@transaction.atomic
def retire_question(question: Question) -> Question:
    """Draw it no more."""
    Question.objects.filter(pk=question.pk, retired_at=None).update(retired_at=clock.now())
    record("question.retired", question)
    return question


@transaction.atomic
def restore_question(question: Question) -> Question:
    Question.objects.filter(pk=question.pk).update(retired_at=None)
    record("question.restored", question)
    return question


def _say(question: Question, content: Content, *, by: Person) -> None:
    number = question.current.number + 1 if question.current else 1
    question.current = Version.objects.create(
        question=question, number=number, content=content.as_dict(), fingerprint=content.fingerprint, made_by=by
    )
    question.name_key = _name_key(question.key, content)
    question.save(update_fields=["current", "name_key"])


def _name_key(key: str, content: Content) -> str:
    return key_of(key, content.text.ko[:100], content.text.en[:100])[:200]


def _show(question: Question, skills: Mapping[Skill, int]) -> None:
    question.shows.all().delete()
    QuestionSkill.objects.bulk_create(
        [QuestionSkill(question=question, skill=skill, level=level) for skill, level in skills.items()]
    )


def _told(question: Question) -> dict[str, Any]:
    version = question.current
    return {
        "key": question.key, "topic": question.topic, "difficulty": question.difficulty,
        "version": version.number if version else 0, "fingerprint": version.fingerprint if version else "",
    }  # fmt: skip


# --- tables


@dataclass
class Taken:
    """What a table does: keys of questions that are new, changed, or the same as they are."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)


@transaction.atomic
def take_table(bank: Bank, *, header: Sequence[str], rows: Rows, by: Person, check_only: bool = False) -> Taken:
    """Write and edit the questions of a table; ``check_only`` says what it would do. The same table again does nothing.

    Questions that the table does not name stay as they are; a retired one that it names is drawn again. Raises Flawed
    with every flaw, its row and column.
    """
    lines, flaws = read_lines(header, rows)
    there = _there(bank, [line.key for line in lines])
    found = skills_by({code for line in lines for code, _ in line.skills or ()})
    raise_flaws([*flaws, *_flaws_beside(lines, flaws, there, found)], code="table.flawed")
    skills = {code: one for code, one in found.items() if isinstance(one, Skill)}
    taken, told = Taken(), []
    for line in lines:
        question = there.get(line.key)
        if question is None:
            taken.new.append(line.key)
        elif _is_same(question, line, skills):
            taken.same.append(line.key)
            continue
        else:
            taken.changed.append(line.key)
        told.append((question, line))
    if told and not check_only:
        _apply(bank, told, skills, by=by)
    return taken


def _there(bank: Bank, keys: Sequence[str]) -> dict[str, Question]:
    found: dict[str, Question] = {}
    for piece in chunked(keys, 500):
        rows = bank.questions.filter(key__in=piece).select_related("current").prefetch_related("shows")
        found |= {row.key: row for row in rows}
    return found


def _flaws_beside(
    lines: Sequence[Line], flaws: Sequence[Flaw], there: Mapping[str, Question], skills: Mapping[str, Skill | Text]
) -> Iterator[Flaw]:
    """What of the lines does not fit the questions and the skills that there are."""
    unknown = {flaw.row for flaw in flaws if flaw.column == "kind"}
    for line in lines:
        if line.key in there and line.row not in unknown and there[line.key].kind != line.content.kind:
            yield Flaw(line.row, _KIND, "kind")
        found = (skills[code] for code, _ in line.skills or ())
        yield from (Flaw(line.row, one, "skills") for one in found if isinstance(one, Text))


def _is_same(question: Question, line: Line, skills: Mapping[str, Skill]) -> bool:
    shows = {row.skill_id: row.level for row in question.shows.all()}
    wanted = shows if line.skills is None else {skills[code].pk: level for code, level in line.skills}
    told = (question.topic, question.difficulty, question.retired_at, shows)
    version = question.current
    same = version is not None and version.fingerprint == line.content.fingerprint
    return same and told == (line.topic, line.difficulty, None, wanted)


def _apply(
    bank: Bank, told: Sequence[tuple[Question | None, Line]], skills: Mapping[str, Skill], *, by: Person
) -> None:
    """Write them all with a few statements a thousand, and tell of it once."""
    fresh = [
        Question(bank=bank, key=line.key, kind=line.content.kind.value, topic=line.topic, difficulty=line.difficulty)
        for question, line in told
        if question is None
    ]
    Question.objects.bulk_create(fresh, batch_size=500)
    made = {question.key: question for question in fresh}
    rows = [(question or made[line.key], line) for question, line in told]
    versions = [
        Version(
            question=question, number=question.current.number + 1 if question.current else 1, made_by=by,
            content=line.content.as_dict(), fingerprint=line.content.fingerprint,
        )
        for question, line in rows
        if question.current is None or question.current.fingerprint != line.content.fingerprint
    ]  # fmt: skip
    Version.objects.bulk_create(versions, batch_size=500)
    for version in versions:
        version.question.current = version
    for question, line in rows:
        question.topic, question.difficulty, question.retired_at = line.topic, line.difficulty, None
        question.name_key = _name_key(question.key, line.content)
    fields = ["topic", "difficulty", "retired_at", "current", "name_key"]
    Question.objects.bulk_update([question for question, _ in rows], fields, batch_size=200)
    _show_many(rows, skills)
    record_many("bank.table-taken", bank, parts=[Part(question, after=_told(question)) for question, _ in rows])


def _show_many(rows: Sequence[tuple[Question, Line]], skills: Mapping[str, Skill]) -> None:
    said = [(question, line.skills) for question, line in rows if line.skills is not None]
    for piece in chunked([question.pk for question, _ in said], 500):
        QuestionSkill.objects.filter(question__in=piece).delete()
    shows = [
        QuestionSkill(question=question, skill=skills[code], level=level)
        for question, codes in said
        for code, level in codes
    ]
    QuestionSkill.objects.bulk_create(shows, batch_size=1000)


# --- pictures


def add_picture(bank: Bank, content: Iterable[bytes], *, name: str) -> Picture:
    """Lay a picture beside a bank's questions.

    Raises TooLarge, Refused("file.empty", "picture.kind", "picture.name").
    """
    plain = "".join(sign for sign in name if sign.isalnum() or sign in "._-")[-120:]
    if plain.rpartition(".")[2].lower() not in PICTURES:
        raise Refused("picture.kind", _PICTURE.format(name=name[:80], known=", ".join(PICTURES)))
    with SHELF.received(content, most=MOST_PICTURE) as file:
        SHELF.keep(file)
        return _added(bank, name=plain, sha256=file.sha256, size=file.size)


@transaction.atomic
def _added(bank: Bank, *, name: str, sha256: str, size: int) -> Picture:
    try:
        with transaction.atomic():
            made = Picture.objects.create(bank=bank, name=name, sha256=sha256, size=size)
    except IntegrityError:
        raise Refused("picture.name", _SAME_NAME.format(name=name)) from None
    record("bank.picture-added", bank, after={"name": name, "sha256": sha256})
    return made


def sweep() -> None:
    """Remove files that no picture names, left by a process that died."""
    SHELF.sweep(lambda: set(Picture.objects.values_list("sha256", flat=True)))
