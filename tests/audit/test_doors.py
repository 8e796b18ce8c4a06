"""One act, one row, by whichever door somebody came: the API and the page leave the same log."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dure.applications.models import Application
from dure.applications.operations import save
from dure.audit.models import AuditRow, thing_kind_and_id, thing_name
from dure.challenges.models import Submission, Task
from dure.core.text import Text
from dure.jobs.worker import drain
from dure.joints.models import Say
from dure.joints.stages.forms import application_of
from dure.people.models import Invitation, Person
from dure.people.operations import form_team, invite, issue_token
from dure.programmes.models import Given, Programme, Provided, Seat, Settlement, Turn
from dure.programmes.operations.entering import enter
from dure.programmes.operations.publishing import make_programme, publish
from dure.programmes.operations.settling import settle
from tests.site.world import SOURCE, World, made_world

pytestmark = pytest.mark.django_db
AT = "/programmes/field-ai-2026"
DESK = "/desk/field-ai-2026"
TEAM = Text(ko="팀", en="to the team")
TRUTH = "id,label\n" + "".join(f"{n},{n % 2}\n" for n in range(40))


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    return made_world()


def by_api(who: Person, path: str, sent: Any = None, *, how: str = "post") -> None:
    """A call with a token; files go as a form, all else as JSON."""
    headers = {"Authorization": f"Bearer {issue_token(who, name='test').secret}"}
    form = isinstance(sent, dict) and any(isinstance(value, SimpleUploadedFile) for value in sent.values())
    body = {"data": sent} if form else {"data": sent or {}, "content_type": "application/json"}
    answer = getattr(Client(), how)(f"/api/v1{path}", headers=headers, **body)
    assert answer.status_code in {200, 201}, answer.content.decode()


def by_page(who: Person | None, path: str, sent: Any = None) -> None:
    """A form sent from a page."""
    client = Client()
    if who:
        client.force_login(who)
    answer = client.post(path, sent or {})
    assert answer.status_code in {200, 302}, answer.content.decode()


@dataclass
class Act:
    """``api`` and ``page`` do it as ``who``, with what ``ready`` has brought about; it leaves one row of ``action``
    about ``thing``, and a row for each further thing that it brings about (``also``)."""

    who: str
    action: str
    ready: Callable[[World], Any]
    thing: Callable[[World, Any], Any]
    api: Callable[[Any], tuple[Any, ...]]
    page: Callable[[Any], tuple[Any, ...]]
    also: tuple[str, ...] = ()


def file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("sent.csv", text.encode())


def made(world: World, *, published: bool = False) -> Programme:
    programme = make_programme(SOURCE, slug="draft", by=world.operator, parties={"host": [world.host]})
    return publish(programme) if published else programme


def after(step: str, stage: str = "", whose: str = "ada") -> Callable[[World], Any]:
    """The world as far as ``step``, and somebody's turn at ``stage``."""

    def ready(world: World) -> Any:
        getattr(world, step)()
        return world.turn(getattr(world, whose), stage) if stage else world

    return ready


def filled_in(world: World) -> Application:
    turn = enter(world.programme, "apply", person=world.ada)
    application = application_of(turn, by=world.ada)
    return save(application, answers={"motive": "현장", "years": "3"}, version=application.version, by=world.ada)


def settled(world: World) -> Settlement:
    world.applied()
    world.decided()
    return settle(world.programme, "apply", by=world.clerk)


def given(world: World) -> Given:
    world.ranked()
    return Given.objects.filter(kind="credential").earliest("pk")


def provided(world: World) -> Provided:
    world.competing()
    return Provided.objects.earliest("pk")


def invited(world: World) -> Invitation:
    team = form_team("두레박", captain=world.ada)
    return invite(world.bo.email, purpose="team", subject=team.pk, what=TEAM, by=world.ada).row


def competing(world: World) -> Turn:
    """Ada's round, whose task is set up."""
    for option in ("vision", "speech"):
        sent = {"option": option, "metric": "accuracy", "labels": file(TRUTH), "id_column": "id",
                "label_columns": "label", "share": "30"}  # fmt: skip
        by_page(world.clerk, f"{DESK}/stages/task/tasks/", sent)
    world.competing()
    return world.turn(world.ada, "task")


def scored(world: World) -> Submission:
    by_page(world.ada, f"/turns/{competing(world).pk}/round/", {"file": file(TRUTH)})
    drain()
    return Submission.objects.get()


def sheet(world: World) -> str:
    """Ada's score as a line of a spreadsheet."""
    world.competing()
    turn = world.turn(world.ada, "task")
    return f"turn,score,public-score,attempts,code\n{turn.pk},0.5,0.5,1,no\n"


def itself(_world: World, ready: Any) -> Any:
    return ready


def latest(model: Any) -> Callable[[World, Any], Any]:
    return lambda _world, _ready: model.objects.latest("pk")


MARKS = {"idea": 80, "craft": 90}
SCORE = {"score": 0.5, "public-score": 0.5, "attempts": 1, "code": "no"}
NO = {"answer": "no"}
ACTS = {
    "publish": Act(
        "operator", "programme.published", made, itself,
        lambda _: ("/programmes/draft/publish",), lambda _: ("/desk/draft/publish/",),
    ),
    "open": Act(
        "operator", "programme.opened", partial(made, published=True), itself,
        lambda _: ("/programmes/draft/open",), lambda _: ("/desk/draft/open/",),
    ),
    "enter": Act(
        "ada", "turn.entered", lambda world: world, latest(Turn),
        lambda _: (f"{AT}/stages/apply/entries",), lambda _: (f"{AT}/apply/apply/",), also=("turn.opened",),
    ),
    "send a form": Act(
        "ada", "application.sent", filled_in, itself,
        lambda form: (f"/turns/{form.form_turn.turn_id}/form/send", {"version": form.version}),
        lambda form: (
            f"/turns/{form.form_turn.turn_id}/", {"version": form.version, "motive": "현장", "years": "3"}
        ),
        also=("turn.evidence",),
    ),
    "hand in": Act(
        "clerk", "turn.evidence", after("competing", "task"), itself,
        lambda turn: (f"/turns/{turn.pk}/evidence", {"values": SCORE}), lambda turn: (f"/desk/turns/{turn.pk}/", SCORE),
    ),
    "withdraw": Act(
        "ada", "turn.withdrawn", after("competing", "task"), itself,
        lambda turn: (f"/turns/{turn.pk}/withdraw",), lambda turn: (f"/turns/{turn.pk}/withdraw/",),
    ),
    "decide": Act(
        "clerk", "turn.said", after("applied", "apply"), latest(Say),
        lambda turn: (f"/turns/{turn.pk}/says", {"step": 0, "yes": False, "reason": "경력 부족"}),
        lambda turn: (f"/desk/turns/{turn.pk}/decide/", {"step": "0", "reason": "경력 부족", **NO}),
    ),
    "review": Act(
        "judge", "review.marked", World.reviewing, itself,
        lambda review: (f"/reviews/{review.pk}/marks", {"marks": MARKS}),
        lambda review: (f"/reviews/{review.pk}/", MARKS),
    ),
    "settle": Act(
        "clerk", "settlement.confirmed", lambda world: (world.applied(), world.decided()), latest(Settlement),
        lambda _: (f"{AT}/stages/apply/settlement",), lambda _: (f"{DESK}/stages/apply/settle/",),
    ),
    "undo": Act(
        "clerk", "settlement.undone", settled, itself,
        lambda row: (f"/settlements/{row.pk}/undo",), lambda row: (f"/settlements/{row.pk}/undo/",),
    ),
    "release": Act(
        "clerk", "settlement.released", settled, itself,
        lambda row: (f"/settlements/{row.pk}/release",), lambda row: (f"/settlements/{row.pk}/release/",),
    ),
    "seat": Act(
        "clerk", "seat.taken", lambda world: world.stranger.email, latest(Seat),
        lambda email: (f"{AT}/seats", {"role": "judge", "email": email}),
        lambda email: (f"{DESK}/people/seat/", {"role": "judge", "email": email}),
    ),
    "invite": Act(
        "ada", "team.invited", lambda world: form_team("두레박", captain=world.ada), latest(Invitation),
        lambda team: (f"/teams/{team.pk}/invitations", {"email": "bo@example.org"}),
        lambda team: (f"/me/teams/{team.pk}/invite/", {"email": "bo@example.org"}),
    ),
    "accept an invitation": Act(
        "bo", "invitation.accepted", invited, itself,
        lambda row: (f"/invitations/{row.pk}/accept",),
        lambda row: (f"/me/invitations/{row.pk}/", {"answer": "yes"}), also=("team.joined",),
    ),
    "decline an invitation": Act(
        "bo", "invitation.declined", invited, itself,
        lambda row: (f"/invitations/{row.pk}/decline",), lambda row: (f"/me/invitations/{row.pk}/", NO),
    ),
    "confirm a give": Act(
        "clerk", "give.confirmed", given, itself,
        lambda row: (f"/gives/{row.pk}/confirm", {"note": ""}), lambda row: (f"/gives/{row.pk}/confirm/",),
    ),
    "revoke a give": Act(
        "clerk", "give.revoked", given, itself,
        lambda row: (f"/gives/{row.pk}/revoke", {"reason": "중복"}),
        lambda row: (f"/gives/{row.pk}/revoke/", {"reason": "중복"}),
    ),
    "confirm a provision": Act(
        "clerk", "provision.confirmed", provided, itself,
        lambda row: (f"/provided/{row.pk}/confirm",), lambda row: (f"/provided/{row.pk}/confirm/",),
    ),
    "submit": Act(
        "ada", "submission.received", competing, latest(Submission),
        lambda _: (f"/tasks/{Task.objects.get(option='vision').pk}/submissions", {"file": file(TRUTH)}),
        lambda turn: (f"/turns/{turn.pk}/round/", {"file": file(TRUTH)}),
    ),
    "choose": Act(
        "ada", "submission.chosen", scored, itself,
        lambda row: (f"/submissions/{row.pk}/choose",), lambda row: (f"/submissions/{row.pk}/choose/",),
    ),
    "import a sheet": Act(
        "clerk", "sheet.imported", sheet, lambda world, _: world.programme,
        lambda text: (f"{AT}/sheets/evidence?stage=task", {"file": file(text)}),
        lambda text: (
            f"{DESK}/stages/task/sheets/", {"what": "evidence", "file": file(text), "enter": "yes"}
        ),
        also=("turn.evidence",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS.values(), ids=list(ACTS))
@pytest.mark.parametrize("door", [by_api, by_page])
def test_an_act_leaves_one_row_with_its_actor_and_its_thing(world, act, door):
    ready = act.ready(world)
    who = getattr(world, act.who)
    sent = (act.api if door is by_api else act.page)(ready)
    earlier = set(AuditRow.objects.values_list("pk", flat=True))

    door(who, *sent)

    rows = AuditRow.objects.exclude(pk__in=earlier).exclude(action="token.issued")
    assert sorted(row.action for row in rows) == sorted([act.action, *act.also])
    assert {row.actor for row in rows} == {thing_name(who)}
    told = rows.get(action=act.action)
    assert (told.object_kind, told.object_id) == thing_kind_and_id(act.thing(world, ready))
    assert {row.request_id for row in rows} == {told.request_id} != {""}


@pytest.mark.parametrize("door", [by_api, by_page])
def test_a_draft_that_is_saved_leaves_no_row(world, door):
    form = filled_in(world)
    turn = form.form_turn.turn_id
    earlier = AuditRow.objects.exclude(action="token.issued").count()

    if door is by_api:
        door(world.ada, f"/turns/{turn}/form", {"answers": {"motive": "배움"}, "version": form.version}, how="patch")
    else:
        door(world.ada, f"/turns/{turn}/draft/", {"motive": "배움", "years": "3", "version": form.version})

    form.refresh_from_db()
    assert (form.answers["motive"], AuditRow.objects.exclude(action="token.issued").count()) == ("배움", earlier)


def test_who_is_not_signed_in_is_told_of_as_nobody(world):
    team = form_team("두레박", captain=world.ada)
    sent = invite("new@example.org", purpose="team", subject=team.pk, what=TEAM, by=world.ada)

    by_page(None, f"/invitations/{sent.secret}/", NO)

    told = AuditRow.objects.get(action="invitation.declined")
    assert (told.actor, told.object_id) == ("anonymous", str(sent.row.pk))


def test_what_is_refused_leaves_no_row(world):
    world.admitted()
    earlier = AuditRow.objects.count()

    client = Client()
    client.force_login(world.clerk)
    refused = client.post(f"{DESK}/stages/apply/settle/")

    assert (refused.status_code, AuditRow.objects.count()) == (409, earlier)
