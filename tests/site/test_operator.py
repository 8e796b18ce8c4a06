"""The operator's pages: who comes in, what they show, and what each button does."""

import csv
import io
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dure.audit.models import AuditRow
from dure.audit.operations import Part, erase_texts, record, record_many, seal
from dure.challenges.operations import set_environment
from dure.compute.models import Environment
from dure.core import clock
from dure.core.text import Text
from dure.jobs.models import Job, JobState, Message, MessageState
from dure.jobs.operations import CHECKS, enqueue, mark_refused, send_mail
from dure.jobs.queries import checked
from dure.jobs.worker import drain
from dure.people.models import Organisation, Person, Role
from dure.people.operations import deactivate
from dure.site.operator.configuration import SETTINGS
from dure.site.operator.events import EVERY_ACT
from tests.challenges.conftest import make_task
from tests.factories import make_member, make_organisation, make_person
from tests.site.conftest import ROOT, client_of, text_of
from tests.site.world import World

PAGES = (
    "", "now/", "jobs/", "mail/", "people/", "organisations/", "organisations/new/", "audit/", "checks/",
    "checks/audit/", "settings/",
)  # fmt: skip
LETTER = Text(ko="비밀번호 재설정", en="Reset your password")


@pytest.fixture
def operator(world: World):
    return client_of(world.operator)


def failed_job(**known) -> Job:
    cause = {"cause_code": "jobs.fault", "cause_ko": "까닭", "cause_en": "a cause"}
    ended = {"state": JobState.FAILED, "attempts": 5, "finished_at": clock.now(), "trace": "Traceback: why"}
    return Job.objects.create(**{"task": "audit.seal", "most_attempts": 5, **cause, **ended, **known})


def letter(body: str = "") -> Message:
    text = Text(ko=body or "본문입니다", en=body or "The text")
    return send_mail(to="ada@example.org", subject=LETTER, body=text, language="ko")


# --- the door


@pytest.mark.parametrize("page", PAGES)
def test_strangers_are_told_that_there_is_nothing(world, page):
    assert client_of(None).get(f"/operator/{page}").status_code == 302
    assert client_of(world.clerk).get(f"/operator/{page}").status_code == 404


def test_where_a_second_factor_is_asked_for_nobody_comes_in_without_one(world, operator, settings):
    settings.OPERATORS_NEED_SECOND_FACTOR = True
    refused = operator.get("/operator/")
    Authenticator.objects.create(user=world.operator, type=Authenticator.Type.TOTP, data={})

    assert (refused.status_code, operator.get("/operator/").status_code) == (403, 200)
    assert "/accounts/2fa/totp/activate/" in refused.content.decode()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_is_there_in_both_languages_and_takes_few_queries(world, operator, page, language):
    failed_job()
    mark_refused(letter())
    Person.objects.filter(pk=world.operator.pk).update(language=language)
    operator.get("/operator/")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = operator.get(f"/operator/{page}")

    assert answer.status_code == 200
    assert len(queries) <= 20


# --- health


def test_what_is_wrong_stands_first_and_leads_to_its_page(operator):
    failed_job()

    page = operator.get("/operator/").content.decode()

    assert 'href="/operator/jobs/?state=failed"' in page
    assert "실패한 작업: 1건" in page
    assert "<code>dure worker</code>" in page


def test_a_page_that_is_kept_open_is_sent_nothing_while_nothing_changes(operator):
    seen = operator.get("/operator/now/", headers={"HX-Request": "true"})

    again = operator.get("/operator/now/", headers={"If-None-Match": seen["ETag"]})
    failed_job()
    changed = operator.get("/operator/now/", headers={"If-None-Match": seen["ETag"]})

    assert (again.status_code, again.content, changed.status_code) == (304, b"", 200)


# --- jobs


def test_a_failed_job_shows_its_cause_and_is_tried_again(operator):
    job = failed_job(arguments={"stage": "apply"})

    page = text_of(operator.get(f"/operator/jobs/{job.pk}/"))
    operator.post(f"/operator/jobs/{job.pk}/again/")

    assert all(part in page for part in ("까닭", "Traceback: why", "apply"))
    assert Job.objects.get(pk=job.pk).state == JobState.READY


def test_giving_up_asks_first(operator):
    job = failed_job(task="jobs.deliver")

    asked = text_of(operator.get(f"/operator/jobs/{job.pk}/give-up/"))
    assert "되돌릴 수 없습니다" in asked
    assert Job.objects.get().state == JobState.FAILED

    operator.post(f"/operator/jobs/{job.pk}/give-up/")
    assert Job.objects.get().state == JobState.CANCELLED


def test_a_whole_cause_is_tried_again_at_once(operator):
    for _ in range(3):
        failed_job()
    failed_job(cause_code="other")

    answer = operator.post("/operator/jobs/again/", {"task": "audit.seal", "cause": "jobs.fault"}, follow=True)

    assert "작업 3건을 다시 시도합니다" in text_of(answer)
    assert Job.objects.filter(state=JobState.FAILED).count() == 1


def test_jobs_are_filtered_and_paged(operator):
    for n in range(60):
        enqueue("jobs.prune", run_at=clock.now() + timedelta(days=1), key=f"n{n}")
    failed_job()

    first = operator.get("/operator/jobs/?state=ready").content.decode()
    older = re.search(r'rel="next" href="\?([^"]+)"', first)
    assert older is not None
    second = operator.get("/operator/jobs/?" + older[1].replace("&amp;", "&")).content.decode()

    rows = re.compile(r'<th scope="row"><a[^>]* href="(/operator/jobs/[^"]+)"')
    assert len({*rows.findall(first), *rows.findall(second)}) == 60


# --- mail


def test_a_letter_is_shown_without_what_opens_an_account_and_the_look_is_logged(world, operator):
    secret = "http://127.0.0.1:8000/accounts/password/reset/key/6uqIJ4XkYGhFb-cw1z5v-0123456789abcdef0123456789abcdef/"
    message = letter(f"여기를 누르세요: {secret}")

    page = text_of(operator.get(f"/operator/mail/{message.pk}/"))

    assert "여기를 누르세요: http://127.0.0.1:8000/accounts/password/reset/key/••••" in page
    assert "0123456789abcdef" not in page
    row = AuditRow.objects.get(action="message.read")
    assert (row.actor, row.object_id) == (f"people.person:{world.operator.pk}", str(message.pk))


def test_a_letter_that_could_not_be_sent_is_sent_again(operator):
    message = mark_refused(letter())

    listed = text_of(operator.get("/operator/mail/?state=failed&to=ADA@example.org"))
    operator.post(f"/operator/mail/{message.pk}/again/")

    assert "비밀번호 재설정" in listed
    assert Message.objects.get().state == MessageState.WAITING


# --- people


def test_people_are_found_by_first_letters_and_by_address(world, operator):
    def found(typed: str) -> set[str]:
        page = operator.get("/operator/people/", {"q": typed}).content.decode()
        return set(re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)<', page))

    assert found("ㅂㅎㄴ") == {"박하늘"}
    assert found("bo@ex") == {"최바다"}
    assert found("nobody@") == set()


def test_a_person_is_shown_with_everything_that_hangs_on_the_account(world, operator):
    world.competing()

    page = text_of(operator.get(f"/operator/people/{world.ada.pk}/"))

    assert all(part in page for part in ("ada@example.org", "현장 AI 스쿨", "온라인 라운드", "계정 정지"))
    assert "김담당" in text_of(operator.get(f"/operator/people/{world.clerk.pk}/"))


def test_an_act_on_an_account_says_what_it_means_before_it_is_done(world, operator):
    address = f"/operator/people/{world.ada.pk}/close/"

    asked = text_of(operator.get(address))
    assert Person.objects.get(pk=world.ada.pk).is_active
    operator.post(address)

    assert "더 이상 로그인할 수 없고" in asked
    assert not Person.objects.get(pk=world.ada.pk).is_active


def test_a_closed_account_is_signed_out_at_once(world):
    ada = client_of(world.ada)
    assert ada.get("/me/").status_code == 200

    deactivate(world.ada, by=world.operator)

    assert ada.get("/me/").status_code == 302


def test_nothing_is_offered_on_ones_own_account(world, operator):
    page = operator.get(f"/operator/people/{world.operator.pk}/").content.decode()

    assert f"/operator/people/{world.operator.pk}/close/" not in page
    assert operator.post(f"/operator/people/{world.operator.pk}/close/").status_code == 409
    assert operator.get(f"/operator/people/{world.operator.pk}/no-such-act/").status_code == 404


# --- organisations


def test_an_organisation_is_created_and_its_names_changed(operator):
    asked = {"short": "lg-ai", "kind": "company", "name_ko": "엘지", "name_en": "LG AI", "staff": "300"}
    made = operator.post("/operator/organisations/new/", asked, follow=True)
    operator.post("/operator/organisations/of/lg-ai/names/", {"name_ko": "엘지 AI", "name_en": "LG AI", "staff": ""})

    assert made.redirect_chain == [("/operator/organisations/of/lg-ai/", 302)]
    organisation = Organisation.objects.get(short="lg-ai")
    assert (organisation.name_ko, organisation.staff) == ("엘지 AI", None)
    assert "엘지 AI" in text_of(operator.get("/operator/organisations/?q=ㅇㅈ"))


def test_an_organisation_shows_its_people_each_counted_once(world, operator):
    lab = make_organisation("lab")
    made = make_person("a&b@example.org", name="")
    make_member(lab, made, department="<Vision>")
    make_member(lab, made, role=Role.ADMIN)
    make_member(lab, world.ada)

    page = operator.get("/operator/organisations/of/lab/").content.decode()

    line = f'<a href="/operator/people/{made.pk}/">a&amp;b@example.org</a> <span class="muted small">'
    assert f"{line}구성원 · &lt;Vision&gt;</span>" in page
    assert f"{line}관리자</span>" in page
    assert ">박하늘</a>" in page
    assert '<span class="muted num">2</span>' in page


def test_a_short_name_that_is_taken_or_no_name_is_told_at_the_form(operator):
    make_organisation("lg-ai")
    known = {"kind": "company", "name_ko": "가", "name_en": "a"}

    assert operator.post("/operator/organisations/new/", {"short": "lg-ai", **known}).status_code == 409
    assert operator.post("/operator/organisations/new/", {"short": "LG AI", **known}).status_code == 200


# --- the log


def test_the_log_is_found_by_who_what_which_and_when(world, operator):
    record("thing.done", ("thing", 7), after={"name": "value"}, actor=world.ada)

    def found(**asked: str) -> int:
        return operator.get("/operator/audit/", asked).content.decode().count(">thing.done<")

    day = clock.now()
    assert found() == 1
    assert found(actor="박하늘") == found(actor="ada@example.org") == found(object="thing:7") == 1
    assert found(action="thing.done", since=f"{day - timedelta(days=2):%Y-%m-%d}") == 1
    assert found(actor="최바다") == found(object="thing:8") == 0
    assert found(until=f"{day - timedelta(days=2):%Y-%m-%d}") == 0


def test_pages_of_the_log_leave_nothing_out_and_tell_nothing_twice(operator):
    AuditRow.objects.update(at=clock.now())
    for n in range(120):
        record("thing.done", ("thing", n))
    address, seen = "/operator/audit/?action=thing.done", []

    while address:
        page = operator.get(address).content.decode()
        seen += re.findall(r'href="\?object=thing:(\d+)"', page)
        older = re.search(r'rel="next" href="(\?[^"]+)"', page)
        address = "/operator/audit/" + older[1].replace("&amp;", "&") if older else ""

    assert seen == [str(n) for n in reversed(range(120))]


def test_an_act_shows_what_was_before_and_after_and_what_vouches_for_it(world, operator):
    row = record("thing.done", world.ada, before={"name": "old"}, after={"name": "new"})
    seal()

    page = text_of(operator.get(f"/operator/audit/{row.pk}/"))
    erase_texts(world.ada)
    erased = text_of(operator.get(f"/operator/audit/{row.pk}/"))

    assert "name old new" in page
    assert "1번 봉인" in page
    assert "본인의 요청으로 본문을 지웠습니다" in erased


def test_an_act_on_many_things_is_one_line_and_found_at_each(operator):
    record_many("things.done", ("task", "all"), parts=[Part(("thing", n)) for n in range(3)])

    assert operator.get("/operator/audit/", {"action": "things.done"}).content.decode().count("task <code>all") == 1
    assert "things.done" in operator.get("/operator/audit/", {"object": "thing:1"}).content.decode()


def test_the_file_of_the_log_runs_nothing_in_a_spreadsheet(operator):
    record("thing.done", ("thing", "=1+1"), actor=("job", "=cmd"))

    answer = operator.get("/operator/audit/file.csv", {"action": "thing.done"})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    assert [(row["action"], row["object_id"], row["actor"]) for row in rows] == [("thing.done", "'=1+1", "job:=cmd")]
    assert AuditRow.objects.get(action="operator.log-exported").object_kind == "log"


def test_every_act_that_is_written_has_words():
    written = re.compile(r'\brecord(?:_many|_set)?\(\s*"([a-z]+\.[a-z.-]+)"')
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "src" / "dure").rglob("*.py"))

    assert {action for source in sources for action in written.findall(source)} <= set(EVERY_ACT)


# --- checks and settings


@pytest.mark.parametrize("name", ["audit", "storage"])
def test_a_check_is_asked_for_watched_and_read(operator, name):
    operator.post(f"/operator/checks/{name}/ask/")
    waiting = operator.get(f"/operator/checks/{name}/").content.decode()
    drain([CHECKS[name]])
    done = operator.get(f"/operator/checks/{name}/").content.decode()

    assert 'hx-trigger="every 2s"' in waiting
    assert 'hx-trigger="every 2s"' not in done
    assert checked()[name].kept is not None
    assert operator.post("/operator/checks/other/ask/").status_code == 404


def test_settings_are_those_of_the_reference_and_hide_what_is_secret(operator, monkeypatch, settings):
    monkeypatch.setenv("DATABASE_URL", "postgresql://dure:hush@db/dure")
    settings.MAIL = "smtp://post:whisper@mail:25?tls=1"
    reference = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")

    page = text_of(operator.get("/operator/settings/"))

    named = {setting.name for _, group in SETTINGS for setting in group}
    elsewhere = {"DURE_TOKEN", "DURE_WORKER_TOKEN"}  # what other machines tell their own commands
    assert named | elsewhere == set(re.findall(r"^\| `([A-Z_]+)` \|", reference, re.MULTILINE))
    assert "postgresql://dure:••••@db/dure" in page
    assert not any(secret in page for secret in ("hush", "whisper", settings.SECRET_KEY))


def test_people_without_a_name_are_shown_by_their_address(operator):
    person = make_person("nameless@example.org", name="")

    assert "nameless@example.org" in text_of(operator.get(f"/operator/people/{person.pk}/"))


def test_an_environment_says_which_tasks_use_it(operator):
    known = {"version": "3.8.18", "packages": {"keras": "2.4"}, "built_at": clock.now()}
    classic = Environment.objects.create(name="classic", requirements="keras==2.4", state="ready", **known)
    idle = Environment.objects.create(name="idle", requirements="a==1")
    task = make_task()
    set_environment(task, classic)

    page = operator.get("/operator/environments/")

    assert f"/tasks/{task.pk}/" in page.content.decode()
    assert [(offer.name, use.tasks if use else 0) for offer, _, use, _ in page.context["rows"]] == [
        ("standard", 0), (classic.name, 1), (idle.name, 0),
    ]  # fmt: skip
