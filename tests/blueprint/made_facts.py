"""Facts that made-up blueprints ask, compare and draw: sorts, choices and spreads that fit them."""

from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st


@dataclass(frozen=True)
class Fact:
    """A fact's sort and what it can be; `exact`: whole numbers only."""

    sort: str
    low: int = 0
    high: int = 1
    exact: bool = True
    choices: tuple = ()

    def comparison(self, draw):
        """An operator and a value that can be meant."""
        if self.sort == "number":
            value = draw(st.sampled_from(self.numbers()))
            return f"{draw(st.sampled_from(['>', '>=', '<', '<=', '=', '!=']))} {value}"
        if self.sort == "date":
            return f"{draw(st.sampled_from(['>', '>=', '<', '<=', '=', '!=']))} {draw(st.sampled_from(self.choices))}"
        if self.sort == "words":
            return f"has {draw(st.sampled_from(self.choices))}"
        if draw(st.booleans()):
            return f"{draw(st.sampled_from(['=', '!=']))} {draw(st.sampled_from(self.choices))}"
        return f"in {','.join(draw(st.lists(st.sampled_from(self.choices), min_size=1, max_size=2, unique=True)))}"

    def numbers(self):
        middle = Decimal(self.low + self.high) / 2
        return [self.low, int(middle) if self.exact else middle, self.high]

    def bands(self):
        return [Decimal(self.low + self.high) / 4, Decimal(self.low + self.high) / 2]


YES_NO = Fact("yes-no", choices=("yes", "no"))
PART = Fact("number", 0, 1, exact=False)
MARK = Fact("number", 0, 100, exact=False)

QUESTIONS = {
    "topic": Fact("text", choices=("text", "other")),
    "points": Fact("number", 0, 100),
    "ready": YES_NO,
    "due": Fact("date", choices=("2030-01-01", "2031-05-02")),
    "skills": Fact("words", choices=("text", "java", "python")),
    "size": Fact("choice", choices=("small", "large", "huge")),
    "year": Fact("number", 1, 4),
}
PERSON = {
    "age": Fact("number", 16, 33),
    "employer": Fact("text", choices=("lead", "other")),
    "degree": Fact("words", choices=("bachelor", "graduate")),
    "major": Fact("words", choices=("cs", "business")),
    "year": Fact("number", 1, 4),
    "consent": YES_NO,
}
PROFILES = {
    "person": PERSON,
    "team": PERSON,
    "org": {"staff": Fact("number", 5, 900)},
}
KIND_FACTS = {
    "form": {"files": Fact("number", 0, 2)},
    "learn": {
        "completion": PART,
        "attendance": PART,
        "grade": Fact("number", 0, 4, exact=False),
        "credits": Fact("number", 0, 8),
    },
    "test": {"score": Fact("number", 30, 100), "proof": Fact("text", choices=("made-up", "paper"))},
    "round": {"score": PART, "public-score": PART, "attempts": Fact("number", 1, 20), "code": YES_NO},
    "project": {
        "milestones": PART,
        "reports": PART,
        "late": Fact("number", 0, 3),
        "deliverables": Fact("number", 0, 4),
    },
    "event": {"attended": PART, "minutes": YES_NO, "votes": PART, "contacts": Fact("number", 0, 10)},
    "work": {
        "days": Fact("number", 0, 180),
        "hours": Fact("number", 4, 60),
        "rating": Fact("number", 0, 100),
    },
}


def spread_of(draw, fact):
    """A constant, a range or a list that the fact can be."""
    if fact.sort != "number":
        several = [" and ".join(fact.choices), *fact.choices] if fact.sort == "words" else list(fact.choices)
        return draw(st.one_of(st.sampled_from(several), st.lists(st.sampled_from(several), min_size=1, max_size=4)))
    low, high = fact.low, fact.high
    spreads = [low, high, [low, high], [low, high, high], [low, low, high, high]]
    if not fact.exact:
        spreads += [
            [Decimal(low), Decimal(high) + Decimal("0.0")],
            Decimal(low) + Decimal("0.6"),
            [low, Decimal("0.58"), Decimal("0.58")],
        ]
    return draw(st.sampled_from(spreads))
