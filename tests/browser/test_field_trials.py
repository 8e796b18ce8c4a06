"""A winner beside a service, by hand: planned and started by an organiser, judged by the service's owner on a phone."""

from datetime import timedelta

import pytest

from dure.challenges.models import FieldTrial
from dure.challenges.operations import add_organiser, enter
from dure.challenges.queries.fieldtrials import field_trials
from dure.core import clock
from dure.people.operations import join_organisation
from dure.skills.models import Evidence
from tests.challenges.conftest import make_task
from tests.challenges.field.played import brought, outcome
from tests.challenges.field.world import lines, that_counts, told

pytestmark = [pytest.mark.browser]
WORDS = {
    "ko": {
        "plan": "현장 시험 계획하기", "keep": "계획 저장", "start": "시작하기", "record": "결론 남기기",
        "later": "추후 도입",
    },
    "en": {
        "plan": "Plan a field trial", "keep": "Plan it", "start": "Start it", "record": "Record it",
        "later": "Adopt it later",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_model_is_tried_and_its_owner_judges(world, visit, tmp_path, language) -> None:
    said = WORDS[language]
    task = make_task(opens_at=None, closes_at=None, code="allowed")
    that_counts(enter(task, persons=[world.ada]))
    add_organiser(task.round, world.clerk)
    join_organisation(world.host, person=world.clerk)
    requests = tmp_path / "requests.jsonl"
    requests.write_bytes(lines(*[told(n) for n in range(20)]).read())
    now = clock.now()

    clerk = visit(world.clerk, language=language).go(f"/rounds/{task.round_id}/field/").press(said["plan"])
    page = clerk.page
    page.fill("#id_service_ko", "한강 카페")
    page.fill("#id_service_en", "Hangang Cafe")
    page.fill("#id_owner", world.judge.email)
    page.fill("#id_ends_at", (now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"))
    page.set_input_files("#id_file", requests)
    clerk.press(said["keep"])
    page.wait_for_url(lambda url: "/new/" not in url)
    clerk.press(said["start"])
    page.locator("#comparison .tag.running").wait_for()
    trial = field_trials().get()
    brought(trial, *[outcome(n, mine=("no",) if n == 3 else ("yes",)) for n in range(20)], over=True)
    page.locator("#comparison .tag.done").wait_for(timeout=15_000)

    owner = visit(world.judge, width=390, language=language).go(f"/rounds/{task.round_id}/field/{trial.pk}/")
    owner.page.select_option("#id_adoption", label=said["later"])
    owner.page.fill("#id_because", "조금 느립니다.")
    owner.press(said["record"])
    owner.page.locator(".note.success").wait_for()

    assert FieldTrial.objects.get().adoption == "later"
    assert Evidence.objects.get(via="field-trial").values["score"] == 95.0
    assert owner.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
