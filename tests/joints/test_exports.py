"""What one has learnt, sat, proven and been awarded is in the data that one takes along."""

import json
import zipfile

import pytest

from dure.assessments.operations.results import release
from dure.jobs.worker import drain
from dure.joints.gates import signed
from dure.joints.gates.external import enter_proof
from dure.people.models import Export
from dure.people.operations import ask_for_export
from dure.skills.operations import claim
from tests.assessments.factories import make_exam, marked
from tests.factories import make_person
from tests.learning.factories import make_enrolment
from tests.programmes.build import live
from tests.site.desk.world import ELSEWHERE
from tests.skills.factories import skill, starter

pytestmark = pytest.mark.django_db


def test_learning_tests_proofs_skills_and_their_files_are_in_it(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    found, ada = live(ELSEWHERE), make_person()
    turn = found.enter("cert", by=ada)
    with signed.received([b"%PDF"], name="card.pdf") as sent:
        enter_proof(turn, 0, by=ada, sent=sent)
    exam = make_exam()
    release(marked(exam, ada))
    enrolment = make_enrolment(person=ada)
    starter()
    claim(ada, skill=skill("python"), level=2)

    ask_for_export(ada)
    drain()

    with zipfile.ZipFile(Export.objects.get().file) as archive:
        told = {name: json.loads(archive.read(f"{name}.json")) for name in ("proofs", "exams", "courses", "skills")}
        files = [archive.read(name) for name in archive.namelist() if name.startswith("files/proofs/")]
    assert [row["file_name"] for row in told["proofs"]] == ["card.pdf"]
    assert [(row["exam"], float(row["score"])) for row in told["exams"]] == [(exam.title_en, 1.0)]
    assert [row["course"] for row in told["courses"]] == [enrolment.cohort.course.key]
    assert [row["skill__code"] for row in told["skills"]["own_word"]] == ["python"]
    assert files == [b"%PDF"]
