"""The current edition: the same blueprint with dates around today, open to every visitor."""

from collections.abc import Sequence
from datetime import timedelta

from dure.core import clock
from dure.demo.callers import HOST, JUDGE, ORGANISER, RECRUITER, Callers
from dure.demo.pages import write_pages
from dure.demo.problems import Problem
from dure.demo.rush import CODE_LINE, PRIZES, SEOUL, STIPEND, set_up_tasks

SLUG = "naver-ai-rush-now"
SEATS = 100
GATE = "    gate:\n      - decide: {role: recruiter, take: 100}   # assumed\n"


def open_edition(callers: Callers, source: str, problems: Sequence[Problem], *, runs_code: bool) -> None:
    """Published, open and with tasks and funds set up.

    Whoever applies is in at once (the gate of the application is left out), so that a visitor can go on without
    waiting for a recruiter.
    """
    text = source.replace(GATE, "")
    body = {
        "slug": SLUG,
        "source": text.replace(*CODE_LINE) if runs_code else text,
        "title": {"ko": "네이버 AI RUSH – 지금 참가하기", "en": "NAVER AI RUSH – take part now"},
        "parties": {HOST: [HOST]},
    }
    path = f"/programmes/{SLUG}"
    callers.post("/programmes", body, by=ORGANISER)
    for role, who in (("expert", JUDGE), ("recruiter", RECRUITER)):
        seat = {"role": role, "email": callers.emails[who], "organisation": HOST}
        callers.post(f"{path}/seats", seat, by=ORGANISER)
    for money, amount in (("stipend", SEATS * STIPEND), ("prize", PRIZES)):
        fund = callers.post("/funds", {"organisation": HOST, "name": f"{SLUG} {money}", "amount": amount}, by=ORGANISER)
        callers.post(f"{path}/funds", {"money": money, "fund": fund["id"]}, by=ORGANISER)
    callers.ask("put", f"{path}/stages/r1/when", {"when": _around_today()}, by=ORGANISER)
    write_pages(callers, SLUG)
    callers.post(f"{path}/publish", by=ORGANISER)
    callers.post(f"{path}/open", by=ORGANISER)
    set_up_tasks(callers, SLUG, "r1", problems)


def _around_today() -> dict[str, str]:
    today = clock.now().astimezone(SEOUL).date()
    return {"from": (today - timedelta(days=3)).isoformat(), "to": (today + timedelta(days=30)).isoformat()}
