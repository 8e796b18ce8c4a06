"""Who scores a round: handing it to one's own machines and back, their tokens, and who may."""

import pytest

from dure.audit.models import AuditRow
from dure.challenges.models import RoundQueue, WorkerToken
from dure.challenges.operations.workers import authenticate_worker, score_by_own
from dure.challenges.queueing import share_of
from dure.core.errors import Forbidden
from dure.jobs.models import Job
from tests.challenges.conftest import make_task
from tests.factories import make_person
from tests.site.conftest import client_of, text_of
from tests.site.desk.rounds.conftest import STAGE, TRUTH, file_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def address(round_) -> str:
    return f"/rounds/{round_.pk}/workers/"


@pytest.fixture
def token(desk, address) -> WorkerToken:
    """The round is scored by the clerk's machines, and one of them has a token."""
    desk.post(address, {"name": "hanbit-lab"})
    desk.post(f"{address}tokens/", {"title": "gpu-1"})
    return WorkerToken.objects.get()


def test_what_waits_goes_over_to_ones_own_machines_and_back(world, desk, round_, address) -> None:
    client_of(world.ada).post(f"/turns/{world.turn(world.ada, 'task').pk}/round/", {"file": file_of(TRUTH)})
    waiting = Job.objects.filter(share=share_of(round_))

    desk.post(address, {"name": "hanbit-lab"})
    over = set(waiting.values_list("queue", flat=True))
    told = text_of(desk.get(address))
    warned = text_of(desk.get(f"{address}hand-back/"))
    desk.post(f"{address}hand-back/")

    assert (over, set(waiting.values_list("queue", flat=True))) == ({"hanbit-lab"}, {""})
    assert "No machine of yours is at work, and 1 submission waits" in told
    assert "1 submission that waits goes over to the platform's workers" in warned
    assert not RoundQueue.objects.exists()


def test_a_token_is_shown_once_with_the_lines_that_start_the_worker(desk, address) -> None:
    desk.post(address, {"name": "hanbit-lab"})

    issued = desk.post(f"{address}tokens/", {"title": "gpu-1"})
    later = text_of(desk.get(address))

    shown = text_of(issued)
    secret = shown.partition("DURE_WORKER_TOKEN=")[2].split()[0]
    assert authenticate_worker(secret).title == "gpu-1"
    assert "--queue hanbit-lab" in shown
    assert issued["Cache-Control"] == "private, no-store"
    assert (secret in later, WorkerToken.objects.get().prefix in later) == (False, True)


def test_a_revoked_token_opens_nothing(desk, address) -> None:
    desk.post(address, {"name": "hanbit-lab"})
    issued = text_of(desk.post(f"{address}tokens/", {"title": "gpu-1"}))
    secret = issued.partition("DURE_WORKER_TOKEN=")[2].split()[0]
    revoking = f"{address}tokens/{WorkerToken.objects.get().pk}/revoke/"

    asked = text_of(desk.get(revoking))
    desk.post(revoking)

    assert "Revoke the token of gpu-1?" in asked
    with pytest.raises(Forbidden):
        authenticate_worker(secret)
    assert "No longer valid" in text_of(desk.get(address))
    assert desk.post(revoking).status_code == 409


def test_a_queue_of_somebody_else_is_refused_at_its_name(desk, address) -> None:
    score_by_own(make_task().round, queue="lab", by=make_person())

    taken = desk.post(address, {"name": "lab"})
    wrong = desk.post(address, {"name": "한빛 랩"})

    assert (taken.status_code, wrong.status_code, RoundQueue.objects.count()) == (422, 422, 1)
    assert "another organiser" in text_of(taken)


def test_whoever_did_not_make_the_queue_sees_it_and_issues_nothing(world, desk, round_, address, token) -> None:
    other = make_person()
    round_.organisers.add(other)
    client = client_of(other, "en")

    page = text_of(client.get(address))

    assert ("gpu-1" in page, "Issue a token" in page, "김담당 made this queue" in page) == (True, False, True)
    assert client.post(f"{address}tokens/", {"title": "gpu-9"}).status_code == 403
    assert client.post(f"{address}tokens/{token.pk}/revoke/").status_code == 403


def test_tokens_of_another_queue_are_not_there(desk, address, token) -> None:
    elsewhere = score_by_own(make_task().round, queue="lab", by=make_person())
    foreign = WorkerToken.objects.create(queue=elsewhere, title="x", prefix="x", sha256="x", issued_by=make_person())
    assert desk.post(f"{address}tokens/{foreign.pk}/revoke/").status_code == 404


def test_strangers_find_no_such_page(world, desk, address) -> None:
    pages = (address, f"{address}now/", f"{address}hand-back/")
    codes = {client_of(who).get(page).status_code for who in (world.ada, world.stranger) for page in pages}
    assert codes == {404}


def test_what_is_watched_is_not_sent_again_unchanged(desk, address) -> None:
    first = desk.get(f"{address}now/")
    assert desk.get(f"{address}now/", headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_the_log_tells_who_did_it(world, desk, round_, address, token) -> None:
    desk.post(f"{address}hand-back/")
    actions = {"round.own-workers", "worker-token.issued", "round.platform-workers"}
    rows = AuditRow.objects.filter(action__in=actions)
    assert {(row.action, row.actor) for row in rows} == {
        (action, f"people.person:{world.clerk.pk}") for action in actions
    }


def test_a_round_outside_programmes_has_the_page_as_well(world) -> None:
    task = make_task()
    organiser = task.round.organisers.get()
    page = client_of(organiser, "en").get(f"/rounds/{task.round.pk}/workers/")
    assert "Scored by the platform" in text_of(page)


def test_the_desk_leads_there(desk, address) -> None:
    assert address in desk.get(f"{STAGE}round/").content.decode()


@pytest.mark.parametrize("page", ["", "now/", "hand-back/"])
def test_pages_ask_the_database_little(desk, address, token, page, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(20):
        desk.get(f"{address}{page}")
