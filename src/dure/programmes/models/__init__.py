"""The engine's nouns."""

from dure.programmes.models.announcement import ANNOUNCEMENT_MOVES, Announcement, AnnouncementState, Letter
from dure.programmes.models.ban import BACK_MOVES, BAN_MOVES, Ban, BannedPerson, BanState, TurnTaken
from dure.programmes.models.case import CASE_MOVES, Case, CaseState, Member
from dure.programmes.models.decision import SETTLEMENT_MOVES, Decision, Settlement, SettlementState, Verdict
from dure.programmes.models.draft import Draft, Rehearsal, Version
from dure.programmes.models.give import (
    GIVEN_MOVES,
    PROVIDED_MOVES,
    Given,
    GivenState,
    Provided,
    ProvidedState,
)
from dure.programmes.models.listing import Listing
from dure.programmes.models.pages import TERMS, PageFormat, PageRevision, ProgrammeFile, ProgrammePage
from dure.programmes.models.programme import (
    LIVE,
    PROGRAMME_MOVES,
    TAKES_ENTRIES,
    Party,
    Programme,
    ProgrammeState,
    Seat,
    StageClosing,
)
from dure.programmes.models.recruiting import Approach, Look, Shortlisted
from dure.programmes.models.teams import TeamLock, TurnTeam
from dure.programmes.models.turn import (
    ALIVE,
    OFFER_MOVES,
    TURN_MOVES,
    Attendant,
    Offer,
    OfferState,
    Turn,
    TurnMember,
    TurnState,
)

__all__ = [
    "ALIVE", "ANNOUNCEMENT_MOVES", "BACK_MOVES", "BAN_MOVES", "CASE_MOVES", "GIVEN_MOVES", "LIVE", "OFFER_MOVES",
    "PROGRAMME_MOVES", "PROVIDED_MOVES", "SETTLEMENT_MOVES", "TAKES_ENTRIES", "TERMS", "TURN_MOVES", "Announcement",
    "AnnouncementState", "Approach", "Attendant", "Ban", "BanState", "BannedPerson", "Case", "CaseState", "Decision",
    "Draft", "Given", "GivenState", "Letter", "Listing", "Look", "Member", "Offer", "OfferState", "PageFormat",
    "PageRevision", "Party", "Programme", "ProgrammeFile", "ProgrammePage", "ProgrammeState", "Provided",
    "ProvidedState", "Rehearsal", "Seat", "Settlement", "SettlementState", "Shortlisted", "StageClosing", "TeamLock",
    "Turn", "TurnMember", "TurnState", "TurnTaken", "TurnTeam", "Verdict", "Version",
]  # fmt: skip
