"""What a made-up cohort leaves behind unless the blueprint's `evidence` says otherwise."""

from decimal import Decimal

UNIT = [Decimal("0.0"), Decimal("1.0")]
PART = Decimal("0.6")

ANSWERS = {
    "text": "text",
    "words": "text",
    "number": [0, 100],
    "yes-no": ["yes", "yes", "yes", "no"],
    "date": "2030-01-01",
}
EVIDENCE = {
    "match": UNIT,
    "learn": {
        "completion": [1, 1, 1, PART],
        "attendance": [1, 1, Decimal("0.9"), PART],
        "grade": [Decimal("1.5"), Decimal("4.5")],
    },
    "test": {"score": [30, 100], "proof": "made-up"},
    "round": {"score": UNIT, "public-score": UNIT, "attempts": [1, 20]},
    "project": {"milestones": [1, 1, 1, Decimal("0.5")], "reports": 1, "late": 0, "deliverables": 1},
    "event": {"attended": [1, 1, 1, 0], "minutes": "yes", "votes": UNIT, "contacts": [0, 10]},
    "work": {"days": [180, 120, 30], "hours": [4, 60], "rating": [40, 100]},
}
MARK = [50, 95]
YES = 0.8
PROVEN = 0.7
