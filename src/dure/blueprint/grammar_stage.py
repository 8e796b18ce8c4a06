"""The grammar of a stage, with what is done in it, its window, gate and gives (appendix B, C, D, E, G)."""

from dure.blueprint.document import Node, Scalar
from dure.blueprint.model import CONFLICTS, PARTY_KINDS, Entry, Unit
from dure.blueprint.records import EitherShape, RecordShape, Variant, may, must
from dure.blueprint.scalars import (
    ANY_NUMBER,
    DATE,
    DATE_OR_ASKED,
    DURATION,
    FLAG,
    MARK,
    NAME,
    NAMES,
    NUMBER,
    OPTIONS,
    POSITIVE,
    REFERENCES,
    RULE,
    TEXT,
    WHOLE,
)
from dure.blueprint.shapes import (
    NOTE,
    Json,
    ListShape,
    OrBind,
    Report,
    TableShape,
    TextShape,
    WordShape,
    by_key,
    itself,
)
from dure.core.text import Text

# --- do -----------------------------------------------------------------------------------------------------

WHAT = {"what": may(TEXT, "what is done, shown to people")}
WITH = {"with": may(TableShape(WHOLE), "role: exactly so many of one's own")}
QUESTION_TYPES = ("text", "number", "date", "yes-no", "words")


class QuestionShape:
    """``name``, ``{name: type}`` or ``{name: [choices]}``; read as ``{"name": …, "type": …}``."""

    answers = TableShape(EitherShape(WordShape(QUESTION_TYPES), ListShape(TEXT, least=1, distinct=itself)), NAME)

    def read(self, node: Node, report: Report) -> dict[str, object]:
        if isinstance(node, Scalar):
            return {"name": NAME.read(node, report), "type": "text"}
        typed = self.answers.read(node, report)
        if len(typed) != 1:
            report.wrong_type(node, ko="이름이나 ‘이름: 종류’ 하나가", en="a name, or one pair of name and type")
            return {"name": "", "type": "text"}
        name, type_ = typed.popitem()
        return {"name": name, "type": type_}

    def schema(self) -> Json:
        alone: Json = {"anyOf": [{"maxProperties": 1}, {"maxProperties": 2, "required": [NOTE]}]}
        return {"anyOf": [NAME.schema(), {**self.answers.schema(), "minProperties": 1, **alone}]}


FORM = RecordShape(
    {
        "ask": may(ListShape(QuestionShape(), distinct=by_key("name")), "what is asked: a name, or name: type"),
        "attach": may(NAMES, "files to attach"),
        "fee": may(OrBind(WHOLE), "whole won, paid before it is sent"),
        "lead": may(WordShape(PARTY_KINDS), "the kind of organisation that must lead a consortium"),
        **WHAT,
    }
)
ITEM = RecordShape(
    {
        "id": must(NAME, "its name"),
        "type": must(WordShape(("course", "module", "path", "lab", "outside")), "what sort of learning it is"),
        "by": may(TEXT, "a role or party that teaches it"),
        "source": may(TEXT, "where the material comes from"),
        "version": may(TEXT, "which version of the material"),
        "adapter": may(TEXT, "the role that fits the material to this programme"),
        "for": may(ListShape(TEXT, least=1, distinct=itself), "only for those who chose one of these options"),
        "credits": may(NUMBER, "credits earned"),
        "hours": may(NUMBER, "hours of teaching"),
        "skill": may(NAME, "the skill it teaches"),
    }
)
LEARN = RecordShape(
    {
        "mode": must(WordShape(("online", "offline", "blended")), "where it is taught"),
        "items": must(ListShape(ITEM, least=1, distinct=by_key("id")), "what is learned"),
        "skip": may(WordShape(("shown",)), "shown: items whose skill is shown already are skipped"),
        **WHAT,
    }
)
TEST = RecordShape(
    {
        "type": must(WordShape(("exam", "coding", "interview", "survey", "external")), "what sort of test it is"),
        "by": must(TEXT, "the role or party that gives the marks"),
        "minutes": may(POSITIVE, "how long it takes"),
        "proctor": may(FLAG, "whether it is watched"),
        **WHAT,
    }
)
ROUND = RecordShape(
    {
        "metric": must(TEXT, "how submissions are scored"),
        "daily": may(POSITIVE, "attempts a day"),
        "total": may(POSITIVE, "attempts in all"),
        "sealed": may(FLAG, "whether a final part is hidden until the close"),
        "code": may(WordShape(("none", "allowed", "required")), "whether code is handed in; default none"),
        "where": may(TEXT, "online, offline or a place"),
        "baseline": may(ANY_NUMBER, "the score to beat"),
        **WHAT,
    }
)
PROJECT = RecordShape(
    {
        "topic": must(WordShape(("own", "given")), "whose topic it is"),
        "milestones": must(ListShape(NAME, least=1, distinct=itself), "what is shown on the way"),
        **WITH,
        "reports": may(NAMES, "weekly, monthly, quarterly, annual: each period; other words once at the end"),
        "source": may(TEXT, "where the topic comes from"),
        "at": may(REFERENCES, "the party or parties that host it"),
        "budget": may(TEXT, "the money it is spent from"),
        **WHAT,
    }
)
KEEPS = ("attendance", "minutes", "votes", "contacts", "programme", "consultations", "recording")
EVENT = RecordShape(
    {
        "type": must(WordShape(("seminar", "workshop", "ceremony", "fair", "booth", "board")), "what sort of event"),
        "where": may(TEXT, "a place, online or hybrid"),
        "days": may(POSITIVE, "how many days"),
        "keeps": may(ListShape(WordShape(KEEPS), distinct=itself), "what is kept of it"),
        "to": may(TEXT, "for whom it is"),
        **WHAT,
    }
)
WORK_TYPES = ("internship", "dispatch", "hire", "assignment", "mentor", "maintain")
WORK = RecordShape(
    {
        "type": must(WordShape(WORK_TYPES), "what sort of work"),
        "at": may(TEXT, "the party that hosts it"),
        "to": may(TEXT, "for whom it is done"),
        "job": may(TEXT, "the job"),
        **WITH,
        **WHAT,
    }
)
DO = {"form": FORM, "learn": LEARN, "test": TEST, "round": ROUND, "project": PROJECT, "event": EVENT, "work": WORK}

# --- when, provides, gate -----------------------------------------------------------------------------------

WHEN = RecordShape(
    {
        "from": may(OrBind(DATE_OR_ASKED), "when it opens: a date, bind, or a date asked before"),
        "to": may(OrBind(DATE_OR_ASKED), "when it closes; a date without a time closes after its last moment"),
        "for": may(DURATION, "how long, from the opening; judged at the end"),
        "within": may(DURATION, "how long, from the turn's opening; judged whenever handed in"),
        "every": may(DURATION, "one occurrence a period"),
        "with": may(TEXT, "another stage with the same window"),
    }
)
PROVISION = RecordShape(
    {
        "type": must(WordShape(("compute", "data", "model", "facility", "space", "advice")), "what is provided"),
        "from": must(TEXT, "the party that provides it"),
        "what": may(TEXT, "what it is, shown to people"),
        "amount": may(OrBind(NUMBER), "how much; left out: not metered"),
        "unit": may(TEXT, "what the amount counts, such as gpu-hour"),
        "per": may(WordShape(("unit", "entry")), "unit: each turn; entry: each case; left out: shared by the stage"),
        "terms": may(TEXT, "terms that must be accepted"),
        "holds": may(TEXT, "a credential the user must hold"),
    },
    needs={"amount": "unit"},
)
RANK = RecordShape(
    {
        "by": must(TEXT, "a number fact, largest first"),
        "take": must(POSITIVE, "how many pass"),
        "per": may(WordShape(("option",)), "option: so many of each option"),
    }
)
PANEL = RecordShape(
    {
        "role": must(REFERENCES, "who reviews"),
        "rubric": must(TableShape(MARK), "criterion: weight; the weights add up to 100"),
        "each": must(POSITIVE, "reviewers a turn"),
        "pass": may(MARK, "the mark to pass, 0 to 100"),
        "take": may(POSITIVE, "at most so many pass"),
        "conflicts": must(ListShape(WordShape(CONFLICTS), distinct=itself), "who may not review; write [] for none"),
        "include": may(REFERENCES, "the case's own holder of this role takes a seat"),
    }
)
DECIDE = RecordShape(
    {
        "role": must(TEXT, "who decides"),
        "take": may(POSITIVE, "at most so many get a yes"),
        "says": may(TEXT, "the word for yes"),
        "reason": may(WordShape(("required",)), "required: a yes needs a reason too"),
        "checks": may(TEXT, "what is confirmed by deciding"),
    }
)
EXTERNAL = RecordShape({"body": must(TEXT, "who decides outside"), "proof": must(TEXT, "what proves it")})
STEPS = ("rule", "rank", "panel", "decide", "external")
STEP = RecordShape(
    {
        "rule": may(ListShape(RULE, least=1), "rules that must all hold"),
        "rank": may(RANK, "the first by a number pass"),
        "panel": may(PANEL, "reviewers mark by a rubric"),
        "decide": may(DECIDE, "a person says yes or no"),
        "external": may(EXTERNAL, "somebody outside decides; a proof is entered and verified"),
        "for": may(ListShape(TEXT, least=1, distinct=itself), "judges only turns with one of these options"),
    },
    one_of=STEPS,
)

# --- gives --------------------------------------------------------------------------------------------------

TO = {"to": may(TEXT, "passed (default), entrants, contacts, or a role under with")}
RECOGNISED = RecordShape(
    {
        "by": must(TEXT, "the party that recognises it"),
        "from": may(EitherShape(DATE, TableShape(DATE)), "from when; by option if it is a mapping"),
        "before": may(TEXT, "its name when issued before that"),
    }
)
CREDENTIAL_TYPES = ("badge", "certificate", "degree", "title", "licence")
CREDENTIAL = RecordShape(
    {
        "name": must(TEXT, "its name"),
        "type": must(WordShape(CREDENTIAL_TYPES), "what sort of credential"),
        "level": may(TEXT, "its level, or option"),
        "valid": may(DURATION, "how long it is valid; left out: for ever"),
        "recognised": may(RECOGNISED, "who recognises it"),
        **TO,
    }
)
MONEY = RecordShape(
    {
        "type": must(TEXT, "what it is for, such as prize"),
        "amount": may(OrBind(WHOLE), "whole won for each"),
        "ranks": may(ListShape(WHOLE, least=1), "whole won for the first, second, … place"),
        "pool": may(OrBind(WHOLE), "whole won shared equally"),
        "per": may(WordShape(("unit", "entry", "option")), "amount: unit or entry; ranks: option"),
        "total": may(WHOLE, "what is promised in all, checked"),
        "from": must(TEXT, "the party that pays"),
        "lines": may(TableShape(NUMBER, NAME), "budget line: share; the shares add up to 1"),
        "months": may(POSITIVE, "paid over so many months"),
        "every": may(DURATION, "one payment each so many months or years; default 1m"),
        "budget": may(TEXT, "the money it is paid from"),
        "year": may(POSITIVE, "the budget year"),
        "currency": may(
            TextShape("[A-Z]{3}", Text(ko="KRW 같은 통화 부호가", en="a currency such as KRW")), "default KRW"
        ),
        **TO,
    },
    one_of=("amount", "ranks", "pool"),
    needs={"every": "months"},
)
PRIVILEGE = RecordShape(
    {
        "type": must(TEXT, "what one may do, such as interview"),
        "at": must(TEXT, "the party that grants it"),
        "job": may(TEXT, "for which job"),
        "within": may(DURATION, "how long it lasts; left out: no end"),
        "uses": may(WHOLE, "how often it may be used; left out: any"),
        **TO,
    }
)
PUBLISH = RecordShape(
    {
        "type": must(TEXT, "what is published, or option"),
        "where": must(WordShape(("hub", "open", "members")), "for whom"),
        "licence": may(TEXT, "an SPDX id, or given: the answer licence"),
        "metadata": may(WordShape(("croissant", "dcat")), "the format of its description"),
        "what": may(TEXT, "what it is, shown to people"),
        "once": may(FLAG, "one for the stage instead of each turn"),
        **TO,
    }
)
SPAWN = RecordShape(
    {
        "blueprint": must(TEXT, "the blueprint of the programme that starts"),
        "as": may(TEXT, "what it is called here"),
        **TO,
    }
)
ROLE_GIVE = RecordShape({"role": must(TEXT, "the role one gets"), **TO})
GIVES = {
    "credential": CREDENTIAL,
    "money": MONEY,
    "privilege": PRIVILEGE,
    "publish": PUBLISH,
    "spawn": SPAWN,
    "role": ROLE_GIVE,
}
GIVE = RecordShape({name: may(shape, f"gives: {name}") for name, shape in GIVES.items()}, one_of=tuple(GIVES))

# --- stage --------------------------------------------------------------------------------------------------

TEAM = RecordShape({"min": must(POSITIVE, "at least"), "max": must(POSITIVE, "at most")})
STAGE = RecordShape(
    {
        "id": must(NAME, "its name"),
        "kind": must(WordShape(tuple(DO)), "what sort of stage"),
        "entry": may(WordShape(tuple(Entry)), "the act that opens a turn; needed at a start"),
        "after": may(
            ListShape(TEXT, alone=True, distinct=itself), "earlier stages; left out: the one before; []: a start"
        ),
        "join": may(WordShape(("all", "any")), "of several in after: all (default) or any"),
        "unit": may(WordShape(tuple(Unit)), "who takes the turn"),
        "team": may(TEAM, "forms teams of this size"),
        "options": may(OrBind(OPTIONS), "what each turn picks from, or bind"),
        "choose": may(POSITIVE, "how many options a turn picks at most; default 1"),
        "when": may(WHEN, "when it is open; left out: until an operator closes it"),
        "provides": may(ListShape(PROVISION), "what is put at the case's disposal while the turn is open"),
        "gate": may(ListShape(STEP), "who judges; left out: whoever hands in passes"),
        "else": may(WordShape(("out", "again")), "again: a refused turn may be handed in again"),
        "gives": may(ListShape(GIVE), "what follows from the verdict"),
    },
    Variant("kind", {k: {"do": (may if k == "form" else must)(do, "what is done")} for k, do in DO.items()}),
)
