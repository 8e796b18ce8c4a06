"""Item analysis, against numpy."""

from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.assessments.analysis import Sat, analyse, correlation, reliability

MATRICES = st.integers(2, 5).flatmap(
    lambda k: st.lists(
        st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=k, max_size=k), min_size=3, max_size=12
    )
)


def sats(rows):
    return [[Sat(UUID(int=at), share, 1.0) for at, share in enumerate(row)] for row in rows]


def kr20(marks):
    p = marks.mean(axis=0)
    k = marks.shape[1]
    return k / (k - 1) * (1 - (p * (1 - p)).sum() / marks.sum(axis=1).var())


@given(MATRICES)
def test_alpha_is_that_of_numpy(rows):
    marks = np.array(rows)
    spread, k = marks.sum(axis=1).var(), marks.shape[1]

    alpha = reliability(rows)

    if spread < 1e-9:
        return
    assert alpha == pytest.approx(k / (k - 1) * (1 - marks.var(axis=0).sum() / spread))


def test_alpha_of_right_and_wrong_is_kr20():
    marks = np.random.default_rng(7).integers(0, 2, size=(40, 12)).astype(float)

    told = analyse(sats(marks.tolist()), choices={})

    assert told.is_kr20
    assert told.alpha == pytest.approx(kr20(marks))


@given(MATRICES)
def test_point_biserial_is_numpys_correlation_with_the_rest(rows):
    marks = np.array(rows)
    told = analyse(sats(rows), choices={}).questions

    for at, one in enumerate(told):
        rest = np.delete(marks, at, axis=1).mean(axis=1)
        assert one.difficulty == pytest.approx(marks[:, at].mean())
        if one.point_biserial is None:
            assert min(marks[:, at].std(), rest.std()) < 1e-5
        else:
            assert one.point_biserial == pytest.approx(np.corrcoef(marks[:, at], rest)[0, 1])


def test_the_best_and_the_last_27_percent_are_compared():
    rows = [[1.0, 1.0, 1.0]] * 3 + [[0.0, 1.0, 0.0]] * 4 + [[0.0, 0.0, 0.0]] * 3  # 27 % of ten are three

    assert [one.upper_lower for one in analyse(sats(rows), choices={}).questions] == [1, 1, 1]


def test_distractors_tell_who_was_drawn_to_them():
    ids = [UUID(int=1), UUID(int=2)]
    best = [Sat(ids[0], 1, 1, (0,)), Sat(ids[1], 1, 1)]
    last = [Sat(ids[0], 0, 1, (2,)), Sat(ids[1], 0, 1)]

    told = analyse([best] * 4 + [last] * 4, choices={ids[0]: 3}).questions[0].distractors

    assert [(one.place, one.chosen, one.upper, one.lower, one.mean_elsewhere) for one in told] == [
        (0, 4, 2, 0, 1.0), (1, 0, 0, 0, None), (2, 4, 0, 2, 0.0),
    ]  # fmt: skip


def test_nothing_is_made_up_of_too_little():
    assert (analyse([], choices={}).alpha, reliability([[1.0, 1.0]] * 5), correlation([1], [1])) == (None, None, None)
