"""Bars as they are drawn: which of them are labelled, on a wide page and in a narrow column."""

from django.test.html import parse_html
from hypothesis import given
from hypothesis import strategies as st

from dure.site.charts import LABELS, SPARSE, bars, height, histogram, rows, shapes


@given(st.integers(1, 400))
def test_few_labels_in_a_narrow_column_and_none_that_a_wide_page_lacks(count) -> None:
    drawn = bars([(str(number), number) for number in range(count)])

    wide = [bar.label for bar in drawn if bar.is_labelled]
    narrow = [bar.label for bar in drawn if bar.is_sparse]

    assert set(narrow) <= set(wide)
    assert narrow[0] == wide[0] == "0"
    assert len(wide) <= LABELS
    assert len(narrow) <= SPARSE


def test_nothing_draws_no_bars() -> None:
    assert bars([]) == []


def test_labels_of_a_spread_have_as_many_decimals_as_one_another():
    assert [bar.label for bar in histogram([0.65, 0.75], bins=4)] == ["0.650", "0.675", "0.700", "0.725"]
    assert [bar.label for bar in histogram([0, 40], bins=4)] == ["0", "10", "20", "30"]
    assert [bar.label for bar in histogram([0, 4e-7], bins=4)] == ["0", "1e-07", "2e-07", "3e-07"]


def test_a_label_of_words_stands_in_two_lines_and_ends_before_its_neighbours():
    drawn = bars([("Interview", 2), ("Licence ceremony", 1), ("AI in the field, spring", 3), ("현장 실습과 발표", 4)])

    assert [bar.lines for bar in drawn] == [
        ["Interview"],
        ["Licence", "ceremony"],
        ["AI in the", "field, s…"],
        ["현장 실습과", "발표"],
    ]
    assert height(drawn) > height(drawn[:1])


@given(st.lists(st.text(max_size=60), min_size=1, max_size=30))
def test_whatever_a_label_says_it_takes_two_lines_at_most(labels) -> None:
    assert all(len(bar.lines) in {1, 2} for bar in bars([(label, 1) for label in labels]))


def test_bars_are_drawn_with_what_they_say_and_told_in_a_table():
    drawn = bars([("<A> & B", 3), ("C", 0)], own="C")

    assert_that_same(
        shapes(drawn),
        """<rect class="bar" x="104.0" y="22.0" width="120" height="188.0" rx="3" />
        <text x="164.0" y="22.0" dy="-5" text-anchor="middle" font-size="17">3</text>
        <text x="164.0" y="234" text-anchor="middle" font-size="17"><tspan x="164.0">&lt;A&gt; &amp; B</tspan></text>
        <rect class="bar own" x="416.0" y="210.0" width="120" height="0.0" rx="3" />
        <text x="476.0" y="234" text-anchor="middle" font-size="17"><tspan x="476.0">C</tspan></text>""",
    )
    assert_that_same(
        rows(drawn),
        """<tr><th scope="row">&lt;A&gt; &amp; B</th><td class="right num">3</td></tr>
        <tr class="own"><th scope="row">C</th><td class="right num">0</td></tr>""",
    )


def assert_that_same(drawn: str, html: str) -> None:
    assert parse_html(drawn) == parse_html(html)
