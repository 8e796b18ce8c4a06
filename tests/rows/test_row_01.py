"""Row 1, SK mySUNI × Microsoft Learn, acted over HTTP: a vendor's items, reworked, for each job its own."""

import pytest

from dure.jobs.worker import drain
from tests.rows.editions import (
    Edition,
    a_course,
    a_lesson,
    enrolment_of,
    issuer_of,
    organisations,
    person_at,
    with_file,
)

pytestmark = pytest.mark.django_db
VENDOR = """key,type,title_en,version
cloud-basics,course,Cloud basics,2026-03
build-services,course,Building AI services,2026-05
data-analysis,course,Data analysis,2026-04
"""
FOR = {"cloud-basics": [], "build-services": ["developer", "engineer"], "data-analysis": ["data-specialist"]}
ROLES = ["developer", "engineer", "data-specialist"]
ANSWERS = {"affiliate": "SK hynix", "job": "engineer", "level": "beginner"}


@pytest.fixture
def mysuni():
    """The vendor's catalogue was brought in and reworked for SK; of it a course with a track for each job is made."""
    parties = organisations("mysuni", "microsoft", "sk")
    mysuni = Edition("mysuni-ms").make("01", {name: parties[name] for name in ("mysuni", "microsoft")})
    host = mysuni.host
    for short, source in (("microsoft", "file"), ("mysuni", "own")):
        words = {"ko": short, "en": short}
        host.post("/learning/providers", {"organisation": short, "key": short, "name": words, "source": source}, 201)
    assert with_file(host, "/learning/providers/microsoft/imports", VENDOR.encode()).status_code == 201
    drain()
    vendor = {item["key"]: item for item in host.get("/learning/items?provider=microsoft")["items"]}
    adapt = {"into": "mysuni", "organisation": "sk"}
    mysuni.items = {
        key: host.post(f"/learning/items/{vendor[key]['id']}/adaptations", {**adapt, "key": f"sk-{key}"}, 201)
        for key in FOR
    }
    mysuni.vendor = vendor
    lessons = [
        a_lesson(key, kind="outside", item=mysuni.items[key]["id"], for_options=options) for key, options in FOR.items()
    ]
    _, cohort = a_course(host, parties["mysuni"], "ai-dt", *lessons, options=ROLES)
    mysuni.begin()
    host.put(f"{mysuni.at}/stages/path/cohort", {"cohort": cohort})
    mysuni.award(issuer_of(parties["mysuni"]), "AI/DT expert course", "badge")
    mysuni.people = {role: person_at(parties["sk"]) for role in ("developer", "data-specialist")}
    for role, who in mysuni.people.items():
        mysuni.offered("enrol", who, options=[role])
        mysuni.answered("enrol", who, **ANSWERS)
    return mysuni


def proven(mysuni, who, keys) -> None:
    """The vendor's word that these were done elsewhere."""
    enrolment = enrolment_of(who, "ai-dt")
    steps = {step["title"]["en"]: step["lesson"] for step in enrolment["steps"]}
    for key in keys:
        where = f"/learning/enrolments/{enrolment['id']}/lessons/{steps[key]}/proof"
        mysuni.host.put(where, {"proof": "transcript"})
    drain()


def test_two_roles_in_one_programme_see_two_lists_of_items(mysuni):
    seen = {
        role: [step["title"]["en"] for step in enrolment_of(who, "ai-dt")["steps"]]
        for role, who in mysuni.people.items()
    }

    assert seen == {
        "developer": ["cloud-basics", "build-services"], "data-specialist": ["cloud-basics", "data-analysis"],
    }  # fmt: skip


def test_each_vendor_item_carries_its_source_who_reworked_it_and_its_version(mysuni):
    said = {
        key: (item["origin"], item["adapter"]["short"], mysuni.vendor[key]["provider"], mysuni.vendor[key]["version"])
        for key, item in mysuni.items.items()
    }

    assert said == {
        key: (mysuni.vendor[key]["id"], "sk", "microsoft", version)
        for key, version in (("cloud-basics", "2026-03"), ("build-services", "2026-05"), ("data-analysis", "2026-04"))
    }
    assert all(item["version"] for item in mysuni.items.values())


def test_completion_counts_only_the_items_of_ones_own_role(mysuni):
    developer, analyst = mysuni.people.values()

    proven(mysuni, developer, ["cloud-basics", "build-services"])
    proven(mysuni, analyst, ["cloud-basics"])

    completion = [enrolment_of(who, "ai-dt")["evidence"]["completion"] for who in (developer, analyst)]
    assert completion == [1.0, 0.5]
    assert [mysuni.state(who, "path") for who in (developer, analyst)] == ["passed", "open"]
    assert [len(who.get("/me/credentials")["items"]) for who in (developer, analyst)] == [1, 0]
