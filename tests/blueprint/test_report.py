"""The manager's report: tables in one language, one page in both, nothing fetched from outside."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dure.blueprint.flow import width
from dure.blueprint.library import load_blueprint
from dure.blueprint.rehearsal import Outcome, rehearse
from dure.blueprint.report import as_text, tables
from dure.blueprint.report_page import as_page

ROOT = Path(__file__).parents[2] / "blueprints"
LIBRARY = sorted(ROOT.glob("*.yaml"))
VOID = {"meta", "input"}


class Balance(HTMLParser):
    """Every element that opens closes, in order."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        pass


def outcome_of(name):
    return rehearse(load_blueprint(next(ROOT.glob(f"{name}*"))))


def test_the_tables_tell_flow_money_work_and_expectations():
    titles = [table.title.en for table in tables(outcome_of("06"))]

    assert titles == [
        "Flow",
        "Why some did not pass",
        "Money",
        "Privileges",
        "Put at disposal",
        "Work by role (marks, decisions, proofs, seats)",
        "Expectations",
    ]


def test_the_work_of_a_panel_is_its_reviewers_marks():
    outcome = outcome_of("08")
    [work] = [table for table in tables(outcome) if table.title.en.startswith("Work")]

    assert dict(outcome.stages[1].work) == {"committee": 36, "supervisor": 12}
    assert [row[1] for row in work.rows] == ["36", "12"]


def test_korean_letters_stand_in_line():
    lines = as_text(outcome_of("06"), "ko").splitlines()
    flow = lines[lines.index("단계별 흐름") + 1 : lines.index("탈락 사유") - 1]

    assert len({width(line) for line in flow}) == 1


@pytest.mark.parametrize("file", LIBRARY, ids=lambda file: file.stem)
def test_an_outcome_that_was_kept_tells_the_same_again(file):
    outcome = rehearse(load_blueprint(file))

    kept = Outcome.of_record(outcome.blueprint, json.loads(json.dumps(outcome.as_record())))

    assert kept.as_json() == outcome.as_json()
    assert as_text(kept, "ko") == as_text(outcome, "ko")


@pytest.mark.parametrize("file", LIBRARY, ids=lambda file: file.stem)
def test_the_page_is_whole_and_asks_nothing_of_the_network(file):
    outcome = rehearse(load_blueprint(file))
    page = as_page(outcome)

    balance = Balance()
    balance.feed(page)
    assert balance.open == []
    assert re.findall(r"(?:src|href|url\()\s*=?", page) == []
    assert page.count('<rect class="box"') == len(outcome.stages)
    assert page.count('lang="en"') == page.count('lang="ko"') - 1


def test_what_a_file_says_is_escaped():
    text = (
        "blueprint: b\ntitle: {en: '<script>alert(1)</script>', ko: 비}\nsubject: person\n"
        "parties: {host: {kind: company}}\nstages:\n  - {id: apply, kind: form, entry: open}\n"
    )

    assert "<script" not in as_page(rehearse(load_blueprint(text.encode()), cases=2))
