"""A small programme, walked through the API by the parties who would walk it."""

from dataclasses import dataclass
from typing import Any

from dure.jobs.worker import drain
from tests.api.conftest import Caller
from tests.factories import make_member, make_operator, make_organisation, make_person

SMALL = """
blueprint: small-course
title: {en: Small course, ko: 작은 과정}
subject: person
parties:
  host: {kind: company}
roles:
  clerk: {at: host, can: [operate, decide]}
  judge: {at: host, can: [review]}
stages:
  - id: apply
    kind: form
    entry: open
    do: {ask: [motive, years: number]}
    gate:
      - rule: ["years >= 1"]
      - decide: {role: clerk}
    else: again
  - id: task
    kind: test
    options: [vision, speech]
    do: {type: coding, by: judge}
    provides:
      - {type: compute, from: host, amount: 3, unit: gpu-hour, per: unit, terms: no mining}
    gate:
      - panel: {role: judge, rubric: {idea: 40, work: 60}, each: 1, take: 1, conflicts: []}
    gives:
      - credential: {name: Small badge, type: badge}
      - money: {type: prize, amount: 500000, from: host}
  - id: licence
    kind: event
    do: {type: ceremony}
    gate:
      - external: {body: ministry, proof: number of the licence}
"""


def work_off() -> None:
    """Let the workers do what was accepted."""
    drain()


@dataclass
class Story:
    """``clerk`` operates and decides, ``judge`` reviews, ``ada`` and ``bo`` take part, ``stranger`` has no part."""

    root: Caller
    clerk: Caller
    judge: Caller
    ada: Caller
    bo: Caller
    stranger: Caller
    slug: str = "small"

    @classmethod
    def begin(cls) -> "Story":
        """A draft with its seats taken."""
        host = make_organisation("host")
        root = Caller(make_operator())
        clerk, judge = (Caller(make_member(host).person) for _ in range(2))
        others = (Caller(make_person(name=name)) for name in ("Ada", "Bo", "Cy"))
        story = cls(root, clerk, judge, *others)
        root.post("/programmes", {"slug": story.slug, "source": SMALL}, 201)
        for role, caller in (("clerk", clerk), ("judge", judge)):
            root.post(f"{story.at}/seats", {"role": role, "email": caller.person.email}, 201)
        return story

    @classmethod
    def opened(cls) -> "Story":
        """It takes entries."""
        story = cls.begin()
        story.clerk.post(f"{story.at}/publish")
        story.clerk.post(f"{story.at}/open")
        return story

    @property
    def at(self) -> str:
        return f"/programmes/{self.slug}"

    def apply(self, who: Caller, *, years: int = 3) -> dict[str, Any]:
        """Enter and hand the form in; the turn as it was entered."""
        turn = who.post(f"{self.at}/stages/apply/entries", {}, 201)
        who.post(f"/turns/{turn['id']}/evidence", {"values": {"motive": "to learn", "years": years}}, 201)
        work_off()
        return turn

    def admit(self, who: Caller) -> dict[str, Any]:
        """Apply, be let in, choose an option and accept the terms: the open turn at ``task``."""
        turn = self.apply(who)
        self.clerk.post(f"/turns/{turn['id']}/says", {"step": 1, "yes": True}, 201)
        work_off()
        task = who.get("/me/turns?state=waiting")["items"][0]
        who.post(f"/turns/{task['id']}/options", {"options": ["vision"]})
        return who.post(f"/turns/{task['id']}/terms")

    def hand_in(self, who: Caller, score: float) -> dict[str, Any]:
        """An open turn at ``task`` with its evidence recorded."""
        turn = self.admit(who)
        self.judge.post(f"/turns/{turn['id']}/evidence", {"values": {"score": score}}, 201)
        work_off()
        return turn

    def judged(self) -> None:
        """Ada and Bo have handed in, and the judge has marked both: Ada better."""
        for who, points in ((self.ada, 90), (self.bo, 50)):
            turn = self.hand_in(who, points)
            self.clerk.post(f"/turns/{turn['id']}/reviews", {"step": 0, "email": self.judge.person.email}, 201)
            review = self.judge.get("/me/reviews?state=assigned")["items"][0]
            self.judge.post(f"/reviews/{review['id']}/marks", {"marks": {"idea": points, "work": points}})
        work_off()
