"""BP0 and BP1: files that cannot be read, and values of the wrong shape."""

import pytest

from dure.blueprint.lint import lint_text
from tests.blueprint.marked import ALONE, HEAD, PARTIES, apply, assert_flaws_as_marked, blueprint, flaws, then

SOUND = blueprint(apply())
GATED = blueprint(apply("gate: [{decide: {role: judge}}]"))

UNREADABLE = {
    "empty": "‹BP001›",
    "only a comment": "‹BP001›# nothing",
    "a list": "‹BP001›- a\n- b",
    "a word": "‹BP001›hello",
    "not yaml": "a: 1\n  b‹BP001›: 2",
    "brackets left open": "a: [1, 2\n‹BP001›",
    "two documents": SOUND + "‹BP001›---\nblueprint: other\n",
    "a list as a key": "‹BP001›[a, b]: 1",
    "control character": "a: ‹BP001›\x07",
    "key twice": SOUND.replace("subject: person", "subject: person\n‹BP002›subject: team"),
    "key twice, once quoted": SOUND.replace("kind: form", 'kind: form\n    ‹BP002›"kind": test'),
    "key twice in brackets": SOUND.replace("{en: Made, ko", "{en: Made, ‹BP002›en: Twice, ko"),
    "tab between key and value": SOUND.replace("entry: open", "entry:‹BP003›\topen"),
    "tab as indentation": SOUND.replace("    entry: open", "‹BP003›\tentry: open"),
    "tab in a comment": SOUND + "#‹BP003›\tno\n",
    "two tabs apart": "a:‹BP003›\t1\nb:‹BP003›\t2\n",
    "anchor": SOUND.replace("entry: open", "entry: ‹BP004›&way open"),
    "alias": SOUND.replace("entry: open", "entry: ‹BP004›*way"),
    "tag": SOUND.replace("entry: open", "entry: ‹BP004›!!str open"),
    "own tag": SOUND.replace("{en: Made", "‹BP004›!title {en: Made"),
    "merge key": SOUND.replace("entry: open", "‹BP004›<<: {entry: open}"),
    "several at once": "a: ‹BP004›&x 1\n‹BP002›a:‹BP003›\t2\n",
    "too deep": "a: " + "[" * 19 + "‹BP005›[1]" + "]" * 19,
}


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_file_that_cannot_be_read_is_refused(text):
    assert_flaws_as_marked(text)


def test_not_utf8_is_refused_at_the_byte():
    found = lint_text("a: 한\n".encode() + b"b: \xb0\xa1", "f.yaml", ALONE)
    assert [(f.code, f.line, f.column) for f in found] == [("BP001", 2, 4)]


def test_over_one_mebibyte_is_refused():
    found = lint_text(SOUND.encode() + b"#" * 1024 * 1024, "f.yaml", ALONE)
    assert [(f.code, f.line, f.column) for f in found] == [("BP005", 1, 1)]


SHAPES = {
    "unknown key": SOUND + "‹BP101›stagess: []\n",
    "unknown key in a stage": blueprint(apply("‹BP101›gates: []")),
    "unknown key in a step": blueprint(apply("gate: [{decide: {role: judge, ‹BP101›taek: 1}}]")),
    "key of another kind": blueprint(apply("do: {‹BP101›metric: accuracy}")),
    "item without the subject item": SOUND + "‹BP101›item: problem\n",
    "key missing at the top": "‹BP102›blueprint: made\ntitle: {en: a, ko: b}\nsubject: person\nparties: {}\n",
    "title without Korean": SOUND.replace("{en: Made, ko: 만든 것}", "‹BP102›{en: Made}"),
    "do missing": blueprint(then("‹BP102›id: a", "kind: learn", "entry: open")),
    "item missing": SOUND.replace("subject: person", "subject: item").replace("blueprint:", "‹BP102›blueprint:"),
    "amount without unit": blueprint(apply("provides: [‹BP102›{type: compute, from: lead, amount: 1}]")),
    "conflicts left out": blueprint(
        apply("gate: [{panel: ‹BP102›{role: judge, rubric: {a: 100}, each: 1}}]"),
    ),
    "payments without months": blueprint(
        apply("gives: [{money: ‹BP102›{type: pay, amount: 1, from: lead, every: 1m}}]"),
    ),
    "bands without by": blueprint(apply(), rest="measures: [‹BP102›{id: m, title: M, is: 1, bands: [1]}]"),
    "text where a list belongs": blueprint(apply("gate: ‹BP103›decide")),
    "list where text belongs": SOUND.replace("entry: open", "entry: ‹BP103›[open]"),
    "null where text belongs": blueprint(apply("do: {what: ‹BP103›~}")),
    "nothing where a list belongs": blueprint(apply("gives:‹BP103›")),
    "yes is no flag": blueprint(
        then("id: a", "kind: test", "entry: open", "do: {type: exam, by: judge, proctor: ‹BP103›yes}")
    ),
    "quoted number": blueprint(apply('options: [a]\nchoose: ‹BP103›"1"')),
    "leading zero": blueprint(apply("options: [a]\nchoose: ‹BP103›01")),
    "decimal where a whole number belongs": blueprint(apply("gate: [{rank: {by: files, take: ‹BP103›1.5}}]")),
    "a rule alone": blueprint(apply("gate: [{rule: ‹BP103›age >= 19}]")),
    "a question of two pairs": blueprint(apply("do: {ask: [‹BP103›{a: text, b: text}]}")),
    "entry of no known word": SOUND.replace("entry: open", "entry: ‹BP104›opened"),
    "kind of no known word": SOUND.replace("kind: form", "kind: ‹BP104›forms"),
    "on is a word, not a flag": SOUND.replace("entry: open", "entry: ‹BP104›on"),
    "ability of no known word": SOUND.replace("[review, decide]", "[‹BP104›reviews, decide]"),
    "question of no known type": blueprint(apply("do: {ask: [{a: ‹BP104›integer}]}")),
    "level over 5": SOUND + "needs: [{skill: ai, level: ‹BP105›6}]\n",
    "take of nobody": blueprint(apply("gate: [{rank: {by: files, take: ‹BP105›0}}]")),
    "negative": blueprint(apply("do: {fee: ‹BP105›-1}")),
    "pass over 100": GATED.replace(
        "{decide: {role: judge}}", "{panel: {role: judge, rubric: {a: 100}, each: 1, pass: ‹BP105›101, conflicts: []}}"
    ),
    "no stages": f"{HEAD}subject: person\n{PARTIES}stages: ‹BP105›[]\n",
    "no rules": blueprint(apply("gate: [{rule: ‹BP105›[]}]")),
    "capital letters": SOUND.replace("blueprint: made", "blueprint: ‹BP106›Made"),
    "two hyphens": SOUND.replace("id: apply", "id: ‹BP106›app--ly"),
    "digit first": SOUND.replace("id: apply", "id: ‹BP106›1st"),
    "Korean name": SOUND.replace("  judge:", "  ‹BP106›심사:"),
    "underscore": blueprint(apply("options: [‹BP106›a_b]")),
    "reserved it": SOUND.replace("id: apply", "id: ‹BP106›it"),
    "reserved parties": blueprint(apply(), rest="measures: [{id: ‹BP106›parties, title: P, is: 1}]"),
    "stage id twice": blueprint(apply() + then("id: ‹BP107›apply", "kind: form")),
    "measure id twice": blueprint(
        apply(), rest="measures: [{id: m, title: M, is: 1}, {id: ‹BP107›m, title: M, is: 2}]"
    ),
    "question twice": blueprint(apply("do: {ask: [why, ‹BP107›{why: number}]}")),
    "option twice": blueprint(apply("options: [a, ‹BP107›a]")),
    "party and role of one name": SOUND.replace("  judge:", "  ‹BP107›lead:"),
    "step of two sorts": blueprint(apply("gate: [‹BP108›{decide: {role: judge}, rank: {by: files, take: 1}}]")),
    "step of no sort": blueprint(apply("gate: [‹BP108›{}]")),
    "give of two sorts": blueprint(apply("gives: [‹BP108›{role: {role: judge}, spawn: {blueprint: made}}]")),
    "money of two sorts": blueprint(apply("gives: [{money: ‹BP108›{type: a, from: lead, amount: 1, pool: 2}}]")),
    "money of no sort": blueprint(apply("gives: [{money: ‹BP108›{type: a, from: lead}}]")),
    "several at once": SOUND.replace("kind: form", "kind: ‹BP104›forms").replace("entry: open", "‹BP101›enter: open"),
}


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES)
def test_wrong_shape_is_refused(text):
    assert_flaws_as_marked(text)


def test_wrong_shape_is_not_looked_at_further():
    text = blueprint(apply("gate: [{decide: {role: nobody}}]\n‹BP101›foo: 1"))
    assert_flaws_as_marked(text)


NEAR_MISSES = {
    "byte order mark": "\ufeff" + SOUND,
    "windows line ends": SOUND.replace("\n", "\r\n"),
    "end mark": SOUND + "...\n",
    "start mark": "---\n" + SOUND,
    "note in every mapping": SOUND.replace("{en: Made,", "{note: n, en: Made,")
    .replace("lead: {", "note: n\n  lead: {note: 7, ")
    .replace("entry: open", "entry: open\n    note: on\n    do: {note: yes}")
    .replace("roles:\n", "roles:\n  note: n\n"),
    "words that YAML 1.1 takes for flags": SOUND.replace("kind: company", "kind: company, as: on").replace(
        "kind: university", "kind: university, as: no"
    ),
    "number as text": SOUND.replace("kind: company", "kind: company, as: 2024"),
    "flag as text": SOUND.replace("kind: company", "kind: company, as: true"),
    "empty lists": blueprint(apply("gate: []\ngives: []\nprovides: []\nafter: []")),
    "one party without brackets": SOUND.replace("at: lead", "at: [lead, school]"),
    "escaped tab": SOUND.replace("en: Made", 'en: "a\\tb"'),
    "ampersand and star in text": SOUND.replace("en: Made", "en: a & b * c ! d"),
    "twenty deep": SOUND + "note: deep\n",
}


@pytest.mark.parametrize("text", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_near_miss_is_sound(text):
    assert flaws(text) == []


def test_sentence_suggests_the_nearest_key_in_both_languages():
    (flaw,) = lint_text((SOUND + "mesures: []\n").encode(), "f.yaml", ALONE)
    assert ("measures" in flaw.text.en, "measures" in flaw.text.ko) == (True, True)
    assert str(flaw).startswith("f.yaml:14:1: BP101: 'mesures' is not a key here. Did you mean measures?")
