"""What may be seen of a round, by whom and when: one pure function that every way out asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum, auto


class Viewer(IntEnum):
    """Who looks: anybody, who takes part in the task, whose own attempt it is, who organises the round."""

    ANYBODY = auto()
    ENTRANT = auto()
    OWNER = auto()
    ORGANISER = auto()


class What(StrEnum):
    """What can be seen. Boards are those of all entrants; ``score``, ``verdict``, ``log`` and ``details`` are one
    attempt's; ``shared`` are attempts that their entrants let everybody see who sees the board, with their files;
    ``checks`` are the organisers' own: their logs, verifications, what code is alike."""

    PUBLIC_BOARD = "public-board"
    FINAL_BOARD = "final-board"
    FILES = "files"
    VERDICT = "verdict"
    PUBLIC_SCORE = "public-score"
    FINAL_SCORE = "final-score"
    LOG = "log"
    DETAILS = "details"
    SHARED = "shared"
    CHECKS = "checks"


@dataclass(frozen=True)
class Seen:
    """What a round's organisers let be seen of it, and whether it is over.

    ``board``: who sees its boards (public, entrants, hidden); ``boards``: which ones there are (both, public, final);
    ``own_scores``, ``own_logs``, ``own_details``: what entrants see of their own attempts; ``shares``: entrants may
    make theirs public; ``waits``: nothing that could tell a score is seen before the round is over.
    """

    board: str
    boards: str
    own_scores: bool
    own_logs: bool
    own_details: bool
    shares: bool
    waits: bool
    is_over: bool

    @property
    def tells(self) -> bool:
        """Whether anything that could tell a score is seen now."""
        return self.is_over or not self.waits

    @property
    def reaches(self) -> Viewer:
        """From whom on its boards are seen."""
        return {"public": Viewer.ANYBODY, "entrants": Viewer.ENTRANT}.get(self.board, Viewer.ORGANISER)


_RULES: Mapping[What, Callable[[Viewer, Seen], bool]] = {
    What.PUBLIC_BOARD: lambda who, seen: who >= seen.reaches and seen.boards != "final" and seen.tells,
    What.FINAL_BOARD: lambda who, seen: who >= seen.reaches and seen.boards != "public" and seen.is_over,
    What.FILES: lambda who, _: who >= Viewer.ENTRANT,
    What.VERDICT: lambda who, _: who is Viewer.OWNER,
    What.PUBLIC_SCORE: lambda who, seen: who is Viewer.OWNER and seen.own_scores and seen.tells,
    What.FINAL_SCORE: lambda who, seen: (
        who is Viewer.OWNER and seen.own_scores and seen.boards != "public" and seen.is_over
    ),
    What.LOG: lambda who, seen: who is Viewer.OWNER and seen.own_logs and seen.tells,
    What.DETAILS: lambda who, seen: who is Viewer.OWNER and seen.own_details and seen.tells,
    What.SHARED: lambda who, seen: who >= seen.reaches and seen.shares and seen.tells,
    What.CHECKS: lambda _who, _seen: False,
}


def may(viewer: Viewer, seen: Seen, what: What) -> bool:
    """Whether ``viewer`` may see it now. Organisers see everything, always."""
    return viewer is Viewer.ORGANISER or _RULES[what](viewer, seen)
