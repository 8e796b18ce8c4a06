"""Which page of the documentation helps with which page of the site: a shelf and a name, by the address's name."""

from collections.abc import Mapping

HELP: Mapping[str, str] = {
    **dict.fromkeys(("apply", "turn", "round", "my-round", "submission", "mine", "teams", "recruiters-and-me"),
                    "how-to/apply-and-submit"),
    **dict.fromkeys(("about", "consents", "exports", "erase"), "how-to/take-your-data-along"),
    "tokens": "reference/api",
    **dict.fromkeys(("reviews", "panel", "review", "compare", "deciding", "decision", "attended", "recording"),
                    "how-to/judge"),
    **dict.fromkeys(("recruit", "recruit-in", "recruit-person"), "how-to/recruit"),
    "nominate": "how-to/nominate",
    **dict.fromkeys(("desks", "desk", "desk-cohort", "desk-case", "desk-stages", "desk-stage", "desk-turn",
                     "desk-dates", "desk-publish", "desk-open", "desk-run", "desk-close"), "how-to/run-a-programme"),
    **dict.fromkeys(("settle", "close-stage"), "how-to/settle-and-release"),
    **dict.fromkeys(("desk-tasks", "own-rounds"), "how-to/open-a-round"),
    **dict.fromkeys(("round-workers", "round-revoke", "round-hand-back"), "how-to/score-on-your-own-machines"),
    **dict.fromkeys(("desk-rejudging", "desk-rejudging-new", "desk-proposal", "desk-out", "disqualification"),
                    "how-to/judge-a-round-again"),
    "desk-sheets": "how-to/record-by-spreadsheet",
    "desk-people": "how-to/seat-and-invite-people",
    **dict.fromkeys(("desk-announcements", "desk-announce", "desk-announcement"), "how-to/write-to-a-group"),
    **dict.fromkeys(("desk-money", "desk-gives", "funds", "new-fund", "fund"), "how-to/pay"),
    **dict.fromkeys(("desk-log", "operator-log"), "how-to/read-the-log"),
    **dict.fromkeys(("studio", "library-blueprint", "draft", "rehearsals", "rehearsal", "versions"),
                    "how-to/write-a-blueprint"),
    **dict.fromkeys(("make", "make-from-library", "make-from-draft"), "how-to/make-a-programme"),
    "make-again": "how-to/hold-an-edition-again",
    "organisation-sign-in": "how-to/sign-in-with-your-organisation",
    **dict.fromkeys(("operator", "operator-jobs", "operator-mail", "operator-checks", "operator-settings"),
                    "how-to/look-after-an-installation"),
}  # fmt: skip
