"""The pages of tests in the small world: a bank, its paper, an exam that is sat, one whose result is questioned."""

from typing import Any

from dure.assessments.models import Remedy
from dure.assessments.operations.remarking import appeal, propose
from dure.assessments.operations.results import note_incident, release
from dure.people.models import Organisation, Person
from tests.assessments.factories import (
    Draws,
    a_paper,
    make_bank,
    make_exam,
    make_question,
    marked,
    multiple,
    numeric,
    ordering,
    short,
    single,
    sit,
)


def exam_pages(home: Organisation, *, runs: Person, sits: Person) -> dict[str, Person]:
    """Each with somebody who may read it: ``runs`` looks after ``home``, ``sits`` is a candidate."""
    bank = make_bank(organisation=home)
    questions = [
        make_question(bank, content, topic=str(at))
        for at, content in enumerate((single(), multiple(0, 1), numeric("3.5", units=("m",)), short("답"), ordering()))
    ]
    lines = [Draws(1, topic=str(at)) for at in range(len(questions))]
    paper = a_paper(bank, *lines, shuffles=False)
    exam, over = make_exam(paper=paper), make_exam(paper=a_paper(bank, Draws(1, topic="0")), review="marks")
    running, done = sit(exam, sits), release(marked(over, sits))
    note_incident(running, by=runs, text="접속이 잠시 끊겼습니다.")
    asked = done.asked.select_related("version").get(place=1)
    appeal(asked, text="보기가 모호합니다.")
    again = propose(over, asked.version, remedy=Remedy.CREDIT, reason="보기가 둘 다 맞습니다.", by=runs)
    return {
        **dict.fromkeys(_candidates(exam, running, done), sits),
        **dict.fromkeys(_banks(bank, questions[0], paper), runs),
        **dict.fromkeys(_rooms(exam, over, again), runs),
    }


def _candidates(exam: Any, running: Any, done: Any) -> tuple[str, ...]:
    own = f"/exams/attempts/{running.pk}/"
    return "/exams/", f"/exams/{exam.pk}/", own, f"{own}send/", f"/exams/attempts/{done.pk}/result/"


def _banks(bank: Any, question: Any, paper: Any) -> tuple[str, ...]:
    own = f"/banks/{bank.pk}/"
    return (
        "/banks/", own, f"{own}?q=zzz", f"/banks/questions/{question.pk}/",
        *(f"{own}questions/new/{kind}/" for kind in ("single", "numeric", "ordering", "code")), f"{own}import/",
        f"{own}settings/", f"{own}papers/", f"{own}papers/new/", f"{own}papers/{paper.pk}/", f"{own}exams/",
        f"{own}exams/new/",
    )  # fmt: skip


def _rooms(exam: Any, over: Any, again: Any) -> tuple[str, ...]:
    one, other = f"/exams/{exam.pk}/", f"/exams/{over.pk}/"
    return (
        f"{one}room/", f"{one}settings/", f"{one}release/", f"{one}analysis/", f"{one}appeals/",
        f"{other}room/", f"{other}analysis/", f"{other}appeals/", f"/exams/candidates/{exam.candidates.get().pk}/",
        f"/exams/remarkings/{again.pk}/",
    )  # fmt: skip
