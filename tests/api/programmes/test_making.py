"""Making a programme, filling it in, and walking it through its life."""

import pytest

from dure.audit.models import AuditRow
from dure.core import clock
from dure.programmes.operations.settling import settle
from tests.api.conftest import Caller
from tests.api.stories import SMALL, Story
from tests.factories import make_admin, make_organisation
from tests.programmes.build import at, exam, live

pytestmark = pytest.mark.django_db

BOUND = SMALL.replace("options: [vision, speech]", "options: bind").replace(
    "{kind: company}", "{kind: company, bind: true}"
)


def test_library_blueprint_is_frozen_inside(operator, visitor, library):
    programme = operator.post("/programmes", {"slug": "rush-2026", "blueprint": "naver-ai-rush"}, 201)
    kept = operator.get("/programmes/rush-2026/source")

    [file] = library.glob("blueprints/*naver-ai-rush*.yaml")
    assert kept["source"] == file.read_text()
    assert (programme["state"], programme["title"]["ko"]) == ("draft", "네이버 AI RUSH 2020")


def test_unknown_blueprint_and_two_sources_are_refused(operator):
    unknown = operator.post("/programmes", {"slug": "a", "blueprint": "nothing"}, 404)
    both = operator.post("/programmes", {"slug": "a", "blueprint": "x", "source": "y"}, 422)

    assert (unknown["code"], both["code"]) == ("blueprint.missing", "programme.source")


def test_unsound_source_is_refused_with_every_place(operator):
    problem = operator.post("/programmes", {"slug": "a", "source": SMALL.replace("judge, rubric", "jury, rubric")}, 422)

    [flaw] = problem["facts"]["errors"]
    assert (problem["code"], flaw["code"], flaw["line"] > 1, set(flaw["text"])) == (
        "blueprint.flawed",
        "BP202",
        True,
        {"ko", "en"},
    )


def test_admin_of_an_organisation_makes_and_operates_a_programme():
    organisation = make_organisation("host")
    admin = Caller(make_admin(organisation))

    admin.post("/programmes", {"slug": "ours", "source": SMALL}, 201)

    assert admin.post("/programmes/ours/publish")["state"] == "published"


def test_draft_is_filled_in_until_it_can_be_published(operator):
    make_organisation("acme")
    operator.post("/programmes", {"slug": "p", "source": BOUND, "title": {"ko": "가을", "en": "Autumn"}}, 201)
    assert len(operator.get("/programmes/p/preview?step=publish")["refusals"]) == 2

    operator.put("/programmes/p/bind", {"bind": {"options": ["vision", "speech", "text"]}})
    bound = operator.put("/programmes/p/parties/host", {"organisations": ["acme"]})

    assert operator.get("/programmes/p/preview?step=publish")["refusals"] == []
    assert list(bound["stages"][1]["options"]) == ["vision", "speech", "text"]
    assert bound["parties"] == {"host": [{"short": "acme", "name": {"ko": "acme", "en": "acme"}}]}
    assert operator.post("/programmes/p/publish")["title"] == {"ko": "가을", "en": "Autumn"}
    assert operator.put("/programmes/p/bind", {"bind": {"options": ["a"]}}, 409)["code"] == "programme.frozen"


def test_unbound_draft_is_not_published(operator):
    operator.post("/programmes", {"slug": "p", "source": BOUND}, 201)

    problem = operator.post("/programmes/p/publish", status=422)

    assert (problem["code"], len(problem["facts"]["errors"])) == ("programme.unbound", 2)


def test_unknown_organisations_are_named(operator):
    problem = operator.post("/programmes", {"slug": "p", "source": SMALL, "parties": {"host": ["x", "y"]}}, 422)

    assert problem["facts"] == {"organisations": ["x", "y"]}


def test_rules_are_told_in_plain_words(operator):
    story = Story.begin()

    apply, task, licence = story.root.get(story.at)["stages"]

    assert [rule["en"] for rule in apply["rules"]] == ["Years must be at least 1.", "Passes when the clerk says yes."]
    assert apply["asks"] == [
        {"name": "motive", "title": {"ko": "motive", "en": "motive"}, "type": "text", "choices": []},
        {"name": "years", "title": {"ko": "years", "en": "years"}, "type": "number", "choices": []},
    ]
    assert (apply["settles_as_set"], task["settles_as_set"], apply["again"]) == (False, True, True)
    assert [rule["ko"] for rule in licence["rules"]] == [
        "ministry에서 발급한 증빙(number of the licence)이 확인되면 통과합니다."
    ]


def test_stage_is_dated_anew_and_given_back():
    story = Story.opened()

    dated = story.clerk.put(f"{story.at}/stages/apply/when", {"when": {"from": "2030-03-01", "to": "2030-03-31"}})
    back = story.clerk.put(f"{story.at}/stages/apply/when", {"when": None})

    here = dated["stages"][0]
    assert (here["when"], here["opens_at"], here["closes_at"]) == (
        {"from": "2030-03-01", "to": "2030-03-31"},
        "2030-03-01T00:00:00+09:00",
        "2030-04-01T00:00:00+09:00",
    )
    assert (back["stages"][0]["when"], back["stages"][0]["closes_at"]) == (None, None)


def test_a_settled_occurrence_closes_itself_and_no_later_one(operator):
    clock.set_clock(at("2027-01-10T09:00:00+09:00"))
    found = live(exam("{rank: {by: score, take: 1}}", ", when: {every: 1m, from: 2027-02-01}"))
    turn = found.enter("exam")
    settle(found.programme, "exam", by=found.operator, occurrence=turn.occurrence)

    settled = operator.get(f"/programmes/{found.programme.slug}")["stages"][0]["closes_at"]
    clock.set_clock(at("2027-02-10T09:00:00+09:00"))
    later = operator.get(f"/programmes/{found.programme.slug}")["stages"][0]["closes_at"]

    assert (settled, later) == ("2027-01-10T09:00:00+09:00", "2027-04-01T00:00:00+09:00")


def test_list_holds_what_is_public_and_ones_own_drafts(visitor):
    story = Story.opened()
    story.root.post("/programmes", {"slug": "draft", "source": SMALL}, 201)

    seen = {
        name: [row["slug"] for row in who.get("/programmes")["items"]]
        for name, who in {"visitor": visitor, "clerk": story.clerk, "root": story.root}.items()
    }

    assert seen == {"visitor": ["small"], "clerk": ["small"], "root": ["small", "draft"]}


def test_list_comes_in_keyset_pages(operator, visitor):
    for number in range(5):
        operator.post("/programmes", {"slug": f"p{number}", "source": SMALL}, 201)

    found, after = [], ""
    while after is not None:
        page = operator.get(f"/programmes?limit=2{after and f'&after={after}'}")
        found.append([row["slug"] for row in page["items"]])
        after = page["next"]

    assert found == [["p0", "p1"], ["p2", "p3"], ["p4"]]
    assert visitor.get("/programmes?state=draft")["items"] == []


def test_log_tells_what_a_programme_was_changed_to(operator):
    operator.post("/programmes", {"slug": "p", "source": BOUND}, 201)

    operator.put("/programmes/p/bind", {"bind": {"options": ["vision"]}})

    row = AuditRow.objects.get(action="programme.bound")
    assert '"bind":{"options":["vision"]}' in row.text.after


def test_bound_value_is_taken_back_by_null(operator):
    operator.post("/programmes", {"slug": "p", "source": BOUND, "bind": {"options": ["vision"]}}, 201)

    assert operator.put("/programmes/p/bind", {"bind": {"options": None}})["bind"] == {}


@pytest.mark.parametrize("bind", [{"options": 5}, {"prize": 7}, {"": 1}])
def test_what_a_blueprint_does_not_leave_open_is_not_bound(operator, bind):
    operator.post("/programmes", {"slug": "p", "source": BOUND}, 201)

    assert operator.put("/programmes/p/bind", {"bind": bind}, 422)["code"] == "blueprint.flawed"


@pytest.mark.parametrize("when", [{"with": "nothing"}, {"with": "task"}, {"from": "2030-13-01"}])
def test_window_that_hangs_on_nothing_is_refused(when):
    story = Story.begin()

    story.root.put(f"{story.at}/stages/task/when", {"when": when}, 422)


def test_outcome_has_the_shape_of_a_rehearsals():
    story = Story.opened()
    story.apply(story.ada)

    counted = story.clerk.get(f"{story.at}/outcome")

    assert set(counted) == {
        "blueprint", "cases", "stages", "money", "credentials", "privileges", "published", "spawned", "roles",
        "provided", "measures", "expect",
    }  # fmt: skip
    assert counted["stages"][0] == {
        "id": "apply", "kind": "form", "in": 1, "passed": 0, "out": 0, "withdrawn": 0, "reasons": {},
    }  # fmt: skip


def test_steps_of_a_programmes_life_follow_their_map():
    story = Story.begin()

    walked = [(step, story.clerk.call("post", f"{story.at}/{step}").status_code) for step in (
        "open", "publish", "publish", "open", "run", "open", "close", "run",
    )]  # fmt: skip

    assert walked == [
        ("open", 409), ("publish", 200), ("publish", 409), ("open", 200), ("run", 200), ("open", 200),
        ("close", 200), ("run", 409),
    ]  # fmt: skip
