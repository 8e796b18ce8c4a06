"""What a programme's rules say, in the visitor's language: a stage's work, window, provisions and gives."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from dure.blueprint.model import (
    BIND,
    CONTACTS,
    ENTRANTS,
    PASSED,
    Blueprint,
    CredentialGive,
    Do,
    Duration,
    EventDo,
    FormDo,
    Give,
    LearnDo,
    MoneyGive,
    PrivilegeGive,
    ProjectDo,
    Provision,
    PublishGive,
    RoleGive,
    RoundDo,
    SpawnGive,
    Stage,
    TeamSize,
    TestDo,
    WorkDo,
)
from dure.blueprint.reasons import fact_text
from dure.core.text import Text
from dure.site.figures import money, number, quantity

KINDS: dict[str, Promise] = {
    "form": _("Form"), "learn": _("Learning"), "test": _("Test"), "round": _("Challenge round"),
    "project": _("Project"), "event": _("Event"), "work": _("Work"),
}  # fmt: skip
ENTRIES: dict[str, Promise] = {
    "open": _("Open to applications"), "invite": _("By invitation"), "nominate": _("By nomination"),
    "match": _("Proposed by matching"),
}  # fmt: skip
PROGRAMME_STATES: dict[str, Promise] = {
    "draft": _("Draft"), "published": _("Announced"), "open": _("Taking entries"), "running": _("Under way"),
    "closed": _("Ended"),
}  # fmt: skip
PHASES: dict[str, Promise] = {
    "open": _("Taking applications"), "soon": _("Opening soon"), "running": _("Under way"), "closed": _("Ended"),
    "draft": _("Draft"),
}  # fmt: skip
SUBJECTS: dict[str, Promise] = {
    "person": _("Individuals"), "team": _("Teams"), "org": _("Organisations"), "consortium": _("Consortia"),
    "item": _("Proposals and works"),
}  # fmt: skip
TURN_STATES: dict[str, Promise] = {
    "waiting": _("Waiting"), "open": _("Open"), "handed-in": _("Handed in"), "passed": _("Passed"),
    "out": _("Not passed"), "withdrawn": _("Withdrawn"),
}  # fmt: skip
CASE_STATES: dict[str, Promise] = {"running": _("Under way"), "finished": _("Completed"), "ended": _("Ended")}
GIVE_KINDS: dict[str, Promise] = {
    "credential": _("Credential"), "money": _("Money"), "privilege": _("Privilege"), "publish": _("Publication"),
    "spawn": _("New programme"), "role": _("Role"),
}  # fmt: skip
GIVEN_STATES: dict[str, Promise] = {"due": _("To be confirmed"), "done": _("Done"), "revoked": _("Revoked")}
RECEIVED_STATES: dict[str, Promise] = {
    "due": _("To be confirmed"), "done": _("Valid now"), "over": _("Ended"), "planned": _("Payment planned"),
    "paying": _("Partly paid"), "paid": _("Paid"),
}  # fmt: skip
NOTICE_KINDS: dict[str, Promise] = {
    "result": _("Results"), "invitation": _("Invitations"), "receipt": _("Receipts"), "opened": _("Stages that open"),
    "payment": _("Money paid to me"), "announcement": _("Announcements of organisers"),
    "credential": _("Credentials that I hold, and when they end"), "talk": _("Questions, answers and replies"),
    "account": _("Account and security"),
}  # fmt: skip
LEARNING_STATES: dict[str, Promise] = {
    "waiting": _("On the waiting list"), "active": _("Under way"), "handed-in": _("Handed in"), "stuck": _("Stuck"),
}  # fmt: skip
CONSENTS: dict[str, Promise] = {
    "recruiters": _("Recruiters of the programme may see my profile and results"),
    "employer": _("The organisation may see what I am certified in, what I learn and my skills"),
    "contact": _("My contact is passed on to those I met at the event"),
    "terms": _("Terms of use of what is provided"),
    "award-name": _("My name stands on the page that verifies this award"),
    "award-result": _("My place, marks and scores stand on the page that verifies this award"),
}  # fmt: skip
CONSENT_ENDS: dict[str, Promise] = {  # what a withdrawal does
    "recruiters": _("Recruiters no longer find you there. Messages that you have stay."),
    "employer": _("It sees only courses that it pays for and credentials that it issued, or that you show everybody."),
    "contact": _("Your address is no longer shown. Who has noted it down already keeps it."),
    "terms": _("What is provided is no longer yours to use. A stage that has opened stays open."),
    "award-name": _("The page goes on verifying the award, without your name."),
    "award-result": _("The page goes on verifying the award, without your place, marks and scores."),
}
PROVIDED_STATES: dict[str, Promise] = {"due": _("To be confirmed"), "open": _("Available"), "closed": _("No longer")}
PAYMENT_STATES: dict[str, Promise] = {
    "proposed": _("Waits for approval"), "approved": _("Approved"), "paid": _("Paid"), "cancelled": _("Cancelled"),
}  # fmt: skip
BATCH_STATES: dict[str, Promise] = {
    "going": _("Under way"), "done": _("Done"), "refused": _("Refused"), "stopped": _("Stopped"),
}  # fmt: skip
FUND_STATES: dict[str, Promise] = {"open": _("In use"), "closed": _("Closed")}
COMMITMENT_STATES: dict[str, Promise] = {
    "committed": _("Committed"), "paid": _("Paid in full"), "released": _("Given back"),
}  # fmt: skip
PROVISIONS: dict[str, Promise] = {
    "compute": _("Computing"), "data": _("Data sets"), "model": _("Model"), "facility": _("Equipment"),
    "space": _("Space"), "advice": _("Advice"),
}  # fmt: skip
REVIEW_STATES: dict[str, Promise] = {
    "assigned": _("To be marked"), "done": _("Marked"), "declined": _("Stepped back"),
}  # fmt: skip
PROOF_STATES: dict[str, Promise] = {
    "entered": _("To be verified"), "verified": _("Verified"), "refused": _("Not accepted"),
}  # fmt: skip
OFFER_STATES: dict[str, Promise] = {
    "offered": _("Waiting for an answer"), "accepted": _("Accepted"), "declined": _("Declined"),
    "withdrawn": _("Withdrawn"),
}  # fmt: skip
CREDENTIALS: dict[str, Promise] = {
    "badge": _("Badge"), "certificate": _("Certificate"), "degree": _("Degree"), "title": _("Honorary title"),
    "licence": _("Licence"),
}  # fmt: skip
VERIFIED: dict[str, Promise] = {
    "proof": _("Signature"), "issuer": _("Who issued it"), "schema": _("Form and content"),
    "dates": _("Time of validity"), "status": _("Suspended or revoked"), "trust": _("Whether it is enough here"),
    "subject": _("Whose it is"),
}  # fmt: skip
CREDENTIAL_STATES: dict[str, Promise] = {
    "proposed": _("Waits for sign-off"), "declined": _("Declined"), "approved": _("Being signed"),
    "issued": _("Valid now"), "suspended": _("Suspended"), "revoked": _("Revoked"), "superseded": _("Renewed"),
    "expired": _("Expired"),
}  # fmt: skip
BOARDS: dict[str, Promise] = {
    "public": _("Everybody"), "entrants": _("Those who take part"), "hidden": _("Nobody but the organisers"),
}  # fmt: skip
SUBMISSION_STATES: dict[str, Promise] = {
    "received": _("Queued"), "scoring": _("Being judged"), "scored": _("Scored"), "refused": _("Cannot be scored"),
    "failed": _("Our fault, not counted"),
}  # fmt: skip
VERIFICATION_STATES: dict[str, Promise] = {
    "waiting": _("Queued"), "running": _("Being run again"), "reproduced": _("Reproduced"),
    "differs": _("Not reproduced"), "failed": _("Could not be run"), "accepted": _("Accepted all the same"),
}  # fmt: skip
SHEETS: dict[str, Promise] = {
    "evidence": _("Evidence"), "decisions": _("Decisions"), "reviews": _("Reviews"), "proofs": _("Proofs"),
    "gives": _("Gives"), "provided": _("What is provided"), "cohort": _("Participants"), "payments": _("Payments"),
}  # fmt: skip
ORGANISATION_KINDS: dict[str, Promise] = {
    "company": _("Company"), "university": _("University"), "institute": _("Institute"),
    "government": _("Government"), "sme": _("Small or medium company"), "startup": _("Start-up"),
    "association": _("Association"),
}  # fmt: skip
MEMBER_ROLES: dict[str, Promise] = {
    "member": _("Member"), "student": _("Student"), "admin": _("Administrator"),
}  # fmt: skip
JOB_STATES: dict[str, Promise] = {
    "held": _("Held back"), "ready": _("Ready"), "running": _("Being done"), "failed": _("Failed"),
    "done": _("Done"), "cancelled": _("Given up"),
}  # fmt: skip
FINDING_STATES: dict[str, Promise] = {"ok": _("Fine"), "warn": _("Look at this"), "fail": _("Wrong")}
MESSAGE_STATES: dict[str, Promise] = {"waiting": _("On its way"), "sent": _("Delivered"), "failed": _("Failed")}
INVITATION_STATES: dict[str, Promise] = {
    "pending": _("Waiting for an answer"), "accepted": _("Accepted"), "declined": _("Declined"),
    "withdrawn": _("Withdrawn"),
}  # fmt: skip
SOURCES: dict[str, Promise] = {
    "asked": _("their own word"), "register": _("the register"), "consent": _("their consent"),
    "membership": _("their membership"), "birth-date": _("their date of birth"), "credential": _("a credential"),
    "operator": _("seen by an operator"),
}  # fmt: skip
PURPOSES: dict[str, Promise] = {"team": _("a team"), "organisation": _("an organisation")}
YES_NO: dict[str, Promise] = {"yes": _("Yes"), "no": _("No")}
SETTLEMENT_STATES: dict[str, Promise] = {
    "confirmed": _("Confirmed, not told yet"), "released": _("Released"), "undone": _("Taken back"),
}  # fmt: skip
VERDICTS: dict[str, Promise] = {"passed": _("Passed"), "out": _("Not passed")}
_TESTS: dict[str, Promise] = {
    "exam": _("Exam"), "coding": _("Coding test"), "interview": _("Interview"), "survey": _("Survey"),
    "external": _("Outside test or review"),
}  # fmt: skip
_MODES: dict[str, Promise] = {
    "online": _("Online"), "offline": _("On site"), "blended": _("Online and on site"),
}  # fmt: skip
_EVERY: dict[str, Promise] = {
    "h": _("every hour"), "d": _("every day"), "w": _("every week"), "m": _("every month"), "y": _("every year"),
}  # fmt: skip
_EVENTS: dict[str, Promise] = {
    "seminar": _("Seminar"), "workshop": _("Workshop"), "ceremony": _("Ceremony"), "fair": _("Fair"),
    "booth": _("Booth"), "board": _("Board meeting"),
}  # fmt: skip
_WORK: dict[str, Promise] = {
    "internship": _("Internship"), "dispatch": _("Dispatch"), "hire": _("Employment"), "assignment": _("Assignment"),
    "mentor": _("Mentoring"), "maintain": _("Maintenance"),
}  # fmt: skip
_EACH: dict[str, Promise] = {
    "person": _("%(amount)s for each person"), "team": _("%(amount)s for each team"),
    "org": _("%(amount)s for each organisation"), "consortium": _("%(amount)s for each consortium"),
    "item": _("%(amount)s for each entry"),
}  # fmt: skip
_PLACES: dict[str, Promise] = {
    "hub": _("in the hub"), "open": _("openly"), "members": _("for members"),
}  # fmt: skip


NOT_NOW = Text(
    ko="지금은 작성할 수 없습니다. 내 페이지에서 진행 상황을 확인하세요.",
    en="This cannot be written now. See your own page for where it stands.",
)


def language() -> str:
    """``ko`` or ``en``: the one that sentences are told in."""
    return "en" if (get_language() or "").startswith("en") else "ko"


def say(text: Text) -> str:
    """The sentence in the visitor's language."""
    return text[language()]


def word(blueprint: Blueprint, name: str) -> str:
    """What people read instead of one of the blueprint's ids."""
    return say(blueprint.word(name))


def fact(blueprint: Blueprint, name: str) -> str:
    """The name of something that a stage leaves behind, as the head of a line."""
    told = say(fact_text(blueprint, name))
    return told[:1].upper() + told[1:]


def listed(blueprint: Blueprint, names: Iterable[str]) -> str:
    return ", ".join(word(blueprint, name) for name in names)


def length(duration: Duration) -> str:
    n = duration.number
    texts = {
        "h": ngettext("%(n)d hour", "%(n)d hours", n), "d": ngettext("%(n)d day", "%(n)d days", n),
        "w": ngettext("%(n)d week", "%(n)d weeks", n), "m": ngettext("%(n)d month", "%(n)d months", n),
        "y": ngettext("%(n)d year", "%(n)d years", n),
    }  # fmt: skip
    return texts[duration.unit] % {"n": n}


def every(duration: Duration) -> str:
    """How often: every month, every 3 months."""
    if duration.number == 1:
        return str(_EVERY[duration.unit])
    return gettext("every %(length)s") % {"length": length(duration)}


def spell_of(stage: Stage) -> str:
    """The part of a stage's window that is a length and no date; empty where there is none."""
    window = stage.when
    if window is None:
        return ""
    if window.every:
        return capfirst(every(window.every))
    if window.within:
        return gettext("Within %(length)s of the start") % {"length": length(window.within)}
    if window.length and window.start is None:
        return gettext("For %(length)s from the start") % {"length": length(window.length)}
    return ""


def inside(blueprint: Blueprint, name: str) -> str:
    """An id's word inside a sentence; in English a role loses its capital and takes an article."""
    if name in blueprint.roles and language() == "en":
        told = blueprint.word(name).en
        return f"the {told if told[1:2].isupper() else told[:1].lower() + told[1:]}"
    return word(blueprint, name)


# --- what a stage asks


def asks_of(blueprint: Blueprint, stage: Stage) -> list[str]:
    """What one does at a stage."""
    found = _work_of(blueprint, stage.do)
    if stage.do.what:
        found.append(word(blueprint, stage.do.what))
    if isinstance(stage.options, tuple):
        chosen = ngettext("Choose %(n)d of: %(options)s", "Choose %(n)d of: %(options)s", stage.choose)
        found.append(chosen % {"n": stage.choose, "options": listed(blueprint, stage.options)})
    if stage.team:
        found.append(team_size(stage.team))
    return found


def team_size(team: TeamSize) -> str:
    if team.min == team.max:
        return gettext("In teams of %(most)d") % {"most": team.max}
    return gettext("In teams of %(least)d to %(most)d") % {"least": team.min, "most": team.max}


def _work_of(blueprint: Blueprint, do: Do) -> list[str]:
    found: list[str] = []
    match do:
        case FormDo():
            found = form_text(blueprint, do)
        case LearnDo():
            found = _learning(blueprint, do)
        case TestDo():
            found = _test(blueprint, do)
        case RoundDo():
            found = _round(blueprint, do)
        case ProjectDo():
            found = _project(blueprint, do)
        case EventDo():
            found = _event(blueprint, do)
        case WorkDo():
            found = [_joined(_WORK[do.type], do.at and listed(blueprint, do.at), do.to and word(blueprint, do.to))]
            found += _company(blueprint, do.with_roles)
    return found


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def _learning(blueprint: Blueprint, do: LearnDo) -> list[str]:
    """What everybody learns, then what each option adds."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for item in do.items:
        hours = f" ({length(Duration(int(item.hours), 'h'))})" if item.hours and item.hours == int(item.hours) else ""
        groups.setdefault(item.options, []).append(f"{word(blueprint, item.id)}{hours}")
    return [
        f"{_joined(_MODES[do.mode], listed(blueprint, options))}: {', '.join(names)}"
        for options, names in groups.items()
    ]


def form_text(blueprint: Blueprint, do: FormDo) -> list[str]:
    """What a form asks for."""
    found = []
    if do.ask:
        found.append(gettext("You write: %(what)s") % {"what": listed(blueprint, (q.name for q in do.ask))})
    if do.attach:
        found.append(gettext("You attach: %(what)s") % {"what": listed(blueprint, do.attach)})
    if do.fee:
        found.append(gettext("Fee: %(fee)s") % {"fee": fee_text(do)})
    if do.lead:
        found.append(gettext("Led by: %(kind)s") % {"kind": ORGANISATION_KINDS[do.lead]})
    return found


def fee_text(do: FormDo) -> str:
    return money(do.fee, "KRW") if isinstance(do.fee, int) else gettext("to be announced")


def _test(blueprint: Blueprint, do: TestDo) -> list[str]:
    found = [gettext("%(test)s by %(party)s") % {"test": _TESTS[do.type], "party": inside(blueprint, do.by)}]
    if do.minutes:
        found.append(ngettext("%(n)d minute", "%(n)d minutes", do.minutes) % {"n": do.minutes})
    return found


def _round(blueprint: Blueprint, do: RoundDo) -> list[str]:
    found = [gettext("Measured by: %(metric)s") % {"metric": word(blueprint, do.metric)}]
    if do.daily:
        times = ngettext("Up to %(n)d submission a day", "Up to %(n)d submissions a day", do.daily)
        found.append(times % {"n": do.daily})
    if do.total:
        times = ngettext("Up to %(n)d submission in all", "Up to %(n)d submissions in all", do.total)
        found.append(times % {"n": do.total})
    if do.sealed:
        found.append(gettext("The final ranking counts a part of the test data that nobody sees before the end."))
    if do.baseline is not None:
        found.append(gettext("The baseline scores %(score)s.") % {"score": number(do.baseline)})
    if do.code == "required":
        found.append(gettext("Code is handed in and run on the platform."))
    return found


def _project(blueprint: Blueprint, do: ProjectDo) -> list[str]:
    found = [gettext("Milestones: %(what)s") % {"what": listed(blueprint, do.milestones)}]
    if do.reports:
        found.append(gettext("Reports: %(what)s") % {"what": listed(blueprint, do.reports)})
    return found + _company(blueprint, do.with_roles)


def _event(blueprint: Blueprint, do: EventDo) -> list[str]:
    lasts = length(Duration(do.days, "d")) if do.days else ""
    return [_joined(_EVENTS[do.type], do.where and word(blueprint, do.where), lasts, do.to and word(blueprint, do.to))]


def _company(blueprint: Blueprint, roles: Mapping[str, int]) -> list[str]:
    people = [
        ngettext("%(role)s (%(n)d person)", "%(role)s (%(n)d people)", n) % {"role": word(blueprint, role), "n": n}
        for role, n in roles.items()
    ]
    return [gettext("With you: %(people)s") % {"people": ", ".join(people)}] if people else []


# --- what a stage puts at one's disposal, and what it gives


def provides_of(blueprint: Blueprint, stage: Stage) -> list[str]:
    return [_provision(blueprint, stage, provision) for provision in stage.provides]


def _provision(blueprint: Blueprint, stage: Stage, provision: Provision) -> str:
    what = word(blueprint, provision.what) if provision.what else ""
    parts = ", ".join(part for part in (what, _provided(blueprint, stage, provision)) if part)
    by = word(blueprint, provision.party)
    return f"{PROVISIONS[provision.type]}: {parts} ({by})" if parts else f"{PROVISIONS[provision.type]} ({by})"


def _provided(blueprint: Blueprint, stage: Stage, provision: Provision) -> str:
    """How much of it, and for whom; empty where it is not metered."""
    if not isinstance(provision.amount, int | float):
        return ""
    amount = quantity(provision.amount, word(blueprint, provision.unit or ""))
    if provision.per is None:
        return gettext("%(amount)s in all") % {"amount": amount}
    unit = stage.unit if provision.per == "unit" and stage.unit else blueprint.subject
    return str(_EACH[unit]) % {"amount": amount}


def terms_of(blueprint: Blueprint, stage: Stage) -> list[str]:
    """The terms of use that one accepts before a stage opens."""
    return [word(blueprint, provision.terms) for provision in stage.provides if provision.terms]


def gives_of(blueprint: Blueprint, stage: Stage) -> list[str]:
    return [given_text(blueprint, give) for give in stage.gives]


def given_text(blueprint: Blueprint, give: Give) -> str:
    """What a give is, and for whom where that is not whoever passes."""
    return f"{give_text(blueprint, give)}{_receivers(blueprint, give)}"


def give_text(blueprint: Blueprint, give: Give) -> str:
    """What one of a stage's gives is."""
    match give:
        case CredentialGive(type=type_, name=name, valid=valid):
            lasts = gettext(" (valid for %(length)s)") % {"length": length(valid)} if valid else ""
            return f"{CREDENTIALS[type_]}: {word(blueprint, name)}{lasts}"
        case MoneyGive():
            return f"{word(blueprint, give.type)}: {amount_text(give)}"
        case PrivilegeGive(type=type_, at=at, within=within):
            lasts = gettext(", within %(length)s") % {"length": length(within)} if within else ""
            return f"{word(blueprint, type_)} ({word(blueprint, at)}{lasts})"
        case PublishGive(type=type_, where=where):
            what = gettext("What was chosen") if type_ == "option" else word(blueprint, type_)
            return gettext("%(what)s is published %(where)s") % {"what": what, "where": _PLACES[where]}
        case SpawnGive(blueprint=name, title=title):
            return gettext("A programme that follows: %(name)s") % {"name": word(blueprint, title or name)}
        case RoleGive(role=role):
            return gettext("The role of %(role)s") % {"role": inside(blueprint, role)}


def amount_text(give: MoneyGive) -> str:
    """What is paid, and how."""
    if give.ranks:
        prizes = ", ".join(
            gettext("place %(n)d: %(money)s") % {"n": place, "money": money(amount, give.currency)}
            for place, amount in enumerate(give.ranks, start=1)
        )
        return gettext("%(prizes)s, for each option") % {"prizes": prizes} if give.per == "option" else prizes
    amount = give.pool if give.pool is not None else give.amount
    if amount is None or amount == BIND:
        return gettext("amount to be announced")
    text = money(int(amount), give.currency)
    if give.pool is not None:
        return gettext("%(money)s, shared equally") % {"money": text}
    if give.months:
        spell = {"money": text, "every": every(give.every), "months": length(Duration(give.months, "m"))}
        return gettext("%(money)s %(every)s for %(months)s") % spell
    return text


def _receivers(blueprint: Blueprint, give: Give) -> str:
    match give.to:
        case str() as to if to == PASSED:
            return ""
        case str() as to if to == ENTRANTS:
            return gettext(" – for everybody who takes part")
        case str() as to if to == CONTACTS:
            return gettext(" – for those who left their contact")
    return gettext(" – for %(role)s") % {"role": inside(blueprint, give.to)}
