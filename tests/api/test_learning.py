"""The catalogue over HTTP: read by anybody, brought in and written by its curators."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.jobs.worker import drain
from dure.learning.operations.providers import appoint_curator
from tests.api.conftest import Caller
from tests.factories import make_admin, make_organisation, make_person
from tests.learning.factories import make_item, make_provider, make_skill

pytestmark = [pytest.mark.django_db(transaction=True)]
ITEM = {"key": "ai-101", "kind": "module", "texts": {"ko": {"title": "인공지능 입문"}}, "minutes": 45,
        "tags": {"level": ["beginner"]}}  # fmt: skip
CATALOGUE = json.dumps({"modules": [{"uid": "a", "title": "가", "locale": "ko-kr"}]}).encode()


@pytest.fixture
def callers(settings, tmp_path) -> dict[str, Caller]:
    settings.MEDIA_ROOT = tmp_path
    home = make_organisation("home")
    provider, curator = make_provider("shelf", organisation=home), make_person()
    appoint_curator(provider, person=curator)
    people = {"admin": make_admin(home), "curator": curator, "stranger": make_person(), "nobody": None}
    return {name: Caller(person) for name, person in people.items()}


def statuses(callers, method: str, path: str, body: object = None) -> dict[str, int]:
    return {name: caller.call(method, path, body).status_code for name, caller in callers.items()}


def test_everybody_looks_through_the_catalogue(callers):
    make_skill("sql")
    told = {**ITEM, "teaches": [{"code": "sql", "level": 2}]}
    item = callers["curator"].post("/learning/providers/shelf/items", told, status=201)
    make_item(key="other")

    found = callers["nobody"].get("/learning/items?q=인공지능&level=beginner")
    facets = callers["nobody"].get("/learning/facets?level=beginner")

    assert [one["id"] for one in found["items"]] == [item["id"]]
    assert (item["teaches"][0]["code"], item["tags"]["level"], item["version"]) == ("sql", ["beginner"], "1")
    assert [(value["key"], value["count"], value["chosen"]) for value in facets["levels"]] == [("beginner", 1, True)]
    assert callers["nobody"].get(f"/learning/items/{item['id']}")["parts"] == []


def test_only_curators_write_rework_and_retire(callers):
    written = statuses(callers, "post", "/learning/providers/shelf/items", ITEM)
    path = f"/learning/items/{callers['nobody'].get('/learning/items')['items'][0]['id']}"
    edited = statuses(callers, "put", path, {**ITEM, "minutes": 50})
    retired = statuses(callers, "put", f"{path}/retired", {"retired": False})
    adapted = statuses(callers, "post", f"{path}/adaptations", {"into": "shelf", "key": "copy"})

    assert written == {"admin": 201, "curator": 409, "stranger": 403, "nobody": 401}
    assert edited == retired == {"admin": 200, "curator": 200, "stranger": 403, "nobody": 401}
    assert adapted == {"admin": 201, "curator": 409, "stranger": 403, "nobody": 401}
    assert callers["nobody"].get(path)["version"] == "3"


def test_a_catalogue_is_checked_and_brought_in(callers):
    def send(who: str, check: str):
        file = SimpleUploadedFile("catalogue.json", CATALOGUE)
        caller = callers[who]
        return caller.client.post(
            f"/api/v1/learning/providers/shelf/imports?check_only={check}", {"file": file},
            headers={"Authorization": f"Bearer {caller.secret}"},
        )  # fmt: skip

    checked = send("curator", "true").json()
    drain()
    seen = callers["curator"].get(f"/learning/imports/{checked['id']}")
    before = callers["nobody"].get("/learning/items")["items"]
    send("curator", "false")
    drain()

    assert (seen["state"], seen["report"]["counts"]["new"], before) == ("done", 1, [])
    assert [one["key"] for one in callers["nobody"].get("/learning/items")["items"]] == ["a"]
    assert send("stranger", "true").status_code == 403
    assert callers["stranger"].call("get", f"/learning/imports/{checked['id']}").status_code == 403


def test_administrators_open_providers_and_connect_them(callers):
    new = {"organisation": "home", "key": "second", "name": {"ko": "둘째", "en": "Second"}}
    connection = {"tenant": "t", "client_id": "c", "secret": "s"}

    assert statuses(callers, "post", "/learning/providers", new) == {
        "admin": 201, "curator": 403, "stranger": 403, "nobody": 401,
    }  # fmt: skip
    assert statuses(callers, "put", "/learning/providers/shelf/connection", connection) == {
        "admin": 200, "curator": 403, "stranger": 403, "nobody": 401,
    }  # fmt: skip
    assert {row["key"] for row in callers["nobody"].get("/learning/providers")} == {"shelf", "second"}
