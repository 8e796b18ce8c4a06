"""What happened to degrees, as the log tells it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEGREES: dict[str, Promise] = {
    "degree.founded": _("Founded a degree"), "degree.required": _("Wrote what a degree asks for"),
    "degree.seated": _("Let somebody look after a degree"), "degree.unseated": _("Took somebody off a degree"),
    "candidacy.begun": _("Admitted a candidate"), "candidacy.guided": _("Changed a candidate's way"),
    "candidacy.left": _("A candidate left"), "candidacy.resumed": _("A candidate came back"),
    "credit.entered": _("Entered credits"), "credit.corrected": _("Corrected credits"),
    "credit.roster-taken": _("Brought credits in"), "award.proposed": _("Proposed degrees"),
    "award.made": _("Awarded degrees"), "award.declined": _("Declined a proposed degree"),
    "award.revoked": _("A degree is held no more"), "transcript.written": _("Made a transcript"),
    "transcript.signed": _("Signed a transcript"),
}  # fmt: skip
