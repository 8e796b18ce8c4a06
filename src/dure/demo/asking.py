"""People are asked: to hiring interviews, from their times to the results, and what participants thought of it all."""

from collections.abc import Sequence
from typing import Any

from dure.demo.callers import HOST, ORGANISER, RECRUITER, Callers
from dure.jobs.worker import drain

RUBRIC = """? Solves problems || 문제 해결
= 60 Finds a way and says why || 방법을 찾고 이유를 설명합니다
= 30 With help || 도움을 받아 풀었습니다
= 0 Not yet || 아직 어렵습니다
? Works with others || 협업
= 40 Listens and explains || 듣고 설명합니다
= 0 Not yet || 아직 어렵습니다"""
REASON = "면접에서 모델을 설명했습니다."
OPINIONS = (
    {"key": "all", "sort": "scale", "text": {"ko": "대회에 얼마나 만족하셨나요?", "en": "How satisfied are you?"},
     "low": {"ko": "불만족", "en": "Not at all"}, "high": {"ko": "만족", "en": "Very"}},
    {"key": "again", "sort": "single", "text": {"ko": "다음에도 참가하시겠어요?", "en": "Would you take part again?"},
     "choices": [{"ko": "네", "en": "Yes"}, {"ko": "아직 모르겠어요", "en": "Not sure"}, {"ko": "아니요", "en": "No"}]},
    {"key": "better", "sort": "text", "required": False,
     "text": {"ko": "무엇이 더 나아지면 좋을까요?", "en": "What could be better?"}},
)  # fmt: skip


def begin_interviews(callers: Callers, slug: str) -> str:
    """Half an hour with the recruiter for everybody at the hiring stage."""
    told = {
        "title": {"ko": "AI RUSH 채용 면접", "en": "AI RUSH hiring interview"}, "rubric": RUBRIC, "minutes": 30,
        "about": {"ko": "만든 모델을 설명해 주세요.", "en": "Tell us about your model."}, "place": "NAVER 1784",
    }  # fmt: skip
    interview: str = callers.post(f"/organisations/{HOST}/interviews", told, by=ORGANISER)["id"]
    callers.post(f"/interviews/{interview}/interviewers", {"email": callers.emails[RECRUITER]}, by=ORGANISER)
    callers.post(f"/interviews/{interview}/open", by=ORGANISER)
    callers.ask("put", f"/programmes/{slug}/stages/hire/interviews", {"interview": interview}, by=ORGANISER)
    return interview


def book_times(callers: Callers, interview: str, names: Sequence[str], *, starts_at: str, ends_at: str) -> None:
    """The recruiter offers a morning; each of these people takes the next time of it."""
    told = {"interviewers": [callers.emails[RECRUITER]], "starts_at": starts_at, "ends_at": ends_at}
    slots = callers.post(f"/interviews/{interview}/times", told, by=RECRUITER)["slots"]
    for name, slot in zip(names, slots, strict=False):
        callers.ask("put", f"/interviews/{interview}/booking", {"slot": slot["id"]}, by=name)


def hold_interviews(callers: Callers, interview: str, points: dict[str, tuple[int, int]]) -> None:
    """The recruiter has met everybody who came and gives their points, by name; the organiser releases the results."""
    for scoring in callers.listed("/me/scorings", by=RECRUITER):
        solves, works = points[callers.names[scoring["person"]["id"]]]
        body = {"points": {"c1": solves, "c2": works}, "reason": REASON, "saves": scoring["saves"]}
        callers.ask("put", f"/scorings/{scoring['id']}", body, by=RECRUITER)
        callers.post(f"/scorings/{scoring['id']}/send", by=RECRUITER)
    callers.post(f"/interviews/{interview}/release", by=ORGANISER)
    drain()


def begin_survey(callers: Callers, slug: str, *, opens_at: str, closes_at: str) -> str:
    """An anonymous survey of everybody who took part in the first round."""
    told: dict[str, Any] = {
        "organisation": HOST, "promise": "anonymous", "opens_at": opens_at, "closes_at": closes_at,
        "title": {"ko": "AI RUSH는 어떠셨나요?", "en": "How was AI RUSH?"}, "questions": OPINIONS,
    }  # fmt: skip
    survey: str = callers.post("/surveys", told, by=ORGANISER)["id"]
    people = {"stage": {"programme": slug, "stage": "r1"}}
    callers.post(f"/surveys/{survey}/people", people, by=ORGANISER)
    callers.post(f"/surveys/{survey}/open", by=ORGANISER)
    return survey


def answer_survey(callers: Callers, survey: str, names: Sequence[str]) -> None:
    """Mostly content, some undecided; every tenth writes what could be better."""
    for number, name in enumerate(names):
        told = {"all": 5 - number % 3, "again": number % 5 // 4}
        words = {"better": "데이터를 더 일찍 받고 싶어요."} if number % 10 == 0 else {}
        callers.ask("put", f"/surveys/{survey}/answers", {"answers": told | words}, by=name)
    drain()
