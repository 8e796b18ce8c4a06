"""Every page of the small world, with who may see it: what tests of all pages go over, and what the bench asks."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

from dure.audit.models import AuditRow
from dure.blueprint.library import load_blueprint
from dure.blueprint.rehearsal import rehearse
from dure.calendar.operations import ask_excuse, book, issue_feed, open_series, open_session, plan, publish_slots
from dure.calendar.operations import enrol as enter_series
from dure.challenges import files
from dure.challenges.measures import Measure
from dure.challenges.models import SimilarityRun, SimilarPair, Submission, Task, Verification
from dure.challenges.operations import add_organiser, add_task, open_round, open_to_teams, submit
from dure.challenges.operations import enter as enter_task
from dure.challenges.operations.asking import set_questions
from dure.challenges.operations.fieldtrials import share_field_trial
from dure.challenges.operations.proposing import Wanted, propose
from dure.challenges.operations.ruling import Rules, set_rules
from dure.challenges.operations.sharing import share
from dure.challenges.operations.standing import appeal, ban, disqualify
from dure.challenges.operations.verification import verify_finalists
from dure.challenges.operations.workers import issue_worker_token, score_by_own
from dure.challenges.questions import Question
from dure.compute.models import Environment
from dure.core import clock
from dure.core.text import Text
from dure.credentials.keys import make as make_key
from dure.credentials.models import Kind as AchievementKind
from dure.credentials.operations import Content, Deserved, add_key, become_issuer, define, issue
from dure.credentials.operations import propose as propose_credential
from dure.funding.operations import commit, open_fund
from dure.funding.promises import Due, Promise
from dure.jobs.models import CHECKS, Job, Message
from dure.jobs.operations import ask_for_check
from dure.jobs.worker import drain
from dure.joints.gives.money import bind_fund
from dure.joints.models import Review
from dure.joints.stages.rounds import set_up_task
from dure.learning.operations.imports import bring_in
from dure.learning.operations.items import adapt_item
from dure.learning.operations.progressing import finish_lesson
from dure.people.days import today
from dure.people.models import Person
from dure.people.operations import ask_merge, form_team, invite, issue_code, join_team
from dure.people.operations.invitations import TEAM
from dure.programmes.models import Given
from dure.programmes.operations.banning import appeal as appeal_ban
from dure.programmes.operations.banning import ban as ban_from_programme
from dure.programmes.operations.drafting import begin, keep_rehearsal, version_in_force
from dure.programmes.operations.publishing import make_programme
from dure.skills.operations import choose_role, claim, make_plan
from dure.skills.operations.plans import Line
from tests.challenges.conftest import make_task
from tests.challenges.field.played import played
from tests.challenges.field.world import make_trial, that_counts
from tests.factories import make_admin, make_person
from tests.learning.factories import make_cohort, make_course, make_enrolment, make_item, make_lesson, make_provider
from tests.site.assessments.world import exam_pages
from tests.site.assignments.world import assignment_pages
from tests.site.degrees.world import degree_pages
from tests.site.desk.world import bound_pages
from tests.site.interviews.world import interview_pages
from tests.site.paths.world import path_pages
from tests.site.surveys.world import survey_pages
from tests.site.world import SOURCE, World
from tests.skills.factories import role, shown, skill, starter


def pages(world: World) -> dict[str, Person | None]:
    """Every page that there is once a case has come to the end, with somebody who may read it."""
    programme, slug = f"/programmes/{world.programme.slug}/", world.programme.slug
    desk = f"/desk/{slug}/"
    turns = {stage: world.turn(world.ada, stage).pk for stage in ("apply", "task", "talk", "licence")}
    review = Review.objects.get(reviewer=world.judge)
    award = Given.objects.get(person=world.ada, kind="credential")
    return {
        "/": None, "/programmes/": None, "/programmes/?state=closed": None, programme: None, "/challenges/": None,
        "/rounds/": world.clerk, "/rounds/?q=zzz": world.operator,
        f"/awards/{award.pk}/": world.ada, f"{programme}figures/": None, "/accounts/login/": None,
        "/accounts/signup/": None, "/accounts/password/reset/": None,
        f"{programme}apply/apply/": world.stranger,
        "/me/": world.ada, "/me/account/": world.ada, "/me/teams/": world.ada, "/accounts/email/": world.ada,
        "/me/recruiters/": world.ada, "/me/notices/": world.ada,
        "/me/account/security/": world.ada, "/me/account/tokens/": world.ada,
        "/me/account/mail/": world.ada, "/me/account/consents/": world.ada, "/me/account/data/": world.ada,
        f"/turns/{turns['apply']}/receipts/1/": world.ada,
        "/accounts/2fa/": world.ada, "/accounts/logout/": world.ada,
        **{f"/turns/{turn}/": world.ada for turn in turns.values()},
        f"/turns/{turns['licence']}/withdraw/confirm/": world.ada,
        **dict.fromkeys(_studio(world), world.operator),
        **dict.fromkeys(_operations(world), world.operator),
        "/me/reviews/": world.judge, f"/reviews/{review.pk}/": world.judge,
        f"/me/reviews/panel/{slug}/talk/0/": world.judge, f"/me/reviews/decide/{slug}/apply/0/": world.clerk,
        f"/decisions/{turns['apply']}/0/": world.clerk, f"/recruit/{slug}/": world.judge,
        f"/recruit/{slug}/{world.ada.pk}/": world.judge,
        "/search/": None, "/search/?q=field": world.clerk, "/search/?q=zzz": None,
        f"/people/{world.ada.pk}/": world.clerk, "/organisations/hanbit/": None,
        "/organisations/hanbit/sign-in/": world.operator, "/organisations/hanbit/people/": world.operator,
        **dict.fromkeys(_funds(world), world.operator),
        **dict.fromkeys(_teams(world), world.ada), f"{desk}teams/": world.clerk, **_standing_round(world),
        **_field(world),
        **_checked_round(world), **_banned(world), **_credentials(world), **_calendar(world), **_skills(world),
        **_learning(world), **path_pages(world.host, curates=world.operator, learns=world.ada),
        **exam_pages(world.host, runs=world.operator, sits=world.ada),
        **interview_pages(world.host, runs=world.operator, sits=world.ada),
        **survey_pages(world.host, runs=world.operator, answers_it=world.ada),
        **bound_pages(), **degree_pages(world.host, runs=world.operator, studies=world.ada),
        "/desk/": world.clerk, desk: world.clerk, f"{desk}people/": world.clerk, f"{desk}gives/": world.clerk,
        f"{desk}run/": world.clerk, f"{desk}close/": world.clerk,
        f"{desk}participants/": world.clerk, f"{desk}participants/?stage=talk": world.clerk,
        f"{desk}participants/act/?act=gives&stage=task&all=yes": world.clerk, f"{desk}cases/1/": world.clerk,
        f"{desk}cases/1/past/": world.clerk, f"{desk}credentials/": world.clerk,
        f"{desk}stages/": world.clerk, f"{desk}money/": world.clerk, f"{desk}announcements/": world.clerk,
        f"{desk}announcements/new/": world.clerk, f"{desk}log/": world.clerk, f"{desk}dates/": world.clerk,
        f"{desk}batches/": world.clerk,
        f"{desk}stages/talk/dates/": world.clerk,
        **{f"{desk}stages/{stage}/": world.clerk for stage in turns},
        **{f"{desk}stages/{stage}/sheets/": world.clerk for stage in turns},
        f"{desk}stages/task/settle/": world.clerk, f"{desk}stages/task/tasks/": world.clerk,
        f"{desk}stages/talk/close/": world.clerk,
        **{f"/desk/turns/{turn}/": world.clerk for turn in turns.values()},
    }  # fmt: skip


def _skills(world: World) -> dict[str, Person | None]:
    """The pages of skills: Ada's levels beside a role and in her team, the host's plan, and what operators bring in."""
    starter()
    analyst, sql = role("data-analyst"), skill("sql")
    shown(world.ada, "sql", 3)
    claim(world.ada, skill=skill("python"), level=2)
    choose_role(world.ada, role=analyst)
    team = form_team("햇무리", captain=world.ada)
    line = Line(analyst, 3, today() + timedelta(days=300))
    plan = make_plan(world.host, name="2027", by=make_admin(world.host), lines=[line])
    own = f"/organisations/{world.host.short}/skills/"
    return {
        "/skills/": None, f"/skills/{sql.pk}/": world.ada, "/skills/?q=zzz": None, "/roles/": world.ada,
        f"/roles/{analyst.pk}/": world.ada, "/me/skills/": world.ada,
        f"/me/teams/{team.pk}/skills/?role={analyst.pk}": world.ada,
        own: world.operator, f"{own}{plan.pk}/": world.operator,
        **dict.fromkeys((f"{own}new/", f"{own}{plan.pk}/edit/"), plan.made_by), "/operator/taxonomies/": world.operator,
    }  # fmt: skip


def _calendar(world: World) -> dict[str, Person]:
    """The pages of a series that the clerk teaches: a session that signs in, one beside it, slots, an address."""
    series = open_series(world.host, title_ko="현장 수업", title_en="Field classes")
    enter_series(series, person=world.clerk, role="teacher")
    enter_series(series, person=world.ada)
    at, hour = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1), timedelta(hours=1)
    named = {"title_ko": "첫 수업", "title_en": "First", "place": "E13", "capacity": 1}
    held, later = (plan(series, starts_at=at, ends_at=at + hour, **named) for _ in range(2))
    open_session(held)
    ask_excuse(later, person=world.ada, reason="병원")
    slots = publish_slots(series, host=world.clerk, starts_at=at + 24 * hour, ends_at=at + 25 * hour, minutes=20)
    book(slots[0], person=world.ada)
    issue_feed(world.ada)
    own = f"/calendar/{series.pk}/"
    run = ("", "plan/", "people/", "slots/", "sheet/", "settings/")
    session = f"/calendar/sessions/{later.pk}/"
    return {
        **dict.fromkeys((f"{own}{page}" for page in run), world.clerk), "/calendar/": world.clerk,
        "/calendar/new/": world.operator, "/me/calendar/": world.ada, f"{own}?past": world.ada,
        f"/calendar/sessions/{held.pk}/": world.clerk, f"/calendar/sessions/{held.pk}/code/": world.clerk,
        f"/calendar/sessions/{held.pk}/sign-in/": world.ada, session: world.ada,
        f"{session}edit/": world.clerk, f"{session}cancel/": world.clerk,
    }  # fmt: skip


def _teams(world: World) -> list[str]:
    """The pages of a team with somebody invited and a code, and of one that asked it to merge."""
    team = form_team("해오름", captain=world.ada)
    issue_code(join_team(team, person=world.bo))
    invite("late@example.org", purpose=TEAM, subject=team.pk, what=Text(ko="팀에", en="to the team"), by=world.ada)
    asked = ask_merge(form_team("달무리", captain=world.stranger), other=team, by=world.stranger)
    own = f"/me/teams/{team.pk}/"
    return [own, f"{own}leave/", f"{own}merge/?q=zzz", f"{own}?q=zzz", f"/me/merges/{asked.pk}/"]


def _standing_round(world: World) -> dict[str, Person]:
    """The pages of a round outside programmes: Ada is in it with an attempt, and the clerk's machines score it."""
    round_ = open_round(Text(ko="한강", en="Han"), by=world.clerk, daily=5)
    labels = BytesIO(b"id,label\n1,0\n2,1\n")
    task = add_task(round_, labels=labels, measure=Measure("accuracy"))
    open_to_teams(round_, most=3)
    sent = BytesIO(b"id,label\n1,0\n2,0\n")
    receipt = submit(enter_task(task, persons=[world.ada]), by=world.ada, upload=sent, name="1.csv")
    token = issue_worker_token(score_by_own(round_, queue="lab", by=world.clerk), title="gpu-1", by=world.clerk).row
    known = {"version": "3.8.18", "packages": {"keras": "2.4"}, "built_at": clock.now()}
    Environment.objects.create(name="classic", requirements="keras==2.4", state="ready", **known)
    mine = (f"/tasks/{task.pk}/mine/", f"/tasks/{task.pk}/enter/", f"/submissions/{receipt.id}/")
    own = f"/rounds/{round_.pk}/"
    run = ("workers/", "workers/hand-back/", f"workers/tokens/{token.pk}/revoke/", "environments/",
           f"environments/{task.pk}/?to=classic", "talk/", "teams/")  # fmt: skip
    return {
        **dict.fromkeys(mine, world.ada), f"/tasks/{task.pk}/": world.stranger,
        **dict.fromkeys((f"{own}{page}" for page in run), world.clerk),
    }  # fmt: skip


def _checked_round(world: World) -> dict[str, Person | None]:
    """What is decided and checked in the programme's round: its rules, a finalist run again, code that is alike, a
    proposal to score it otherwise, and who is out of it."""
    rows = b"".join(b"%d,%d\n" % (row, row % 2) for row in range(40))
    truth, turned = b"id,label\n" + rows, b"id,label\n" + rows.replace(b"1\n", b"2\n").replace(b",0", b",1")
    task = set_up_task(
        world.programme, "task", "vision", by=world.clerk, labels=BytesIO(truth), measure=Measure("accuracy")
    )
    round_ = set_rules(task.round, replace(Rules.of(task.round), verify_first=2, sharing="chosen", file_types=[".csv"]))
    set_questions(round_, [Question("model", Text(ko="모델", en="Model"), on_board=True)])
    sent = {person: _sent(task, person, answers) for person, answers in ((world.ada, truth), (world.bo, turned))}
    drain()
    verify_finalists(round_)
    proposal = propose(task, Wanted(labels=BytesIO(turned)), by=world.clerk, why="Two labels were swapped")
    drain()
    run = SimilarityRun.objects.create(task=task, by=world.clerk, state="done", compared=2)
    match = {"first": "main.py", "second": "main.py", "here": [[1, 3]], "there": [[1, 3]]}
    first, second = sent.values()
    for row in (first, second):
        code = files.store(_packed(b"rate = 0.1\nepochs = 9\nprint(rate * epochs)\n"), most_bytes=1 << 20)
        code.save(force_insert=True)
        Submission.objects.filter(pk=row.pk).update(upload=code, kind="code")
    pair = SimilarPair.objects.create(run=run, first=first, second=second, share="0.9", lines=3, matches=[match])
    out = disqualify(second.entrant, by=world.clerk, ground="sharing", reason=Text(ko="공유", en="Code was shared"))
    appeal(out, by=world.bo, text="It is my own.")
    why = Text(ko="여러 계정", en="Two accounts")
    banned = ban(round_, world.stranger, by=world.clerk, ground="accounts", reason=why)
    waiting = ban(round_, world.bo, by=world.clerk, ground="accounts", reason=why)
    appeal(waiting, by=world.bo, text="It was not me.")
    verified = Verification.objects.get(submission=first)
    own = f"/desk/{world.programme.slug}/stages/task/"
    one = share(first, by=world.ada, public=True)
    desk = ("rules/", "asked/", "asked/?question=model",
            "finalists/", f"finalists/{verified.pk}/", "similarity/", f"similarity/{pair.pk}/", "again/",
            f"again/new/{task.pk}/", f"again/{proposal.pk}/", "carry/", "out/")  # fmt: skip
    return {
        **{f"{own}{page}": world.clerk for page in desk}, f"/disqualifications/{out.pk}/": world.bo,
        f"/tasks/{task.pk}/shared/": None, f"/submissions/{one.pk}/": world.ada,
        f"/round-bans/{banned.pk}/": world.stranger, f"/round-bans/{waiting.pk}/": world.clerk,
    }  # fmt: skip


def _banned(world: World) -> dict[str, Person]:
    """A ban from the programme with an appeal that waits, and one that can be appealed."""
    why = {"by": world.clerk, "reason": Text(ko="여러 계정", en="Two accounts")}
    sorry, mate = (make_person(f"{name}@example.org", name=name.title()) for name in ("sorry", "mate"))
    appealed = ban_from_programme(world.programme, [sorry], **why)
    appeal_ban(appealed, by=sorry, text="It is my own.")
    fresh = ban_from_programme(world.programme, [mate], **why)
    return {
        f"/desk/{world.programme.slug}/bans/": world.clerk, f"/bans/{appealed.pk}/": world.operator,
        f"/bans/{fresh.pk}/": mate,
    }  # fmt: skip


def _packed(program: bytes) -> BytesIO:
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        archive.writestr("main.py", program)
    made.seek(0)
    return made


def _learning(world: World) -> dict[str, Person | None]:
    """A provider of the host's with an item that was imported and one reworked, and a course that ada takes."""
    provider = make_provider("field", organisation=world.host)
    origin = make_item(provider, key="a", title="현장", minutes=95, tags=(("level", "beginner"),))
    item = adapt_item(origin, into=provider, key="b", by=world.operator, for_=world.host)
    made = bring_in(provider, [b"{}"], by=world.operator)
    course = make_course(provider, key="basics", title_ko="현장", options=["vision"], about_ko="현장", lessons=2)
    quiz = make_lesson(course, kind="quiz", title_ko="현장", quiz="? 2 + 2\n* 4\n- 5")
    cohort = make_cohort(course, capacity=5)
    enrolment = make_enrolment(cohort, person=world.ada, option="vision", organisation=world.host)
    first = course.lessons.all()[0]
    finish_lesson(enrolment, first)
    open_pages = ["", "?q=현장&level=beginner", f"items/{item.pk}/", "courses/", "courses/basics/"]
    own = ["mine/", f"enrolments/{enrolment.pk}/", f"enrolments/{enrolment.pk}/{first.pk}/",
           f"enrolments/{enrolment.pk}/leave/"]  # fmt: skip
    shelf, basics, group = "providers/field/", "courses/basics/", f"cohorts/{cohort.pk}/"
    kept = [
        "providers/", "providers/new/", *(f"{shelf}{page}" for page in ("", "import/", "settings/", "items/new/",
        "courses/new/")), f"imports/{made.pk}/", f"lessons/{quiz.pk}/", f"people/{enrolment.pk}/",
        *(f"items/{item.pk}/{page}/" for page in ("edit", "rework", "retire")), f"items/{origin.pk}/skills/",
        *(f"{basics}{page}/" for page in ("edit", "about", "report", "lessons/new", "cohorts/new")),
        *(f"{group}{page}" for page in ("", "import/", "write/", "settings/")),
    ]  # fmt: skip
    return {
        **assignment_pages(cohort, runs=world.operator, learns=world.ada, marks=world.judge),
        **{f"/learn/{page}": None for page in open_pages}, **{f"/learn/{page}": world.ada for page in own},
        **{f"/learn/{page}": world.operator for page in kept}, "/organisations/hanbit/learning/": world.operator,
        "/organisations/hanbit/learning/people/": world.operator,
    }  # fmt: skip


def _sent(task: Task, person: Person, answers: bytes) -> Submission:
    entrant = enter_task(task, persons=[person])
    return Submission.objects.get(pk=submit(entrant, by=person, upload=BytesIO(answers), name="1.csv").id)


def _field(world: World) -> dict[str, Person]:
    """The pages of a field trial that goes on and of one that waits for its owner's word; Ada reads hers in short."""
    submission = that_counts(enter_task(make_task(opens_at=None, closes_at=None, code="allowed"), persons=[world.ada]))
    add_organiser(submission.entrant.task.round, world.clerk)
    known = {"owner": world.judge, "organisation": world.host}
    draft, going, over = (make_trial(submission, **known, per_minute=1) for _ in range(3))  # no batch is due soon
    played(going, over=False)
    share_field_trial(going, shared=True)
    played(over)
    field = f"/rounds/{draft.round_id}/field/"
    own = [f"{field}{trial.pk}/" for trial in (draft, going)]
    run = (field, f"{field}new/", *own, f"{own[0]}discard/", f"{own[1]}stop/")
    return {
        **dict.fromkeys(run, world.clerk), f"{field}{over.pk}/": world.judge, f"{own[1]}?before=1": world.ada,
    }  # fmt: skip


def _funds(world: World) -> list[str]:
    """The pages of an organisation's funds, a payment that may be cancelled, and a draft to be filled in."""
    fund = open_fund(world.host, name="2026", amount=1_000_000, lines={"1": 1_000_000})
    bind_fund(world.programme, "prize", fund=fund, by=world.operator)
    due = Due(payee=world.ada, amount=1_000, on=today())
    what = f"{world.programme.slug} · prize"
    payment = commit(fund, Promise("prize", what, 1_000, line="1", dues=(due,))).payments.get()
    make_programme(SOURCE, slug="draft-2027", by=world.operator)
    own = f"/organisations/{world.host.short}/funds/"
    return [
        own, f"{own}new/", f"{own}{fund.pk}/", f"{own}{fund.pk}/close/", "/desk/draft-2027/parties/",
        f"/desk/{world.programme.slug}/money/payments/{payment.pk}/cancel/",
        f"{own}{fund.pk}/commitments/{payment.commitment_id}/release/",
    ]  # fmt: skip


def _studio(world: World) -> list[str]:
    """The studio's pages for a draft with a rehearsal of it, and the ways to a new programme."""
    draft = begin(SOURCE, by=world.operator)
    version = version_in_force(draft)
    kept = keep_rehearsal(version, rehearse(load_blueprint(SOURCE.encode()), cases=20), overrides={})
    own = f"/studio/{draft.pk}/"
    parts = ("versions/", "versions/compare/", "rehearse/", "programmes/", "discard/")
    return [
        "/studio/", "/studio/library/lg-aimers/", own, f"{own}?view=form&at=task", f"{own}?view=picture",
        *(f"{own}{part}" for part in parts), f"/studio/rehearsals/{kept.pk}/",
        f"/studio/rehearsals/{kept.pk}/beside/{kept.pk}/", "/make/", "/make/library/lg-aimers/",
        f"/make/again/{world.programme.slug}/",
    ]  # fmt: skip


def _operations(world: World) -> list[str]:
    """The operator's pages: after a job that failed, a letter that was refused, and checks that workers made."""
    job, letter = Job.objects.order_by("pk")[0], Message.objects.order_by("pk")[0]
    act = AuditRow.objects.filter(action="person.registered").order_by("pk")[0]
    for name in ("audit", "storage"):
        ask_for_check(name)
        drain([CHECKS[name]])
    fault = {"cause_code": "jobs.fault", "cause_ko": "예상하지 못한 오류", "cause_en": "An unexpected fault"}
    Job.objects.filter(pk=job.pk).update(state="failed", trace="Traceback", **fault)
    person = f"/operator/people/{world.ada.pk}/"
    return [
        "/operator/", "/operator/jobs/", f"/operator/jobs/{job.pk}/", f"/operator/jobs/{job.pk}/give-up/",
        "/operator/jobs/?state=cancelled", "/operator/mail/", f"/operator/mail/{letter.pk}/", "/operator/people/",
        "/operator/people/?q=zzz", person, f"{person}close/", "/operator/organisations/",
        "/operator/organisations/new/", "/operator/organisations/of/hanbit/",
        "/operator/organisations/of/hanbit/names/", "/operator/audit/", f"/operator/audit/{act.pk}/",
        "/operator/checks/", "/operator/settings/", "/operator/environments/", "/rounds/new/", "/rounds/import/",
    ]  # fmt: skip


def _credentials(world: World) -> dict[str, Person | None]:
    """Pages of an issuer whose certificate Ada holds, with somebody who waits for it; and what anybody verifies."""
    issuer = become_issuer(world.host)
    add_key(issuer, public=make_key())
    said = Text(ko="현장의 문제를 풉니다.", en="Solves problems of the shop floor.")
    content = Content(Text(ko="현장 인증", en="Field certificate"), said, said, valid_months=24)
    achievement = define(issuer, code="field", kind=AchievementKind.CERTIFICATE, content=content, by=world.operator)
    held = issue(achievement, to=world.ada, ground="2026", until=clock.now() + timedelta(days=50))
    propose_credential(achievement, [Deserved(world.bo, "2026")], by=None)
    drain()
    own, mine = f"/organisations/{world.host.short}/credentials/", f"/me/credentials/{held.pk}/"
    one, page = f"{own}achievements/field/", f"{own}issued/{held.pk}/"
    run = (own, f"{own}new/", f"{own}waiting/", f"{own}issued/", f"{own}issued/?q=zzz",
           f"{own}ending/", one, f"{one}edit/", f"{one}retire/", f"{one}award/", page, f"{page}suspend/",
           f"{page}revoke/", f"{page}renew/",
           f"{own}batches/{achievement.batches.get().pk}/")  # fmt: skip
    public = ("/verify/", f"/verify/{held.share}/", f"/verify/{held.share}/certificate/",
              f"/issuers/{world.host.short}/", f"/achievements/{held.version_id}/")  # fmt: skip
    return {
        **dict.fromkeys(run, world.operator), **dict.fromkeys(("/me/credentials/", mine, f"{mine}link/"), world.ada),
        **dict.fromkeys(public),
    }  # fmt: skip
