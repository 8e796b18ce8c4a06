"""The log as operators read it: every act in words, jobs by their own names."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dure.audit.acting import SYSTEM
from dure.audit.models import AuditRow
from dure.site.assessments.acts import ASSESSMENTS
from dure.site.assignments.acts import ASSIGNMENTS
from dure.site.calendar.acts import CALENDAR
from dure.site.degrees.acts import DEGREES
from dure.site.desk.history import ACTIONS, PERSON, Event, told_of
from dure.site.interviews.acts import INTERVIEWS
from dure.site.learning.acts import LEARNING
from dure.site.paths.acts import PATHS
from dure.site.skills.acts import SKILLS

PLATFORM: dict[str, Promise] = {
    "application.attached": _("Attached a file"), "application.detached": _("Removed a file"),
    "application.opened": _("Began an application"), "application.sent": _("Sent an application"),
    "audit.erased": _("Erased texts of the log"),
    "check.asked": _("Asked for a check"), "check.made": _("Checked the installation"),
    "consent.given": _("Gave a consent"), "consent.withdrawn": _("Withdrew a consent"),
    "draft.begun": _("Began a draft"), "draft.discarded": _("Discarded a draft"),
    "draft.rehearsed": _("Rehearsed a draft"), "draft.returned": _("Went back to a version"),
    "draft.version-named": _("Named a version"), "draft.written": _("Changed a draft"),
    "entrant.entered": _("Entered a challenge"),
    "export.asked": _("Asked for their data"), "export.downloaded": _("Downloaded their data"),
    "export.ready": _("Gathered somebody's data"), "fact.stated": _("Stated a fact"),
    "funding.added": _("Paid into a fund"), "funding.closed": _("Closed a fund"),
    "funding.opened": _("Opened a fund"), "funding.committed": _("Committed money"),
    "funding.released": _("Released committed money"),
    "funding.payment.proposed": _("Proposed a payment"), "funding.payment.approved": _("Approved a payment"),
    "funding.payment.paid": _("Paid"), "funding.payment.cancelled": _("Cancelled a payment"),
    "invitation.accepted": _("Accepted a letter's invitation"),
    "invitation.declined": _("Declined a letter's invitation"), "invitation.sent": _("Invited by letter"),
    "invitation.withdrawn": _("Took a letter's invitation back"),
    "job.cancelled": _("Gave a job up"), "job.retried": _("Tried a job again"),
    "jobs.retried": _("Tried jobs again"),
    "membership.began": _("Joined an organisation"), "membership.ended": _("Left an organisation"),
    "message.read": _("Read a letter"), "message.resent": _("Sent a letter again"),
    "operator.log-exported": _("Took the whole log out"),
    "offer.sheet": _("Invited by a sheet"),
    "organisation.invited": _("Invited to an organisation"),
    "organisation.founded": _("Created an organisation"), "organisation.changed": _("Changed an organisation"),
    "organisation.domain-added": _("Added a mail domain"), "organisation.domain-claimed": _("Claimed a mail domain"),
    "organisation.domain-removed": _("Removed a mail domain"),
    "organisation.sign-in-set-up": _("Set up an organisation's sign-in"),
    "organisation.sign-in-mapped": _("Changed what a sign-in tells"),
    "organisation.sign-in-removed": _("Removed an organisation's sign-in"),
    "organisation.sign-in-switched": _("Switched an organisation's sign-in"),
    "person.registered": _("Signed up"), "person.changed": _("Changed their account"),
    "person.email-changed": _("Changed their address"), "person.password-changed": _("Changed their password"),
    "person.address-vouched": _("Address vouched for by an organisation"),
    "person.second-factor-added": _("Added a second factor"),
    "person.second-factor-removed": _("Removed a second factor"),
    "person.second-factor-reset": _("Reset a second factor"), "person.mail-chosen": _("Chose what comes by mail"),
    "person.signed-out": _("Signed devices out"), "person.deactivated": _("Closed an account"),
    "person.reactivated": _("Opened an account again"), "person.forgotten": _("Erased an account"),
    "person.made-operator": _("Made somebody an operator"), "person.operator-ended": _("Ended an operator's office"),
    "programme.blueprint": _("Took a newer blueprint"), "programme.ticked": _("Time moved the programme on"),
    "recruiting.unlisted": _("Took somebody off the list"),
    "recruiting.looked": _("Looked at a profile"), "recruiting.shortlisted": _("Noted somebody"),
    "recruiting.approached": _("Approached somebody"),
    "relation.stated": _("Stated a relation"), "relation.ended": _("Ended a relation"),
    "review.taken-back": _("Took a review back"),
    "round.opened": _("Made a round"), "round.task": _("Set up a task"), "round.board": _("Changed who sees a board"),
    "round.organiser": _("Made somebody an organiser of a round"),
    "round.organiser-left": _("Let somebody organise a round no more"), "round.window": _("Changed a round's dates"),
    "round.rules": _("Changed the rules of a round"), "task.bounds": _("Changed the limits of a task"),
    "round.verified": _("Had finalists run again"), "verification.again": _("Had a finalist run once more"),
    "verification.ended": _("A finalist was run again"), "verification.accepted": _("Let an unreproduced score hold"),
    "task.compared": _("Had code compared"),
    "submission.received": _("Submitted"), "submission.judged": _("Judged a submission"),
    "submission.chosen": _("Chose a submission"), "submission.choice-undone": _("Took a choice back"),
    "submission.again": _("Judged again"), "submission.shared": _("Made a submission public"),
    "submission.unshared": _("Made a submission private"), "round.questions": _("Changed what a round asks"),
    "round.allowed": _("Changed who can submit in a round"), "round.cloned": _("Copied a round"),
    "seat.invited": _("Invited to a seat"), "team.invited": _("Invited to a team"),
    "team.formed": _("Formed a team of their own"), "team.joined": _("Joined a team"), "team.left": _("Left a team"),
    "team.handed-over": _("Handed a team over"),
    "token.issued": _("Issued a token"), "token.revoked": _("Revoked a token"),
}  # fmt: skip
ROUNDS: dict[str, Promise] = {
    "bundle.sent": _("Sent a bundle in"), "bundle.tried": _("Tried a bundle"),
    "bundle.tried-again": _("Tried a bundle again"), "bundle.made": _("Made rounds of a bundle"),
    "bundle.asked": _("Asked for the rounds of a bundle"),
    "entrant.joined": _("Joined an entrant"), "entrant.left": _("Left an entrant"),
    "entrant.merged": _("Two entrants became one"), "environment.added": _("Added an environment"),
    "environment.asked": _("Had an environment built"), "environment.built": _("Built an environment"),
    "environment.image": _("Said which environment an image stands for"),
    "programme.imported": _("Imported a competition"), "programme.team-lock": _("Changed when teams are fixed"),
    "field-trial.drafted": _("Planned a field trial"), "field-trial.started": _("Started a field trial"),
    "field-trial.paused": _("Paused a field trial"), "field-trial.resumed": _("Resumed a field trial"),
    "field-trial.ended": _("A field trial ended"), "field-trial.stopped": _("A field trial was stopped"),
    "field-trial.discarded": _("Discarded a field trial"), "field-trial.shared": _("Showed or hid a field trial"),
    "field-trial.judged": _("Judged a field trial"), "field-trial.counts": _("Let a field trial count at a stage"),
    "field-trial.evidence": _("Recorded a field trial as evidence"), "field-trial.taken": _("Took a field trial out"),
    "rejudging.proposed": _("Proposed to judge again"), "rejudging.applied": _("Applied a proposal to judge again"),
    "rejudging.discarded": _("Discarded a proposal to judge again"),
    "rejudging.taken": _("Took the changes of a proposal out"), "round.own-workers": _("Let own workers score a round"),
    "round.platform-workers": _("Let the platform score a round again"), "round.taken": _("Took data of a round out"),
    "round.teams": _("Opened a round to teams"), "standing.disqualified": _("Disqualified somebody"),
    "standing.appealed": _("Appealed"), "standing.upheld": _("Refused an appeal"),
    "standing.lifted": _("Lifted a disqualification"), "standing.banned": _("Banned somebody from a round"),
    "programme.banned": _("Banned somebody from a programme"), "programme.ban-appealed": _("Appealed against a ban"),
    "programme.ban-upheld": _("Refused an appeal against a ban"), "turn.back": _("Put a withdrawn turn back"),
    "programme.ban-lifted": _("Lifted a ban from a programme"),
    "programme.ban-ended": _("A ban from a programme ended by its date"),
    "standing.ban-lifted": _("Lifted a ban"), "task.carried": _("Attempts went on to a task"),
    "task.carry-over": _("Set up which attempts go on"), "task.carry-asked": _("Had attempts go on"),
    "task.carry-over-dropped": _("Let no attempts go on any more"), "task.cloned": _("Copied a task"),
    "task.environment": _("Changed where a task's programs run"), "team.bound": _("Set how large a team may be"),
    "team.code-issued": _("Issued a team's code"), "team.code-revoked": _("Revoked a team's code"),
    "team.renamed": _("Renamed a team"), "team.dissolved": _("Dissolved a team"),
    "team.merge-asked": _("Asked another team to merge"), "team.merge-declined": _("Declined a merge"),
    "team.merge-withdrawn": _("Took a question to merge back"), "team.merged": _("Merged two teams"),
    "thread.asked": _("Asked a question"), "thread.answered": _("Answered a question"),
    "thread.announced": _("Wrote an announcement of a round"), "thread.pinned": _("Pinned a thread"),
    "thread.locked": _("Locked a thread"), "thread.hidden": _("Hid what was written"),
    "turn.joined": _("Somebody joined a turn's team"), "turn.left": _("Somebody left a turn's team"),
    "turn.merged": _("Two turns became one"), "worker-token.issued": _("Issued a token for a worker"),
    "worker-token.revoked": _("Revoked a token of a worker"),
}  # fmt: skip
CREDENTIALS: dict[str, Promise] = {
    "issuer.made": _("Made an organisation an issuer"), "issuer.key-added": _("Added a signing key"),
    "issuer.key-ended": _("Ended a signing key"),
    "achievement.said": _("Said what an achievement is"), "achievement.retired": _("Retired an achievement"),
    "achievement.allowed": _("Let an achievement be awarded again"),
    "credential.proposed": _("Proposed a credential"), "credential.approved": _("Signed a credential off"),
    "credential.declined": _("Declined a credential"), "credential.issued": _("Issued a credential"),
    "credential.suspended": _("Suspended a credential"), "credential.reinstated": _("Reinstated a credential"),
    "credential.revoked": _("Revoked a credential"), "credential.renewed": _("Renewed a credential"),
    "credential.renewal-asked": _("Asked for the renewal of a credential"),
    "credential.end-told": _("Told a holder that a credential ends"),
    "credential.shown": _("Changed who may see a credential"),
    "credential.link-changed": _("Changed the link of a credential"),
}  # fmt: skip
EVERY_ACT = {
    **ASSESSMENTS, **INTERVIEWS, **ASSIGNMENTS, **CREDENTIALS, **DEGREES, **PLATFORM, **LEARNING, **PATHS, **SKILLS,
    **CALENDAR, **ROUNDS, **ACTIONS,
}  # fmt: skip


def events_of(rows: Iterable[AuditRow]) -> list[Event]:
    """Rows as events; what a job or a program did goes under its own name."""
    return [_in_full(event) for event in told_of(rows)]


def _in_full(event: Event) -> Event:
    row = event.row
    who = event.who if row.actor == SYSTEM or row.actor.startswith(PERSON) else row.actor
    return replace(event, who=who, what=str(EVERY_ACT.get(row.action, row.action)))
