"""Pages of skills: what anybody finds, what one sees of oneself, a team, a company; what an operator brings in."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.people.models import Consent
from dure.people.operations import form_team, join_team
from dure.skills.importing.own import starter_files
from dure.skills.models import Claim, Edition, OwnRole, Plan
from dure.skills.operations import choose_role, make_plan
from dure.skills.operations.plans import Line
from tests.factories import make_admin, make_member, make_operator, make_organisation, make_person
from tests.site.conftest import client_of, text_of
from tests.skills.factories import role, shown, skill, starter
from tests.skills.test_importing import ONET, brought

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _set():
    starter()


def lines_of(*lines) -> dict[str, object]:
    told: dict[str, object] = {"form-TOTAL_FORMS": len(lines), "form-INITIAL_FORMS": 0}
    for at, (which, seats, by) in enumerate(lines):
        told |= {f"form-{at}-role": which, f"form-{at}-seats": seats, f"form-{at}-by": by}
    return told


def test_anybody_finds_skills_and_roles_by_first_letters():
    client = client_of(None)

    assert "머신러닝" in text_of(client.get("/skills/?q=ㅁㅅㄹㄴ"))
    assert "직무 26개" in text_of(client.get("/roles/"))
    assert "찾는 이름의 역량이 없습니다" in text_of(client.get("/skills/?q=없는말"))
    assert "데이터 누출 없이 평가합니다" in text_of(client.get(f"/skills/{skill('machine-learning').pk}/"))


def test_words_of_others_are_shown_with_their_attribution():
    brought("onet", ONET)
    client = client_of(None, "en")

    credited = [
        path for path in ("/skills/", "/roles/", "/skills/?taxonomy=dure") if "USDOL/ETA" in text_of(client.get(path))
    ]

    assert "USDOL/ETA" in text_of(client.get("/skills/?taxonomy=onet"))
    assert "/skills/?taxonomy=dure" not in credited


def test_ones_own_page_says_why_and_keeps_ones_own_word_apart():
    ada = make_person()
    client = client_of(ada)
    assert "아직 증명된 역량이 없습니다" in text_of(client.get("/me/skills/"))
    shown(ada, "sql", 3)
    client.post(f"/skills/{skill('python').pk}/say/", {"level": "4"})
    client.post(f"/roles/{role('data-analyst').pk}/choose/")

    page = text_of(client.get("/me/skills/"))

    assert all(said in page for said in ("3수준인 이유", "110점 · 100%", "두레에서 측정", "자기 평가", "데이터 분석가"))
    assert (Claim.objects.get().level, OwnRole.objects.get().role) == (4, role("data-analyst"))
    assert b"SQL" in b"".join(client.get("/me/skills.csv"))


def test_a_word_is_taken_back_and_a_role_given_up():
    client = client_of(make_person())
    client.post(f"/skills/{skill('python').pk}/say/", {"level": "4"})
    client.post(f"/roles/{role('data-analyst').pk}/choose/")

    client.post(f"/skills/{skill('python').pk}/say/", {"level": ""})
    client.post(f"/roles/{role('data-analyst').pk}/choose/", {"leave": "yes"})

    assert (Claim.objects.exists(), OwnRole.objects.exists()) == (False, False)
    assert client.post(f"/skills/{skill('python').pk}/say/", {"level": "9"}).status_code == 422


def test_a_role_stands_beside_ones_own_levels():
    ada = make_person()
    shown(ada, "sql", 3)
    client, address = client_of(ada), f"/roles/{role('data-analyst').pk}/"

    assert "역량 10개 중 1개 충족" in text_of(client.get(address))
    table = b"".join(client.get(f"{address}gap.csv")).decode()
    assert "SQL,5,3,3,0" in table


def test_a_team_sees_those_who_share_and_strangers_see_nothing():
    ada, bo = make_person(), make_person()
    team = form_team("두레", captain=ada)
    join_team(team, person=bo)
    shown(bo, "sql", 3)
    address = f"/me/teams/{team.pk}/skills/?role={role('data-analyst').pk}"
    client_of(bo).post("/me/skills/share/", {"scope": str(team.pk), "yes": "yes"})

    page = text_of(client_of(ada).get(address))

    assert "팀원 2명 가운데 수준을 공개한 1명" in page
    assert "갖춘 사람 1명" in page
    assert client_of(make_person()).get(address).status_code == 404


def test_nobody_shares_with_where_they_do_not_belong():
    home = make_organisation("home")

    refused = client_of(make_person()).post("/me/skills/share/", {"scope": home.short, "yes": "yes"})

    assert (refused.status_code, Consent.objects.exists()) == (404, False)


def test_an_administrator_plans_and_sees_what_is_short():
    home = make_organisation("home")
    client = client_of(make_admin(home))
    line = (role("data-analyst").pk, 3, "2099-12-31")

    made = client.post("/organisations/home/skills/new/", {"name": "2099", **lines_of(line, ("", "", ""))})
    half = client.post("/organisations/home/skills/new/", {"name": "half", **lines_of((line[0], "", ""))})
    page = text_of(client.get(made["Location"]))

    assert ("데이터 분석가" in page, "더 필요한 인원 3" in page) == (True, True)
    assert "직무, 인원, 날짜를 모두 채우거나 모두 비우세요." in text_of(half)
    client.post(f"{made['Location']}edit/", {**lines_of((line[0], 5, line[2]))})
    assert Plan.objects.get().lines.get().seats == 5
    assert "SQL,3,0" in b"".join(client.get(f"{made['Location']}plan.csv")).decode()
    client.post(f"{made['Location']}end/")
    assert client.get(made["Location"]).status_code == 404


def test_others_of_the_company_see_no_counts_and_strangers_nothing():
    home = make_organisation("home")
    admin, member = make_admin(home), make_member(home).person
    plan = make_plan(home, name="2099", by=admin, lines=[Line(role("data-analyst"), 3, date(2099, 12, 31))])
    address = f"/organisations/home/skills/{plan.pk}/"
    people = {"admin": admin, "member": member, "operator": make_operator(), "stranger": make_person()}

    pages = {name: client_of(one).get(address) for name, one in people.items()}
    codes = {name: client_of(one).get(f"{address}plan.csv").status_code for name, one in people.items()}

    assert {name: page.status_code for name, page in pages.items()} == {
        "admin": 200, "member": 200, "operator": 200, "stranger": 404
    }  # fmt: skip
    assert {name for name in people if "갖춘 인원" in text_of(pages[name])} == {"admin"}
    assert "5명 이상일 때" in text_of(pages["member"])
    assert codes == {"admin": 200, "member": 404, "operator": 404, "stranger": 404}


def test_an_operator_checks_an_edition_and_brings_it_in(settings):
    settings.OPERATORS_NEED_SECOND_FACTOR = False
    client = client_of(make_operator())

    def sent(told: dict[str, bytes], **also):
        files = [SimpleUploadedFile(name, text) for name, text in told.items()]
        return client.post("/operator/taxonomies/", {"source": "onet", "version": "1", "files": files, **also})

    told = {name: text.encode() for name, text in ONET.items()}
    checked = text_of(sent(told))
    assert "아직 바뀐 것은 없습니다" in checked
    assert Edition.objects.filter(taxonomy__key="onet").count() == 0
    assert sent(told, enter="yes").status_code == 302
    assert "이미 가져온 판입니다" in text_of(sent(told, enter="yes"))
    flawed = sent({**told, "onet_skills.csv": b"skill_id,name,kind,description\n,a,skill,\n"})
    assert (flawed.status_code, "onet_skills.csv:2" in text_of(flawed)) == (422, True)
    assert client_of(make_person()).get("/operator/taxonomies/").status_code == 404


def test_pages_ask_little(django_assert_max_num_queries):
    ada = make_person()
    for code in starter_files()["skills.csv"].decode().splitlines()[1:30]:
        shown(ada, code.split(",")[0], 3)
    choose_role(ada, role=role("data-analyst"))
    client = client_of(ada)

    for address in (
        "/skills/",
        "/roles/",
        "/me/skills/",
        f"/roles/{role('ml-engineer').pk}/",
        f"/skills/{skill('sql').pk}/",
    ):
        with django_assert_max_num_queries(20):
            assert client.get(address).status_code == 200
