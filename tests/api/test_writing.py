"""Writes are done once, by somebody, in one transaction, and told in the log."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from dure.api import writing
from dure.api.v1 import api
from dure.audit.models import AuditRow
from dure.people.models import Answer, ApiToken, Team
from tests.api.conftest import Caller
from tests.factories import make_person


@pytest.mark.django_db
class TestKey:
    def test_repeated_request_is_answered_as_before_and_does_nothing(self, learner):
        first = learner.call("post", "/teams", {"name": "Alpha"}, Idempotency_Key="k1")
        second = learner.call("post", "/teams", {"name": "Alpha"}, Idempotency_Key="k1")

        assert (second.status_code, second.json()) == (first.status_code, first.json())
        assert second["Idempotency-Replayed"] == "true"
        assert Team.objects.count() == 1

    def test_other_body_under_the_same_key_is_refused(self, learner):
        learner.post("/teams", {"name": "Alpha"}, 201, Idempotency_Key="k1")

        problem = learner.post("/teams", {"name": "Beta"}, 422, Idempotency_Key="k1")

        assert problem["code"] == "request.key"
        assert Team.objects.count() == 1

    def test_other_address_under_the_same_key_is_refused(self, learner):
        learner.post("/teams", {"name": "Alpha"}, 201, Idempotency_Key="k1")

        assert learner.post("/me/tokens", {"name": "Alpha"}, 422, Idempotency_Key="k1")["code"] == "request.key"

    def test_keys_belong_to_their_caller(self, learner):
        other = Caller(make_person())
        learner.post("/teams", {"name": "Alpha"}, 201, Idempotency_Key="k1")

        other.post("/teams", {"name": "Alpha"}, 201, Idempotency_Key="k1")

        assert Team.objects.count() == 2

    def test_refused_request_may_be_tried_again(self, learner):
        learner.post("/teams", {"name": " "}, 422, Idempotency_Key="k1")

        learner.post("/teams", {"name": "Alpha"}, 201, Idempotency_Key="k1")

    def test_secret_is_neither_kept_nor_told_twice(self, learner):
        secret = learner.post("/me/tokens", {"name": "laptop"}, 201, Idempotency_Key="k1")["secret"]

        assert learner.post("/me/tokens", {"name": "laptop"}, 409, Idempotency_Key="k1")["code"] == "request.secret"
        assert ApiToken.objects.filter(name="laptop").count() == 1
        assert not Answer.objects.filter(body__contains=secret).exists()

    def test_key_too_long_is_refused(self, learner):
        assert learner.post("/teams", {"name": "A"}, 422, Idempotency_Key="k" * 201)["code"] == "request.key-length"


@pytest.mark.django_db(transaction=True)
def test_of_requests_at_the_same_time_under_one_key_one_is_done():
    caller = Caller(make_person())

    def ask(_number: int) -> tuple[int, str]:
        try:
            response = Caller(caller.person, secret=caller.secret).call(
                "post", "/teams", {"name": "Alpha"}, Idempotency_Key="k1"
            )
            return response.status_code, response.json()["id"]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(ask, range(8)))

    assert answers == {(201, str(Team.objects.get().pk))}


@pytest.mark.django_db
def test_write_is_told_in_the_log_with_its_actor_and_request(learner):
    team = learner.post("/teams", {"name": "Alpha"}, 201, X_Request_ID="call-7")

    row = AuditRow.objects.get(action="team.formed")
    assert (row.actor, row.object_kind, row.object_id, row.request_id) == (
        f"people.person:{learner.person.pk}",
        "people.team",
        team["id"],
        "call-7",
    )


@pytest.mark.django_db
def test_rows_that_rooms_write_themselves_name_the_bearer_of_the_token(learner):
    learner.patch("/me", {"name": "Ada"})

    assert AuditRow.objects.get(action="person.changed").actor == f"people.person:{learner.person.pk}"


@pytest.mark.django_db
def test_refused_write_leaves_nothing(learner):
    before = AuditRow.objects.count()

    learner.post("/teams", {"name": " "}, 422)

    assert (AuditRow.objects.count(), Answer.objects.count()) == (before, 0)


FENCED = {"take_next", "beat", "deliver", "report"}  # a machine's words, each once by the fence of its claim
REPEATED = {"add"}  # a part of a file: sent again, it changes nothing
READ = {"verify", "what_if"}  # what is asked about is too long for an address


def test_every_operation_that_is_no_get_is_a_write():
    operations = [
        operation
        for bound in api._get_bound_routers()
        for view in bound.path_operations.values()
        for operation in view.operations
        if operation.methods != ["GET"]
    ]

    assert len(operations) > 60
    others = {op.view_func.__name__ for op in operations if op.view_func.__code__.co_filename != writing.__file__}
    assert others == FENCED | REPEATED | READ
