"""Writing the log: who acts, what is kept apart so that it can be erased, how rows are sealed."""

import json
import threading

import pytest
from django.db import connection, transaction

from dure.audit.acting import Acting, acting, acting_now, known_to_act
from dure.audit.models import AuditRow, AuditText, Seal
from dure.audit.operations import Part, erase_texts, record, record_many, seal
from dure.audit.queries import verify

ANNA, FORM = ("person", "anna"), ("form", 1)


@pytest.mark.django_db
def test_a_row_says_who_did_what_for_whom():
    with acting(actor="person:anna", on_behalf_of="organisation:lab", request_id="r-1"):
        row = record("form.sent", FORM)

    row.refresh_from_db()
    told = (row.actor, row.on_behalf_of, row.action, row.object_kind, row.object_id, row.request_id)
    assert told == ("person:anna", "organisation:lab", "form.sent", "form", "1", "r-1")


@pytest.mark.django_db
def test_whoever_is_named_goes_before_whoever_acts_and_outside_the_system_acts():
    with acting(actor="person:anna"):
        named = record("form.sent", FORM, actor=("person", "ben"))

    assert [named.actor, record("form.sent", FORM).actor] == ["person:ben", "system"]


def test_who_was_found_out_on_the_way_acts_until_the_block_ends():
    with acting(actor="anonymous", request_id="r-1"):
        known_to_act("person:anna")
        within = acting_now()

    assert (within, acting_now()) == (Acting("person:anna", request_id="r-1"), Acting())


@pytest.mark.django_db
def test_a_database_row_is_named_by_its_table_and_key():
    link = Seal.objects.create(number=7)

    row = record("seal.seen", link)

    assert (row.object_kind, row.object_id) == ("audit.seal", "7")


@pytest.mark.django_db
def test_the_row_holds_hashes_and_the_text_lies_beside_it():
    row = record("form.sent", FORM, before={"name": None}, after={"name": "안나"}, about=ANNA)

    text = AuditText.objects.get()
    assert (text.row_id, text.about, json.loads(text.after)) == (row.pk, "person:anna", {"name": "안나"})
    assert (row.before, row.after) == (text.hash_of('{"name":null}'), text.hash_of('{"name":"안나"}'))


@pytest.mark.django_db
def test_the_same_text_twice_leaves_two_different_hashes():
    first, second = (record("form.sent", FORM, after={"name": "Anna"}) for _ in range(2))

    assert first.after != second.after


@pytest.mark.django_db
def test_a_row_goes_with_the_transaction_that_it_tells_of():
    with transaction.atomic():
        record("form.sent", FORM, after={"name": "Anna"})
        transaction.set_rollback(True)

    assert (AuditRow.objects.count(), AuditText.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_sealing_chains_what_waits_in_order_and_then_has_nothing_to_do():
    rows = [record("form.sent", ("form", n)) for n in range(5)]

    seals = [seal(most=3), seal(most=3)]

    assert seal() is None
    assert [list(link.vouched()) for link in seals] == [[row.pk for row in rows[:3]], [row.pk for row in rows[3:]]]
    assert [(link.number, link.previous) for link in seals] == [(1, ""), (2, seals[0].hash)]


@pytest.mark.django_db
def test_a_batch_is_sealed_as_one_row():
    head = record_many(
        "prizes.paid", ("stage", "final"), parts=[Part(("prize", n), after={"won": n}) for n in range(9)]
    )

    link = seal()

    assert list(link.vouched()) == [head.pk]
    assert list(head.vouched()) == list(head.parts.order_by("pk").values_list("pk", flat=True))
    assert AuditRow.objects.filter(seal=None, head=None).count() == 0


@pytest.mark.django_db
def test_erasing_takes_only_what_is_about_one_and_is_written_down():
    kept = record("form.sent", FORM, after={"name": "Ben"}, about=("person", "ben"))
    gone = record("form.sent", FORM, after={"name": "Anna"}, about=ANNA)

    assert erase_texts(ANNA, actor=("person", "operator")) == 1

    assert [text.row_id for text in AuditText.objects.all()] == [kept.pk]
    written = AuditRow.objects.get(action="audit.erased", head__isnull=False)
    assert (written.object_id, written.actor) == (str(gone.pk), "person:operator")
    assert erase_texts(ANNA) == 0


@pytest.mark.django_db(transaction=True)
def test_sealers_and_writers_at_the_same_time_leave_a_sound_chain():
    def write():
        for n in range(15):
            record("form.sent", ("form", n), after={"n": n})
        connection.close()

    def keep_sealing():
        for _ in range(15):
            seal(most=4)
        connection.close()

    threads = [threading.Thread(target=work) for work in [write, write, keep_sealing, keep_sealing]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while seal():
        pass

    report = verify()
    assert (report.flaws, report.unsealed) == ([], 0)
    assert AuditRow.objects.filter(seal__isnull=False).count() == 30
