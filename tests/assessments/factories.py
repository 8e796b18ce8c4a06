"""Banks, exams and attempts for tests, made by the room's own operations."""

from datetime import timedelta
from decimal import Decimal
from itertools import count

from dure.assessments.content import Case, Content, Kind
from dure.assessments.models import Attempt, Bank, Exam, Paper, Question
from dure.assessments.operations.attempts import HAND_IN, MARK, hand_in, save_answer, start
from dure.assessments.operations.banks import open_bank, write_question
from dure.assessments.operations.exams import admit, open_exam, plan_exam
from dure.assessments.operations.papers import Draws, make_paper
from dure.core import clock
from dure.core.text import Text
from dure.jobs.worker import drain
from dure.people.models import Person
from tests.factories import make_organisation, make_person

_numbers = count(1)
CHOICES = tuple(Text(ko=ko, en=en) for ko, en in (("옳음", "Right"), ("그름", "Wrong"), ("둘 다", "Both")))


def said(word: str) -> Text:
    return Text(ko=f"{word}은 무엇입니까?", en=f"What is {word}?")


def single(word: str = "this", *, right: int = 0) -> Content:
    return Content(Kind.SINGLE, said(word), choices=CHOICES, right=(right,))


def multiple(*right: int) -> Content:
    four = (*CHOICES, Text(ko="모름", en="Unknown"))
    return Content(Kind.MULTIPLE, said("these"), choices=four, right=right)


def ordering() -> Content:
    return Content(Kind.ORDERING, said("order"), choices=tuple(Text(ko=one, en=one) for one in "abcd"))


def numeric(value: str, *, tolerance: str = "0", units: tuple[str, ...] = ()) -> Content:
    known = {"value": Decimal(value), "tolerance": Decimal(tolerance), "units": units}
    return Content(Kind.NUMERIC, said("number"), **known)


def short(*accepted: str) -> Content:
    return Content(Kind.SHORT, said("word"), accepted=accepted)


def adding() -> Content:
    cases = (Case("1 2", "3"), Case("10 -4", "6"))
    return Content(Kind.CODE, said("sum"), cases=cases, seconds=2, mib=192)


def make_bank(**known) -> Bank:
    name = f"bank {next(_numbers)}"
    return open_bank(known.pop("organisation", None) or make_organisation(), name_ko=name, name_en=name)


def make_question(bank: Bank, content: Content | None = None, **known) -> Question:
    number = next(_numbers)
    told = {"key": f"q{number}", "topic": "ml", "difficulty": 3, **known}
    return write_question(bank, content or single(f"x{number}"), by=make_person(), **told)


def make_questions(bank: Bank, n: int) -> list[Question]:
    return [make_question(bank) for _ in range(n)]


def a_paper(bank: Bank, *lines: Draws, **known) -> Paper:
    return make_paper(bank, lines=lines or [Draws(1)], **{"name": f"paper {next(_numbers)}", **known})


def make_exam(bank: Bank | None = None, *, paper: Paper | None = None, opened: bool = True, **known) -> Exam:
    """An exam of an hour that is open now, for a day; of one question where its paper is not said."""
    if bank is None:
        bank = paper.bank if paper else make_bank()
    if paper is None:
        make_question(bank)
        paper = a_paper(bank)
    now = clock.now()
    told = {"title_ko": "기초 시험", "title_en": "Basics", "opens_at": now - timedelta(hours=1),
            "closes_at": now + timedelta(days=1), "minutes": 60, **known}  # fmt: skip
    exam = plan_exam(bank, paper=paper, by=make_person(), **told)
    return open_exam(exam) if opened else exam


def sit(exam: Exam, person: Person | None = None) -> Attempt:
    """Somebody admitted begins."""
    person = person or make_person()
    admit(exam, [person])
    return start(exam, person=person)


def answer(attempt: Attempt, place: int = 1, *, right: bool = True) -> None:
    """Answer a question of single choice as it was put."""
    asked = attempt.asked.select_related("version").get(place=place)
    chosen = asked.version.read.right[0] if right else 1 + asked.version.read.right[0]
    save_answer(attempt.pk, place=place, answer=[asked.order.index(chosen)], saves=asked.saves, nonce=str(asked.saves))


def marked(exam: Exam, person: Person | None = None, *, right: int = 1) -> Attempt:
    """An attempt with so many right answers, handed in and marked."""
    attempt = sit(exam, person)
    for place in range(1, attempt.asked.count() + 1):
        answer(attempt, place, right=place <= right)
    hand_in(attempt)
    drain([MARK, HAND_IN])
    return Attempt.objects.get(pk=attempt.pk)
