"""Evidence: kept as it was, of each whose doing it was; a correction is a newer row."""

import pytest
from django.db import IntegrityError, transaction

from dure.core import clock
from dure.skills.models import Evidence, Showing
from dure.skills.operations import record
from tests.factories import make_person
from tests.programmes.build import at

pytestmark = pytest.mark.django_db


def test_evidence_is_of_each_person_and_says_who_recorded_it_when():
    clock.set_clock(at("2027-03-01T09:00:00+09:00"))
    ada, bo, clerk = make_person(), make_person(), make_person()

    kept = record("test", {"score": 87.5}, persons=[ada, bo], via="recorded", by=clerk, proof="sheet 3")

    assert (kept.kind, kept.values, kept.via, kept.proof) == ("test", {"score": 87.5}, "recorded", "sheet 3")
    assert (kept.recorded_by, kept.recorded_at) == (clerk, clock.now())
    assert {showing.person for showing in kept.showings.all()} == {ada, bo}


def test_a_correction_leaves_what_was_there():
    ada = make_person()
    record("test", {"score": 50}, persons=[ada], via="recorded", by=None)
    record("test", {"score": 60}, persons=[ada], via="recorded", by=None)

    assert [showing.evidence.values for showing in ada.showings.order_by("pk")] == [{"score": 50}, {"score": 60}]


def test_what_no_person_did_is_kept_all_the_same():
    kept = record("form", {"title": "idea"}, persons=[], via="form", by=None)

    assert (Evidence.objects.get(), kept.showings.count()) == (kept, 0)


def test_evidence_shows_a_person_once():
    ada = make_person()
    kept = record("test", {}, persons=[ada], via="recorded", by=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        Showing.objects.create(evidence=kept, person=ada)
