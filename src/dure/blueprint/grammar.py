"""The grammar of the three files: every key of a blueprint, a programme and an agreement (appendix A, H, I)."""

from dure.blueprint.document import Node, Scalar, Sequence
from dure.blueprint.grammar_stage import STAGE
from dure.blueprint.model import PARTY_KINDS, Ability, Subject, Value
from dure.blueprint.records import EitherShape, Key, RecordShape, Variant, may, must
from dure.blueprint.scalars import (
    ANY_NUMBER,
    DATE,
    DURATION,
    FLAG,
    NAME,
    POSITIVE,
    REFERENCES,
    SEED,
    TEXT,
    TITLE,
    WHOLE,
)
from dure.blueprint.shapes import (
    Json,
    ListShape,
    NameShape,
    NumberShape,
    OrBind,
    Report,
    TableShape,
    WordShape,
    by_key,
    itself,
)

# --- parties, roles -----------------------------------------------------------------------------------------

PARTY = RecordShape(
    {
        "kind": must(WordShape(PARTY_KINDS), "what sort of organisation it is"),
        "as": may(TEXT, "its part, shown only"),
        "bind": may(FLAG, "true: the programme says which organisation it is"),
        "count": may(POSITIVE, "exactly so many organisations"),
        "min": may(POSITIVE, "at least so many organisations"),
    }
)
PARTIES = TableShape(PARTY, NAME)
ROLE = RecordShape(
    {
        "at": must(REFERENCES, "the party or parties whose people hold it, or any"),
        "can": must(ListShape(WordShape(tuple(Ability)), least=1, distinct=itself), "what its holders can do"),
        "holds": may(TEXT, "a credential one must hold"),
        "found": may(WordShape(("match", "call")), "how holders are found; left out: named by the party"),
    }
)
NEED = RecordShape(
    {
        "skill": must(NAME, "a skill"),
        "level": must(NumberShape(least=1, most=5), "the level needed, 1 to 5"),
    }
)

# --- measures, rehearsal ------------------------------------------------------------------------------------

MEASURE = RecordShape(
    {
        "id": must(NAME, "its name"),
        "title": must(TEXT, "what people read"),
        "is": must(TEXT, "an expression or a number"),
        "by": may(TEXT, "stage.field: one value for each value of the field"),
        "bands": may(ListShape(ANY_NUMBER, least=1), "cuts that rise, for a number field"),
        "source": may(TEXT, "where a number comes from"),
        "target": may(ANY_NUMBER, "what is aimed at"),
    },
    needs={"bands": "by"},
)


class SpreadShape:
    """What a rehearsal draws from: a constant, ``[lo, hi]``, or a list of scalars (BP803)."""

    def read(self, node: Node, report: Report) -> Value | tuple[Value, ...]:
        if isinstance(node, Scalar) and node.value is not None:
            return node.value
        if isinstance(node, Sequence) and node.items and all(isinstance(item, Scalar) for item in node.items):
            values = tuple(item.value for item in node.items if isinstance(item, Scalar))
            if not _falls(values):
                return values
        report.flaw(
            node.mark,
            "BP803",
            ko="뽑을 값이 아닙니다. 값 하나, [작은 수, 큰 수], 또는 값의 목록을 쓰세요.",
            en="This is not a spread: write one value, [low, high], or a list of values.",
        )
        return ()

    def schema(self) -> Json:
        one: Json = {"type": ["string", "number", "boolean"]}
        return {"anyOf": [one, {"type": "array", "minItems": 1, "items": {"type": [*one["type"], "null"]}}]}


def is_range(values: tuple[Value, ...]) -> bool:
    """Whether a list of two is ``[lo, hi]``: two numbers."""
    return len(values) == 2 and all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)


def _falls(values: tuple[Value, ...]) -> bool:
    return is_range(values) and values[0] > values[1]  # type: ignore[operator] # both are numbers


class BoundShape:
    """One value to bind: a whole number, or text (a date stays as written)."""

    def read(self, node: Node, report: Report) -> int | str:
        if isinstance(node, Scalar) and isinstance(node.value, int) and not isinstance(node.value, bool):
            return node.value
        return TEXT.read(node, report)

    def schema(self) -> Json:
        return TEXT.schema()


BOUND = EitherShape(BoundShape(), ListShape(TEXT, least=1, distinct=itself))
SPREADS = TableShape(SpreadShape())
REHEARSE = RecordShape(
    {
        "entries": must(POSITIVE, "how many cases"),
        "facts": may(SPREADS, "profile facts and answers: name: spread"),
        "evidence": may(SPREADS, "stage.field: spread"),
        "external": may(TableShape(WHOLE), "stage: how many bring proof"),
        "bind": may(TableShape(BOUND), "values for what a programme would bind, but parties and dates"),
        "expect": may(ListShape(TEXT), "comparisons that must hold"),
    }
)

# --- the three files ----------------------------------------------------------------------------------------

_BY_SUBJECT: dict[str, dict[str, Key]] = {str(subject): {} for subject in Subject}
_BY_SUBJECT["item"] = {"item": must(NAME, "what sort of thing travels, such as problem")}
BLUEPRINT = RecordShape(
    {
        "blueprint": must(NAME, "its name"),
        "title": must(TITLE, "its title in English and Korean"),
        **SEED,
        "subject": must(WordShape(tuple(Subject)), "who or what travels through the stages"),
        "parties": must(PARTIES, "name: party"),
        "roles": may(TableShape(ROLE, NAME), "name: role"),
        "needs": may(ListShape(NEED, distinct=by_key("skill")), "skills needed, for openings and reskilling"),
        "stages": must(ListShape(STAGE, least=1, distinct=by_key("id")), "the stages in order"),
        "measures": may(ListShape(MEASURE, distinct=by_key("id")), "live figures on the programme's page"),
        "words": may(TableShape(TITLE), "id: what people read instead of it"),
        "rehearse": may(REHEARSE, "a made-up cohort and what must come out of it"),
    },
    Variant("subject", _BY_SUBJECT),
)
ANY_TITLE = EitherShape(TEXT, TITLE, lambda title: {"en": title, "ko": title} if isinstance(title, str) else title)
PROGRAMME = RecordShape(
    {
        "programme": must(NameShape(digit_first=True), "its name"),
        "blueprint": must(TEXT, "the blueprint it is made from"),
        "title": may(ANY_TITLE, "its title"),
        **SEED,
        "zone": may(TEXT, "an IANA time zone; default Asia/Seoul"),
        "bind": may(TableShape(BOUND), "bind name: value"),
    }
)
AGREEMENT_KINDS = ("mou", "contract", "partnership", "joint-centre", "membership", "sponsorship", "consortium",
                   "cooperation", "framework")  # fmt: skip
DUTY = RecordShape(
    {
        "id": may(NAME, "its name, needed where due is bind"),
        "by": must(REFERENCES, "the party or parties that owe it"),
        "does": must(TEXT, "what is owed"),
        "measure": may(TEXT, "a comparison; left out: an operator records it"),
        "due": may(OrBind(DATE), "until when; left out: the agreement's end"),
    }
)
AGREEMENT = RecordShape(
    {
        "agreement": must(NAME, "its name"),
        "kind": must(WordShape(AGREEMENT_KINDS), "what sort of agreement"),
        "title": may(ANY_TITLE, "its title"),
        **SEED,
        "goal": may(TEXT, "what it is for"),
        "where": may(TEXT, "where it was signed"),
        "parties": must(PARTIES, "name: party"),
        "signed": may(DATE, "when it was signed"),
        "for": may(DURATION, "how long it runs"),
        "covers": must(ListShape(TEXT, least=1, distinct=itself), "blueprints or programmes"),
        "duties": may(ListShape(DUTY, distinct=by_key("id")), "who promised what"),
        "bind": may(TableShape(BOUND), "bind name: value"),
    }
)
