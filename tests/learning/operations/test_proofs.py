"""What was learnt elsewhere: a provider's table, and a file that it signed."""

import json

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from dure.core.errors import Flawed, Refused
from dure.learning.models import Progress
from dure.learning.operations.proofs import take_proofs, take_signed
from dure.learning.operations.providers import describe_provider
from tests.factories import make_person
from tests.learning.factories import make_cohort, make_course, make_enrolment, make_item, make_lesson, make_provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment():
    provider = make_provider()
    course = make_course(provider, lessons=0, opened=False, in_order=False)
    make_lesson(course, kind="outside", item=make_item(provider, key="az-900"))
    make_lesson(course, kind="session", title_ko="첫 모임", title_en="First meeting")
    return make_enrolment(make_cohort(course), person=make_person("a@example.org"))


def signed(key: OKPKey, *completions) -> bytes:
    payload = json.dumps({"completions": completions})
    return jws.serialize_compact({"alg": "Ed25519"}, payload, key, algorithms=["Ed25519"]).encode()


def test_a_table_proves_lessons_once(enrolment):
    rows = [(2, ["A@example.org", "az-900", "cert 7"]), (3, ["a@example.org", "첫 모임", ""])]
    told = {"header": ["email", "item", "proof"], "rows": rows, "by": make_person()}

    checked = take_proofs(enrolment.cohort, **told, check_only=True)
    first, again = take_proofs(enrolment.cohort, **told), take_proofs(enrolment.cohort, **told)

    enrolment.refresh_from_db()
    assert (checked.new, first.new, again.new, enrolment.state) == (2, 2, 0, "finished")
    assert Progress.objects.get(lesson__kind="outside").proof == "cert 7"


def test_people_and_lessons_that_there_are_not_are_named_with_their_rows(enrolment):
    with pytest.raises(Flawed) as refused:
        take_proofs(
            enrolment.cohort, header=["email", "item"], by=make_person(),
            rows=[(2, ["b@example.org", "az-900"]), (3, ["b@example.org", "az-104"]), (4, ["a@example.org"])],
        )  # fmt: skip
    assert [(error["row"], error["column"]) for error in refused.value.facts["errors"]] == [
        (2, "email"), (3, "email"), (3, "item"), (4, "item"),
    ]  # fmt: skip
    with pytest.raises(Flawed):
        take_proofs(enrolment.cohort, header=["name"], rows=[], by=make_person())


def test_a_file_that_the_provider_signed_proves_and_any_other_does_not(enrolment):
    own, other = OKPKey.generate_key("Ed25519"), OKPKey.generate_key("Ed25519")
    told, by = {"email": "a@example.org", "item": "az-900", "id": "7"}, make_person()
    with pytest.raises(Refused, match="public key"):
        take_signed(enrolment.cohort, signed(own, told), by=by)
    describe_provider(enrolment.cohort.course.provider, public_key=json.dumps(own.as_dict(private=False)))
    for wrong in (signed(other, told), b"not signed", signed(own, told)[:-4] + b"AAAA", signed(own, {"email": "a"})):
        with pytest.raises(Flawed):
            take_signed(enrolment.cohort, wrong, by=by)
    proven = take_signed(enrolment.cohort, signed(own, told), by=by)

    assert proven.new == 1
    assert Progress.objects.get().proof == "signed 7"
