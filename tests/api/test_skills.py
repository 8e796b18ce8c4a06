"""Skills over HTTP: looked through by anybody, one's own, a company's plan, an operator's edition."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.people.operations import form_team
from tests.api.conftest import Caller
from tests.factories import make_admin, make_member, make_operator, make_organisation, make_person
from tests.skills.factories import role, shown, skill, starter
from tests.skills.test_importing import ONET

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def callers() -> dict[str, Caller]:
    starter()
    home = make_organisation("home")
    people = {"admin": make_admin(home), "member": make_member(home).person, "stranger": make_person(),
              "operator": make_operator(), "nobody": None}  # fmt: skip
    return {name: Caller(person) for name, person in people.items()}


def statuses(callers, method: str, path: str, body: object = None) -> dict[str, int]:
    return {name: caller.call(method, path, body).status_code for name, caller in callers.items()}


def test_anybody_looks_through_skills_and_roles(callers):
    nobody = callers["nobody"]
    found = nobody.get("/skills?q=sql&taxonomy=dure")["items"]
    one = nobody.get(f"/skills/{skill('sql').pk}")
    asks = nobody.get(f"/job-roles/{role('data-analyst').pk}")["asks"]

    assert [row["code"] for row in found] == ["sql"]
    assert (one["skill"]["taxonomy"], sorted(one["levels"]), one["demand"]) == ("dure", [*"12345"], [])
    assert {ask["code"]: (ask["level"], ask["weight"]) for ask in asks}["sql"] == (3, 5)
    assert len(nobody.get("/job-roles?limit=100")["items"]) == 26
    assert [row["key"] for row in nobody.get("/taxonomies")] == ["dure"]


def test_one_reads_ones_levels_and_says_a_word_and_a_role(callers):
    caller = callers["stranger"]
    shown(caller.person, "sql", 3)
    said = caller.put(f"/me/skills/{skill('python').pk}", {"level": 4})
    chosen = caller.put("/me/job-role", {"role": str(role("data-analyst").pk)})
    gaps = {row["code"]: row["missing"] for row in caller.get(f"/job-roles/{role('data-analyst').pk}/gap")}

    assert [(row["skill"]["code"], row["level"], row["why"][0]["share"]) for row in chosen["levels"]] == [
        ("sql", 3, 100)
    ]
    assert [(row["skill"]["code"], row["level"]) for row in said["claims"]] == [("python", 4)]
    assert (chosen["role"]["code"], gaps["sql"], gaps["python"]) == ("data-analyst", 0, 2)
    assert caller.delete(f"/me/skills/{skill('python').pk}")["claims"] == []
    assert caller.delete("/me/job-role")["role"] is None
    assert callers["nobody"].call("get", "/me/skills").status_code == 401


def test_a_team_is_read_by_its_members(callers):
    team = form_team("두레", captain=callers["member"].person)
    path = f"/teams/{team.pk}/skills?role={role('data-analyst').pk}"

    assert statuses(callers, "get", path) == {
        "admin": 404, "member": 200, "stranger": 404, "operator": 200, "nobody": 401
    }  # fmt: skip


def test_a_plan_is_made_by_administrators_and_its_counts_are_theirs(callers):
    lines = [{"role": str(role("data-analyst").pk), "seats": 3, "by": "2099-12-31"}]
    body = {"name": "2099", "lines": lines}
    made = statuses(callers, "post", "/organisations/home/skill-plans", body)
    plan = callers["admin"].get("/organisations/home/skill-plans")[0]
    path = f"/skill-plans/{plan['id']}"

    gaps = {name: callers[name].get(f"{path}/gaps") for name in ("admin", "member")}

    assert made == {"admin": 201, "member": 403, "stranger": 404, "operator": 403, "nobody": 401}
    assert statuses(callers, "get", f"{path}/gaps")["stranger"] == 404
    lines_seen = {name: (told["sharing"], told["lines"][0]["missing"]) for name, told in gaps.items()}
    assert lines_seen == {"admin": (0, 3), "member": (None, None)}
    assert {name for name, told in gaps.items() if told["lines"][0]["short"]} == {"admin"}
    assert statuses(callers, "put", f"{path}/lines", {"lines": []})["member"] == 403
    assert callers["admin"].post(f"{path}/end")["ended"] is True


def test_an_operator_brings_an_edition_in(callers):
    def sent(caller: Caller, query: str = ""):
        files = [SimpleUploadedFile(name, text.encode()) for name, text in ONET.items()]
        data = {"files": files, "version": "29.0"}
        headers = {"Authorization": f"Bearer {caller.secret}"}
        return caller.client.post(f"/api/v1/taxonomies/onet/editions{query}", data, headers=headers)

    dry = sent(callers["operator"], "?dry_run=true").json()
    done, again = (sent(callers["operator"]).json() for _ in range(2))

    assert (dry["dry"], dry["skills"]["new"], done["known"], again["known"]) == (True, 4, False, True)
    assert sent(callers["admin"]).status_code == 403
