"""Rehearsals: who comes through, how units form, what is given; the starter library holds what it expects."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dure.blueprint.library import load_blueprint
from dure.blueprint.rehearsal import rehearse
from dure.cli import main
from dure.core.errors import Refused

ROOT = Path(__file__).parents[2]
LIBRARY = sorted((ROOT / "blueprints").glob("*.yaml"))


HEAD = "blueprint: made-up\ntitle: {en: Made up, ko: 가상}\nparties: {host: {kind: company}}"
ROLES = "roles: {head: {at: host, can: [decide, review, mentor, supervise]}}"


def played(stages, rehearse_="{entries: 6}", *, subject="person", extra="", cases=None, **more):
    text = f"{HEAD}\nsubject: {subject}\n{ROLES}\n{extra}\nstages:\n{stages}\nrehearse: {rehearse_}\n"
    return rehearse(load_blueprint(text.encode()), cases=cases, **more)


def flow(outcome):
    return {stage.id: (stage.entered, stage.passed, stage.out) for stage in outcome.stages}


# --- the library ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", LIBRARY, ids=lambda file: file.stem)
def test_every_expectation_of_the_library_holds(file):
    outcome = rehearse(load_blueprint(file))

    assert [checked.text for checked in outcome.expect if not checked.holds] == []


def test_the_same_file_cases_and_seed_give_the_same_outcome():
    blueprint = load_blueprint(LIBRARY[5])
    first, second = (rehearse(blueprint, cases=50, seed=3).as_json() for _ in range(2))

    assert {**first, "seconds": 0} == {**second, "seconds": 0}
    assert list(first) == [
        "blueprint", "cases", "seed", "seconds", "stages", "money", "credentials", "privileges", "published",
        "spawned", "roles", "provided", "measures", "expect",
    ]  # fmt: skip


# --- who comes through ------------------------------------------------------------------------------------------

APPLY = "  - {id: apply, kind: form, entry: open, gate: [{decide: {role: head, take: 4}}]}\n"


def test_those_who_did_not_pass_may_have_a_stage_of_their_own():
    outcome = played(
        f"{APPLY}"
        '  - {id: again, kind: form, after: ["apply:out"]}\n'
        "  - {id: all, kind: form, after: [apply, again], join: any}"
    )

    assert flow(outcome) == {"apply": (6, 4, 2), "again": (2, 2, 0), "all": (6, 6, 0)}
    assert outcome.stages[0].reasons == {"decide.full": 2}


def test_joining_all_asks_for_every_one():
    second = "  - {id: other, kind: form, after: [], entry: open, gate: [{decide: {role: head, take: 2}}]}\n"

    assert flow(played(APPLY + second + "  - {id: both, kind: form, after: [apply, other]}"))["both"] == (2, 2, 0)


def test_teams_form_in_order_and_a_rest_too_small_stays_behind():
    teams = "  - {id: build, kind: form, team: {min: 2, max: 3}}\n  - {id: alone, kind: form, unit: person}"

    outcome = played("  - {id: apply, kind: form, entry: open}\n" + teams, "{entries: 7}")

    assert flow(outcome) == {"apply": (7, 7, 0), "build": (2, 2, 0), "alone": (6, 6, 0)}


def test_a_team_keeps_whoever_of_it_came_through():
    stages = (
        "  - {id: build, kind: form, entry: open, team: {min: 2, max: 3}}\n"
        "  - {id: exam, kind: test, unit: person, do: {type: exam, by: head}, gate: [{rank: {by: score, take: 4}}]}\n"
        "  - {id: talk, kind: form, unit: team, gives: [{credential: {name: Speaker, type: badge}}]}"
    )

    outcome = played(stages, '{entries: 6, evidence: {"exam.score": 50}}')

    assert flow(outcome) == {"build": (2, 2, 0), "exam": (6, 4, 2), "talk": (2, 2, 0)}
    assert outcome.credentials == {"Speaker": 4}


def test_a_teams_earlier_facts_must_hold_for_every_member():
    stages = (
        "  - {id: quiz, kind: form, entry: open, do: {ask: [{level: number}]}}\n"
        '  - {id: build, kind: form, team: {min: 1, max: 2}, gate: [{rule: ["level >= 1"]}]}'
    )

    outcome = played(stages, "{entries: 40, facts: {level: [0, 1]}}")

    entered, passed, out = flow(outcome)["build"]
    assert (entered, passed + out) == (20, 20)
    assert 0 < passed < 12


def test_everybody_takes_the_next_option():
    stages = (
        "  - {id: pick, kind: form, entry: open, options: [a, b, c], gives: [{publish: {type: option, where: hub}}]}"
    )

    assert played(stages, "{entries: 7}").published == {"a": 3, "b": 2, "c": 2}


def test_items_travel_without_persons():
    outcome = played(
        "  - {id: offer, kind: form, entry: open}",
        '{entries: 3, expect: ["people(offer) = 0", "in(offer) = 3"]}',
        subject="item",
        extra="item: asset",
    )

    assert outcome.holds


# --- what is given ----------------------------------------------------------------------------------------------

RACE = (
    "  - {{id: race, kind: round, entry: open, do: {{metric: accuracy}}, gate: [{{rank: {{by: score, take: 3}}}}],"
    " gives: [{{money: {{from: host, {0}}}}}]}}"
)


@pytest.mark.parametrize(
    ("money", "paid"),
    [
        ("type: prize, ranks: [50, 30, 20]", 100),
        ("type: prize, ranks: [50, 30]", 80),
        ("type: prize, pool: 100", 100),
        ("type: prize, amount: 7", 21),
        ("type: prize, amount: 7, to: entrants", 42),
        ("type: prize, amount: 7, months: 12, every: 3m", 84),
    ],
)
def test_money_by_kind(money, paid):
    assert played(RACE.format(money)).money == {"prize": paid}


def test_fewer_turns_than_prizes_leave_the_rest_unpaid():
    assert played(RACE.format("type: prize, ranks: [50, 30, 20]"), cases=2).money == {"prize": 80}
    assert played(RACE.format("type: prize, pool: 100"), cases=0).money == {"prize": 0}


def test_role_holders_are_those_of_the_latest_stage_taken():
    stages = (
        "  - {id: try, kind: project, entry: open, do: {topic: own, with: {head: 3}, milestones: [end]},"
        " gate: [{decide: {role: head, take: 4}}]}\n"
        '  - {id: again, kind: project, after: ["try:out"], do: {topic: own, with: {head: 5}, milestones: [end]}}\n'
        "  - {id: share, kind: form, after: [try, again], join: any, gives: ["
        "{credential: {name: Helper, type: badge, to: head}},"
        " {money: {from: host, type: reward, amount: 9, to: head}}]}"
    )

    outcome = played(stages)

    assert outcome.credentials == {"Helper": 4 * 3 + 2 * 5}
    assert outcome.money == {"reward": 6 * 9}


def test_provisions_count_turns_cases_or_once():
    stages = (
        "  - {id: apply, kind: form, entry: open}\n"
        "  - {id: build, kind: form, team: {min: 1, max: 2}, provides: ["
        "{type: compute, from: host, amount: 10, unit: hour, per: unit},"
        "{type: space, from: host, amount: 2, unit: room, per: entry},"
        "{type: advice, from: host, amount: 1.5, unit: day}, {type: data, from: host}]}"
    )

    assert played(stages).provided == {"compute": 30, "space": 12, "advice": 1.5}


def test_groups_count_their_own_turns_and_shares():
    stages = (
        "  - {id: apply, kind: form, entry: open, options: [a, b], do: {ask: [{size: number}]}}\n"
        "  - {id: build, kind: form, team: {min: 1, max: 2},"
        " gives: [{money: {from: host, type: fund, amount: 5, to: entrants}}]}"
    )
    measures = (
        "measures:\n"
        '  - {id: fund, title: Fund, is: "money(fund)", by: apply.option}\n'
        '  - {id: size, title: Size, is: "in(apply)", by: apply.size, bands: [50]}'
    )

    outcome = played(stages, '{entries: 4, evidence: {"apply.size": 50}}', extra=measures)

    assert outcome.measures == {"fund[a]": 6, "fund[b]": 4, "size[50..]": 4}


def test_means_are_exact_decimals():
    stages = "  - {id: race, kind: round, entry: open, do: {metric: accuracy}}"
    expect = (
        '{entries: 3, evidence: {"race.score": 0.1}, expect: ["sum(race, score) = 0.3", "mean(race, score) = 0.1"]}'
    )

    assert played(stages, expect).holds


# --- refusals and size ------------------------------------------------------------------------------------------


def test_nothing_can_be_rehearsed_without_a_number_of_cases():
    text = f"{HEAD}\nsubject: person\nstages:\n  - {{id: apply, kind: form, entry: open}}\n"
    blueprint = load_blueprint(text.encode())

    with pytest.raises(Refused) as refused:
        rehearse(blueprint)

    assert refused.value.code == "rehearse.unplanned"
    assert flow(rehearse(blueprint, cases=2)) == {"apply": (2, 2, 0)}


def test_what_nobody_bound_is_refused():
    stages = "  - {id: apply, kind: form, entry: open, gives: [{money: {from: host, type: fee, amount: bind}}]}"

    with pytest.raises(Refused) as refused:
        played(stages)

    assert refused.value.code == "blueprint.unbound"
    assert played(stages, bind={"fee": 2}).money == {"fee": 12}


def test_a_million_cases_take_seconds_and_little_memory():
    play = (
        "import resource; from pathlib import Path; from dure.blueprint.library import load_blueprint;"
        "from dure.blueprint.rehearsal import rehearse;"
        f"rehearse(load_blueprint(Path({str(LIBRARY[5])!r})), cases=1_000_000);"
        "used = resource.getrusage(resource.RUSAGE_SELF); print(used.ru_utime + used.ru_stime, used.ru_maxrss)"
    )

    told = subprocess.run([sys.executable, "-c", play], capture_output=True, text=True, check=True).stdout.split()

    assert float(told[0]) < 5
    assert int(told[1]) < 2 * 1024 * 1024


# --- the command ------------------------------------------------------------------------------------------------


def test_the_command_prints_one_json_document(capsys):
    code = main(["rehearse", str(LIBRARY[5]), "--json", "--cases", "40", "--seed", "1"])

    told = json.loads(capsys.readouterr().out)
    assert (code, told["cases"], told["seed"]) == (0, 40, 1)


def test_expectations_decide_at_the_files_own_size(tmp_path, capsys):
    file = tmp_path / "apply.yaml"
    file.write_text(
        f"{HEAD}\nsubject: person\nstages:\n"
        '  - {id: apply, kind: form, entry: open}\nrehearse: {entries: 3, expect: ["in(apply) = 4"]}\n'
    )

    codes = [main(["rehearse", str(file)]), main(["rehearse", str(file), "--cases", "5"])]

    assert codes == [1, 0]
    assert "NO" in capsys.readouterr().out


def test_a_programme_rehearses_with_what_it_binds(capsys):
    assert main(["rehearse", str(ROOT / "programmes" / "vaiv-2024.yaml"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["blueprint"] == "genai-research-talent"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, 2),
        ("blueprint: [", 3),
        ("agreement: a\nkind: mou\nparties: {host: {kind: company}}\ncovers: [lg-aimers]\n", 3),
    ],
)
def test_what_cannot_be_rehearsed_says_why(tmp_path, capsys, text, code):
    file = tmp_path / "file.yaml"
    if text:
        file.write_text(text)

    assert main(["rehearse", str(file)]) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err
