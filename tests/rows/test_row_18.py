"""Row 18, AICA certificate, acted over HTTP: a timed exam with a pass mark, re-sits, levels, validity, verification."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from dure.assessments.operations.banks import open_bank
from dure.core import clock
from dure.jobs.worker import drain
from tests.api.conftest import Caller
from tests.factories import make_person
from tests.rows.editions import Edition, issuer_of, organisations, with_file

pytestmark = pytest.mark.django_db
QUESTIONS = "key,kind,topic,difficulty,text_ko,text_en,choices_ko,choices_en,answer\n" + "".join(
    f'q{n},single,ai,2,{n}번,Question {n},"맞음\n틀림","right\nwrong",1\n' for n in range(1, 6)
)
LEVELS = ("level-1", "level-2")
WAIT = timedelta(hours=24)


@pytest.fixture
def aica() -> Iterator[Edition]:
    """Exams of two levels, an hour long, which may be sat twice with a day between."""
    clock.set_clock(clock.now())
    parties = organisations("issuer")
    aica = Edition("aica").make("16", parties, fee=30_000)
    examiner = aica.seat("examiner", parties["issuer"])
    _exams(aica, examiner, parties["issuer"])
    issuer = issuer_of(parties["issuer"])
    for level in LEVELS:
        aica.award(issuer, "AICA", "certificate", level=level, valid_months=36)
    aica.begin()
    yield aica
    clock.set_clock(None)


def _exams(aica: Edition, examiner: Caller, organisation) -> None:
    """Written by the host's examiners, bound to the options of the exam's stage."""
    bank = open_bank(organisation, name_ko="AICA", name_en="AICA")
    bank.examiners.add(examiner.person)
    assert with_file(examiner, f"/banks/{bank.pk}/imports", QUESTIONS.encode()).status_code == 200
    for level in LEVELS:
        exam = examiner.post(f"/banks/{bank.pk}/exams", planned(level), 201)
        examiner.post(f"/exams/{exam['id']}/open")
        aica.host.put(f"{aica.at}/stages/exam/exams", {"exam": exam["id"], "option": level})


def planned(level: str) -> dict[str, object]:
    now = clock.now()
    return {
        "title": {"ko": level, "en": level}, "lines": [{"count": 5}], "minutes": 60, "most_attempts": 2,
        "at_once": True, "opens_at": now.isoformat(), "closes_at": (now + timedelta(days=30)).isoformat(),
    }  # fmt: skip


def registered(aica: Edition, level: str) -> Caller:
    """Somebody who chose a level and paid the fee."""
    who = Caller(make_person())
    turn = aica.entered("register", who, options=[level])
    aica.host.post(f"/turns/{turn['id']}/fee", {"reference": "bank"}, 201)
    aica.answered("register", who, name=who.person.name)
    return who


def sat(who: Caller, *, right: int) -> str:
    """The way of a candidate: begin, answer so many right, hand in. The attempt's id."""
    (exam,) = who.get("/me/exams")["items"]
    paper = who.post(f"/exams/{exam['id']}/attempts", status=201)
    for question in paper["questions"]:
        words = [choice["en"] for choice in question["choices"]]
        answer = words.index("right" if question["place"] <= right else "wrong")
        who.put(f"/attempts/{paper['id']}/answers/{question['place']}", {"answer": [answer], "saves": 0})
    who.post(f"/attempts/{paper['id']}/hand-in")
    drain()
    found: str = paper["id"]
    return found


def test_whoever_registers_gets_a_seat_in_the_exam_of_their_level(aica):
    seats = {level: registered(aica, level).get("/me/exams")["items"] for level in LEVELS}

    assert {level: [exam["title"]["en"] for exam in exams] for level, exams in seats.items()} == {
        level: [level] for level in LEVELS
    }


def test_the_exam_is_timed_by_the_server(aica):
    who = registered(aica, "level-1")
    (exam,) = who.get("/me/exams")["items"]
    paper = who.post(f"/exams/{exam['id']}/attempts", status=201)
    clock.set_clock(clock.now() + timedelta(minutes=60))

    late = who.put(f"/attempts/{paper['id']}/answers/1", {"answer": [0], "saves": 0}, 409)
    begun, ends = (datetime.fromisoformat(paper[name]) for name in ("started_at", "deadline"))

    assert (late["code"], ends - begun) == ("answer.late", timedelta(minutes=60))


@pytest.mark.parametrize(("right", "state"), [(3, "passed"), (2, "out")])
def test_the_pass_mark_is_sixty(aica, right, state):
    who = registered(aica, "level-1")

    sat(who, right=right)

    turn = aica.turn(who, "exam")
    assert (turn["state"], turn["evidence"]["values"]["score"]) == (state, right * 20.0)


def test_it_is_sat_again_after_the_wait_and_the_second_result_counts(aica):
    who = registered(aica, "level-1")
    sat(who, right=1)
    (exam,) = who.get("/me/exams")["items"]
    early = who.post(f"/exams/{exam['id']}/attempts", status=409)["code"]
    clock.set_clock(clock.now() + WAIT)

    sat(who, right=5)

    assert (early, aica.state(who, "exam")) == ("exam.wait", "passed")


def test_the_certificate_names_its_level_holds_three_years_and_anybody_verifies_it(aica):
    who = registered(aica, "level-2")
    sat(who, right=4)
    (held,) = who.get("/me/credentials")["items"]
    files = who.get(f"/me/credentials/{held['id']}/files")

    now = Caller().post("/verifications", {"document": files["document"]})
    clock.set_clock(clock.now() + timedelta(days=3 * 366))
    later = Caller().post("/verifications", {"document": files["document"]})

    years = datetime.fromisoformat(held["valid_until"]).year - datetime.fromisoformat(held["issued_at"]).year
    assert (files["document"]["credentialSubject"]["result"][0]["value"], years) == ("level-2", 3)
    assert (now["state"], now["proof"]["state"]) == ("ok", "ok")
    assert (later["proof"]["state"], later["dates"]["state"]) == ("ok", "fail")
