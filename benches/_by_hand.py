"""What one would write without Dure: the youth track (13) as a loop over dicts, good for this one programme only."""

from functools import cache
from hashlib import sha256

WORD = (1 << 64) - 1


def mix(z: int) -> int:
    z = (z + 0x9E3779B97F4A7C15) & WORD
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & WORD
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & WORD
    return z ^ z >> 31


@cache
def start(seed: int, place: str) -> int:
    return mix((int.from_bytes(sha256(place.encode()).digest()[:8], "big") + seed) & WORD)


def draw(seed: int, place: str, i: int) -> float:
    return (mix((start(seed, place) + i) & WORD) >> 11) / 2**53


def youth_track(cases: int, seed: int = 7) -> dict[str, tuple[int, int]]:
    """By stage: how many came, how many passed."""
    people = [{"id": i, "age": 16 + int(draw(seed, "facts.age", i) * 18)} for i in range(cases)]
    adults = [person for person in people if 19 <= person["age"] <= 29]
    for person in adults:
        person["done"] = (1, 1, 1, 0.6)[int(draw(seed, "phase1.completion", person["id"]) * 4)]
    learned = [person for person in adults if person["done"] >= 1]
    teams = [{"id": learned[k]["id"], "members": learned[k : k + 5]} for k in range(0, len(learned), 5)]
    for team in teams:
        team["score"] = round(draw(seed, "phase2.score", team["id"]), 4)
    good = [team for team in teams if team["score"] > 0.5]
    ranked = sorted(good, key=lambda team: (-team["score"], team["id"]))[:34]
    finalists = [team for team in ranked if draw(seed, "verify.decide.1", team["id"]) < 0.8]
    members = sum(len(team["members"]) for team in finalists)
    return {
        "apply": (len(people), len(adults)),
        "phase1": (len(adults), len(learned)),
        "phase2": (len(teams), len(good)),
        "verify": (len(good), len(finalists)),
        "phase3": (len(finalists), min(3, len(finalists))),
        "fair": (members, members),
    }
