"""Reading the log: each way of tampering is planted and named, and erasing texts is none of them."""

import pytest

from dure.audit import merkle
from dure.audit.models import AuditRow, AuditText, Seal
from dure.audit.operations import Part, erase_texts, record, record_many, seal
from dure.audit.queries import Flaw, acts_of, history, proof, verify
from dure.core.errors import Unready

pytestmark = pytest.mark.django_db
ANNA = ("person", "anna")


@pytest.fixture
def log():
    """Three seals: two plain rows, a batch of five, one row more."""
    rows = [record("form.sent", ("form", n), after={"mark": n}, about=ANNA) for n in range(2)]
    seal()
    head = record_many("prizes.paid", ("stage", 1), parts=[Part(("prize", n), after={"won": n}) for n in range(5)])
    seal()
    rows.append(record("form.read", ("form", 0), actor=ANNA))
    seal()
    return [AuditRow.objects.get(pk=row.pk) for row in [*rows, head, *head.parts.order_by("pk")]]


def _found(**kept):
    return [(flaw.code, flaw.what) for flaw in verify(**kept).flaws]


def test_an_untouched_log_is_sound(log):
    report = verify()

    assert (report.sound, report.seals, report.unsealed) == (True, 3, 0)
    assert report.anchor == (3, Seal.objects.get(number=3).hash)


def test_a_log_nobody_wrote_yet_is_sound():
    report = verify()

    assert (report.sound, report.anchor) == (True, None)


@pytest.mark.parametrize("column", ["actor", "on_behalf_of", "action", "object_kind", "object_id", "request_id"])
@pytest.mark.parametrize("which", [0, 3, 5], ids=["plain row", "head of a batch", "part of a batch"])
def test_a_changed_row_is_named(log, column, which):
    AuditRow.objects.filter(pk=log[which].pk).update(**{column: "forged"})

    assert _found() == [("row.changed", str(log[which].pk))]


def test_a_changed_time_is_named(log):
    AuditRow.objects.filter(pk=log[0].pk).update(at="2020-01-01T00:00Z")

    assert _found() == [("row.changed", str(log[0].pk))]


@pytest.mark.parametrize("which", [1, 6], ids=["plain row", "part of a batch"])
def test_a_row_that_was_removed_is_named(log, which):
    AuditText.objects.filter(row=log[which]).delete()
    AuditRow.objects.filter(pk=log[which].pk).delete()

    assert _found() == [("row.missing", str(log[which].pk))]


def test_a_row_put_under_an_old_seal_is_named(log):
    late = record("form.sent", ("form", 9))
    AuditRow.objects.filter(pk=late.pk).update(seal=1)

    assert _found() == [("row.inserted", str(late.pk))]


@pytest.mark.parametrize("head", [3, 0], ids=["under a batch", "under a plain row"])
def test_a_row_put_into_a_batch_is_named(log, head):
    late = record("prizes.paid", ("prize", 9))
    AuditRow.objects.filter(pk=late.pk).update(head=log[head])

    assert _found() == [("row.inserted", str(late.pk))]


def test_a_batch_that_vouches_for_other_rows_is_named(log):
    head = log[3]
    AuditRow.objects.filter(pk=head.pk).update(leaves=bytes(head.leaves)[48:])

    assert _found() == [("row.changed", str(head.pk)), ("row.inserted", str(log[4].pk))]


def test_a_seal_remade_to_hide_a_changed_row_is_named(log):
    AuditRow.objects.filter(pk=log[0].pk).update(actor="forged")
    link = Seal.objects.get(number=1)
    link.vouch_for(list(link.rows.order_by("pk")))
    link.hash = link.counted_hash()
    link.save()

    assert _found() == [("seal.changed", "2")]


def test_a_seal_whose_list_was_changed_is_named(log):
    link = Seal.objects.get(number=1)
    Seal.objects.filter(number=1).update(leaves=bytes(link.leaves)[48:])

    assert _found() == [("seal.changed", "1"), ("row.inserted", str(log[0].pk))]


def test_a_removed_seal_is_named(log):
    AuditRow.objects.filter(seal=2).update(seal=None)
    Seal.objects.filter(number=2).delete()

    assert _found() == [("seal.missing", "2")]


def test_an_end_cut_off_shows_against_an_anchor_kept_elsewhere(log):
    anchor = verify().anchor
    AuditRow.objects.filter(seal=3).delete()
    Seal.objects.filter(number=3).delete()

    assert (_found(), _found(anchor=anchor)) == ([], [("seal.missing", "3")])


def test_a_chain_remade_as_a_whole_shows_against_an_anchor_kept_elsewhere(log):
    anchor = verify().anchor
    AuditRow.objects.update(seal=None)
    Seal.objects.all().delete()
    AuditRow.objects.filter(pk=log[0].pk).update(actor="forged")
    while seal(most=1):
        pass

    assert (_found(), _found(anchor=anchor)) == ([], [("seal.changed", "3")])


def test_a_changed_text_is_named(log):
    AuditText.objects.filter(row=log[0]).update(after='{"mark":100}')

    assert _found() == [("text.changed", str(log[0].pk))]


def test_a_text_that_is_gone_without_a_word_is_named(log):
    AuditText.objects.filter(row=log[5]).delete()

    assert _found() == [("text.missing", str(log[5].pk))]


def test_erasing_texts_keeps_the_log_sound(log):
    erase_texts(ANNA)
    seal()

    assert verify().sound


def test_a_flaw_reads_as_a_sentence_in_both_languages():
    text = Flaw("seal.missing", "2").text

    assert (text.ko, text.en) == ("2번 봉인이 없습니다.", "Seal 2 is missing.")


def test_every_row_and_every_part_is_proven_up_to_its_seal(log):
    for row in log:
        steps = proof(row)
        assert all(step.holds() for step in steps)
        assert steps[0].leaf == row.leaf()
        assert steps[-1].root.hex() == (row.head or row).seal.root
    assert len(proof(log[5])) == 2


def test_a_part_of_a_batch_is_tied_to_the_seal_through_its_head(log):
    part, head = proof(log[5])

    assert part.root == merkle.root(list(log[3].vouched().values()))
    assert head.leaf == log[3].leaf()


def test_an_unsealed_row_has_no_proof_yet():
    with pytest.raises(Unready, match="not sealed yet"):
        proof(record("form.sent", ("form", 1)))


def test_history_and_acts_are_told_newest_first(log):
    assert [row.action for row in history(("form", 0))] == ["form.read", "form.sent"]
    assert [row.pk for row in history(("prize", 2))] == [log[6].pk]
    assert [row.action for row in acts_of(ANNA)] == ["form.read"]
