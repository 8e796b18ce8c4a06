"""Cells and files of spreadsheets: what no spreadsheet runs, what is read back, what is refused."""

import io
from datetime import date

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from dure.core.errors import Refused
from dure.joints.sheets import tables
from dure.joints.sheets.cells import harmless, number_of, plain, read_back, same, yes_or_no
from dure.joints.sheets.tables import MOST_BYTES, MOST_ROWS, read, write

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "'=1", "''=1", "＝1", "\n=1"]
letters = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=40)
texts = letters | st.sampled_from(FORMULAS).flatmap(lambda head: letters.map(lambda tail: head + tail))
cells = texts | st.integers(-(10**14), 10**14) | st.floats(allow_nan=False, allow_infinity=False) | st.none()


@given(texts)
def test_no_cell_begins_what_a_spreadsheet_would_run_and_all_are_read_back(text):
    safe = harmless(text)

    assert not safe.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert not safe.startswith(("\t", "\r", "\n"))
    assert read_back(safe) == text


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=5), st.sampled_from(["csv", "xlsx"]))
def test_what_is_written_is_read_back_as_the_same(rows, format_):
    found = read(write(["a", "b", "c"], rows, format=format_))

    kept = dict(found.rows)
    for number, row in enumerate(rows, start=2):
        texts_read = kept.get(number, ["", "", ""])
        assert all(same(cell, text) for cell, text in zip(row, texts_read, strict=True))


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_workbook_has_texts_and_no_formulas(formula):
    book = CalamineWorkbook.from_filelike(io.BytesIO(write(["a"], [[formula]], format="xlsx")))

    assert book.get_sheet_by_index(0).to_python()[1] == [harmless(plain(formula))]


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("cp949", ","), ("utf-16", "\t")],
)
def test_what_korean_excel_saves_is_read(encoding, separator):
    data = f"이름{separator}점수\r\n홍길동{separator}90\r\n".encode(encoding)

    found = read(data)

    assert (found.header, found.rows) == (["이름", "점수"], [(2, ["홍길동", "90"])])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"a,b\n\xff\xff\xff,1", "sheet.encoding"),
        (b'a,b\n"unclosed', "sheet.broken"),
        (b"PK\x03\x04 no workbook", "sheet.broken"),
        (b"\xd0\xcf\x11\xe0 locked", "sheet.broken"),
        (b"a" * (MOST_BYTES + 1), "sheet.large"),
        (b"a\n" + b"1\n" * (MOST_ROWS + 1), "sheet.rows"),
    ],
)
def test_files_that_cannot_be_read_are_refused_with_what_to_do(data, code):
    with pytest.raises(Refused) as refusal:
        read(data)
    assert refusal.value.code == code


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(tables, "MOST_UNPACKED", 100)

    with pytest.raises(Refused) as refusal:
        read(write(["a"], [["b"]], format="xlsx"))

    assert refusal.value.code == "sheet.large"


def test_a_text_too_long_for_a_workbook_is_never_cut():
    with pytest.raises(Refused) as refusal:
        write(["a"], [["x" * 32_768]], format="xlsx")

    assert refusal.value.code == "sheet.long"


def test_workbooks_keep_dates_numbers_and_flags_as_they_are_read():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["day", "number", "flag"])
        sheet.write_datetime(2, 0, date(2026, 5, 31), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_number(2, 1, 90.0)
        sheet.write_boolean(2, 2, True)

    assert read(out.getvalue()).rows == [(3, ["2026-05-31", "90", "yes"])]


@pytest.mark.parametrize(
    ("text", "number"), [("1.50", 1.5), ("-3", -3), ("1_0", None), ("１２", None), ("nan", None), ("1e999", None)]
)
def test_only_plain_digits_are_numbers(text, number):
    assert number_of(text) == number


def test_yes_and_no_are_read_as_people_write_them():
    assert [yes_or_no(word) for word in ("예", "YES", "O", "아니요", "n", "maybe", "")] == [
        True, True, True, False, False, None, None,
    ]  # fmt: skip
