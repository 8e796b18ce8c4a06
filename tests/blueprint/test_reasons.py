"""Reasons and gates in plain words: exact, in both languages, and never a code."""

from pathlib import Path

import pytest

from dure.blueprint.library import load_blueprint
from dure.blueprint.reasons import fact_text, gate_text, reason_text
from dure.blueprint.rehearsal import rehearse
from dure.core.text import Text

LIBRARY = sorted((Path(__file__).parents[2] / "blueprints").glob("*.yaml"))
MADE = load_blueprint(
    """
blueprint: made-up
title: {en: Made up, ko: 가상}
subject: person
parties: {host: {kind: company}, journal: {kind: association}}
roles: {head: {at: host, can: [decide, review]}}
words: {head: {en: Head of the lab, ko: 연구소장}, journal: {en: Journal, ko: 학술지}, art: {en: Arts, ko: 예술}}
stages:
  - id: apply
    kind: form
    entry: open
    options: [a, b]
    do: {ask: [{due: date}, {capital: number}, {field: [art, law]}]}
    gate:
      - rule: ["age >= 19", "age <= 29", "degree has graduate", "field != art"]
      - rule: ["due > 2030-01-01", "capital >= 300000000"]
      - rank: {by: capital, take: 20, per: option}
      - panel: {role: head, rubric: {rigour: 60, use: 40}, each: 3, pass: 70, take: 5, conflicts: []}
      - {external: {body: journal, proof: paper-id}, for: [b]}
      - decide: {role: head, take: 1}
""".encode()
)
APPLY = MADE.stages[0]


@pytest.mark.parametrize(
    ("code", "values", "ko", "en"),
    [
        ("rule.age", {"age": 17}, "나이: 19세 이상이어야 하는데 17세입니다.", "Age must be at least 19, but is 17."),
        ("rule.age", {"age": 31}, "나이: 29세 이하여야 하는데 31세입니다.", "Age must be at most 29, but is 31."),
        (
            "rule.age",
            {},
            "나이: 19세 이상이고 29세 이하여야 합니다.",
            "Age must be at least 19 and at most 29.",
        ),
        (
            "rule.field",
            {"field": "art"},
            "field: ‘예술’이 아니어야 하는데 예술입니다.",
            "Field must not be “Arts”, but is Arts.",
        ),
        (
            "rule.capital",
            {"capital": 250000000},
            "capital: 300,000,000 이상이어야 하는데 250,000,000입니다.",
            "Capital must be at least 300,000,000, but is 250,000,000.",
        ),
        (
            "rule.due",
            {},
            "due: 2030-01-01보다 늦어야 합니다.",
            "Due must be later than 2030-01-01.",
        ),
        (
            "missing.age",
            {},
            "나이: 확인된 값이 없어 통과하지 못했습니다. 빠진 내용이 있는지 운영자에게 문의하세요.",
            "Age: nothing is known of it, so this could not pass. Ask the operator what is lacking.",
        ),
        (
            "rank",
            {},
            "선택 항목별 capital 순위가 상위 20명 안에 들지 못했습니다.",
            "The ranking by capital left this outside the first 20 people of each option.",
        ),
        (
            "panel",
            {"mark": 63.5},
            "심사 평균이 기준인 70점에 미치지 못했습니다(평균 63.5점).",
            "The panel's mean mark is below the 70 that it takes to pass (it is 63.5).",
        ),
        (
            "panel.full",
            {},
            "심사 기준은 넘었지만 상위 5명 안에 들지 못했습니다.",
            "The panel's mark is high enough to pass, but this is not among the first 5 people.",
        ),
        (
            "decide",
            {"reason": "서류가 부족합니다."},
            "연구소장의 승인을 받지 못했습니다. 사유: 서류가 부족합니다.",
            "The head of the lab did not say yes. Reason: 서류가 부족합니다.",
        ),
        ("decide.full", {}, "정원(1명)이 모두 찼습니다.", "All places (1 person) are taken."),
        (
            "external",
            {},
            "학술지에서 발급한 증빙(paper id)이 확인되지 않았습니다.",
            "The proof (paper id) from Journal was not verified.",
        ),
        ("not-handed-in", {}, "기한 안에 제출되지 않았습니다.", "Nothing was handed in before the window closed."),
        ("not-opened", {}, "기한 안에 참여가 시작되지 않았습니다.", "It was not begun before the window closed."),
    ],
)
def test_every_reason_has_its_sentence(code, values, ko, en):
    assert reason_text(MADE, APPLY, code, values=values) == Text(ko=ko, en=en)


def test_a_gate_is_told_step_by_step():
    assert [text.en for text in gate_text(MADE, APPLY)][4:] == [
        "Capital must be at least 300,000,000.",
        "The top 20 people by capital pass, in each option.",
        "3 reviewers mark it (rigour 60, use 40). Of those with a mean of 70 or more, the top 5 people pass.",
        "[b] Passes when the proof (paper id) from Journal is verified.",
        "Passes when the head of the lab says yes. There is room for 1 person.",
    ]


def test_a_fact_of_another_stage_names_the_stage():
    assert fact_text(MADE, "apply.score") == Text(ko="apply – 점수", en="apply – score")


def test_a_team_reads_every_members_value():
    told = reason_text(MADE, APPLY, "rule.age", values={"age": [20, 17]})

    assert told.en == "Age must be at least 19, but is 20, 17."


@pytest.mark.parametrize("file", LIBRARY, ids=lambda file: file.stem)
def test_no_applicant_of_the_library_reads_a_code(file):
    blueprint = load_blueprint(file)

    for counted in rehearse(blueprint).stages:
        stage = blueprint.stage(counted.id)
        for code in counted.reasons:
            told = reason_text(blueprint, stage, code)
            assert told.en.endswith(".")
            assert told.ko.endswith(("니다.", "하세요."))
            assert code not in {told.ko, told.en}
        assert all(text.ko.endswith("니다.") for text in gate_text(blueprint, stage))


@pytest.mark.parametrize(
    ("gate", "ko", "en"),
    [
        ("- rule: [completion >= 1]", "이수율: 100%여야 합니다.", "Completion must be 100%."),
        ("- rule: [attendance >= 0.8]", "출석률: 80% 이상이어야 합니다.", "Attendance must be at least 80%."),
        ("- rule: [degree has master]", "학위: ‘석사’가 있어야 합니다.", "Degree must include “Master”."),
        ("- rule: [employer = hanbit]", "소속 기관: ‘한빛’이어야 합니다.", "Employer must be “Hanbit”."),
        ('- rule: ["year in 3, 4"]', "학년: 3, 4 중 하나여야 합니다.", "Year of study must be 3 or 4."),
        ("- rule: [votes >= 80]", "찬성 비율: 80 이상이어야 합니다.", "Votes in favour must be at least 80."),
        ("- rank: {by: ask.votes, take: 3}", "ask의 찬성 비율 상위 3명이 통과합니다.",
         "The top 3 people by votes in favour in ask pass."),
        ("[]", "과정을 마치면 통과합니다.", "Passes when the courses are done."),
    ],
)  # fmt: skip
def test_conditions_are_written_as_people_say_them(gate, ko, en):
    made = load_blueprint(
        f"""
blueprint: made-up
title: {{en: Made up, ko: 가상}}
subject: person
parties: {{host: {{kind: company}}}}
words: {{master: {{en: Master, ko: 석사}}, hanbit: {{en: Hanbit, ko: 한빛}}}}
stages:
  - {{id: ask, kind: form, entry: open, do: {{ask: [{{votes: number}}]}}}}
  - id: course
    kind: learn
    do: {{mode: online, items: [{{id: one, type: course}}]}}
    gate:
      {gate}
""".encode()
    )

    assert gate_text(made, made.stages[1]) == [Text(ko=ko, en=en)]
