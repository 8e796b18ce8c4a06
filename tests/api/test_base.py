"""Who calls, how errors are told, and what every answer carries."""

import pytest
from django.db import OperationalError
from django.test import Client

from dure.api.v1 import api
from dure.people.operations import change_person, revoke_token
from tests.api.conftest import Caller
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def test_problem_has_its_six_members_in_both_languages(visitor):
    english = visitor.get("/programmes/nothing", 404)
    korean = visitor.get("/programmes/nothing", 404, Accept_Language="ko")

    assert english == {
        "type": "urn:dure:problem:programme.missing",
        "title": "Not found",
        "status": 404,
        "code": "programme.missing",
        "detail": "There is no such programme. Check the address.",
        "facts": {},
    }
    assert (korean["title"], korean["detail"]) == (
        "찾을 수 없습니다",
        "프로그램을 찾을 수 없습니다. 주소를 확인하세요.",
    )


def test_persons_own_choice_of_language_wins_over_the_headers(learner):
    change_person(learner.person, language="ko")

    response = learner.call("get", "/programmes/nothing")

    assert (response["Content-Language"], response["Content-Type"]) == ("ko", "application/problem+json")


def test_unknown_address_and_method_are_problems(visitor):
    assert visitor.get("/nothing/here", 404)["code"] == "request.address"
    response = visitor.call("delete", "/programmes")
    assert (response.status_code, response["Allow"], response.json()["code"]) == (405, "GET, POST", "request.method")


def test_without_a_token_one_is_asked_to_sign_in(visitor):
    response = visitor.call("get", "/me")

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")


def test_revoked_and_made_up_tokens_open_nothing(learner):
    revoke_token(learner.person.api_tokens.get())
    made_up = Caller(secret="dure_000000000000_nothing")

    assert {caller.get("/me", 401)["code"] for caller in (learner, made_up)} == {"token.invalid"}
    assert made_up.get("/programmes", 401)["code"] == "token.invalid"  # not even where nobody is asked who they are


def test_session_reads_freely_and_writes_with_the_csrf_token_alone():
    person = make_person()
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    client.force_login(person)
    change = {"name": "Ada"}

    assert client.get("/api/v1/me").json()["email"] == person.email
    refused = client.patch("/api/v1/me", change, "application/json")
    token = client.cookies["csrftoken"] = "t" * 32
    done = client.patch("/api/v1/me", change, "application/json", headers={"X-CSRFToken": token})

    assert (refused.status_code, refused.json()["code"]) == (403, "request.csrf")
    assert (done.status_code, done.json()["name"]) == (200, "Ada")


@pytest.mark.parametrize(
    "sent",
    [b"{", b'{"name": NaN}', b'{"name": "\\u0000"}', b'{"name": "\\ud800"}', b"\xff", b"[" * 100_000],
    ids=["cut off", "NaN", "NUL", "half a pair", "not UTF-8", "too deep"],
)
def test_what_is_no_sound_json_is_unreadable(operator, sent):
    response = operator.client.patch(
        "/api/v1/me", sent, "application/json", headers={"Authorization": f"Bearer {operator.secret}"}
    )

    assert (response.status_code, response.json()["code"]) == (400, "request.unreadable")


def test_query_that_no_database_can_hold_is_unreadable(operator):
    assert operator.get("/me/turns?programme=%00", 400)["code"] == "request.unreadable"


def test_every_flaw_of_a_body_is_told_with_its_place(operator):
    problem = operator.post("/programmes", {"slug": "Not a name", "title": {"ko": "가"}, "colour": 1}, 422)

    places = {(flaw["field"], flaw["code"]) for flaw in problem["facts"]["errors"]}
    assert (problem["code"], places) == (
        "request.form",
        {("slug", "string_pattern_mismatch"), ("title.en", "missing"), ("colour", "extra_forbidden")},
    )


def test_oversized_body_is_refused(operator, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    assert operator.post("/programmes", {"slug": "a" * 200}, 413)["code"] == "request.too-large"


def test_failure_tells_its_number_and_no_trace(operator, monkeypatch, caplog):
    def broken() -> None:
        raise RuntimeError("a secret of the server")

    monkeypatch.setattr("dure.api.jobs.health", broken)
    response = operator.call("get", "/jobs", X_Request_ID="call-7")

    assert (response.status_code, response["X-Request-ID"]) == (500, "call-7")
    assert response.json()["facts"] == {"request": "call-7"}
    assert "secret" not in response.content.decode()
    assert "a secret of the server" in caplog.text


def test_busy_database_asks_to_try_again(operator, monkeypatch):
    def locked() -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("dure.api.jobs.health", locked)
    response = operator.call("get", "/jobs")

    assert (response.status_code, response["Retry-After"], response.json()["code"]) == (503, "1", "server.busy")


def test_unsound_request_number_is_replaced(visitor):
    response = visitor.call("get", "/programmes", X_Request_ID="a b\\n")

    assert len(response["X-Request-ID"]) == 36


def test_document_is_openapi_3_1_and_tells_of_problems(visitor):
    document = visitor.get("/openapi.json")

    responses = [op["responses"]["default"] for methods in document["paths"].values() for op in methods.values()]
    assert document["openapi"].startswith("3.1")
    assert {next(iter(response["content"])) for response in responses} == {"application/problem+json"}


def test_every_operation_has_an_id_of_its_own(capsys):
    api.get_openapi_schema()

    assert capsys.readouterr().out == ""  # ninja prints where two have the same
