"""Words, numbers, dates and texts: the shapes that the grammar is made of."""

from dure.blueprint import dates
from dure.blueprint.model import Duration
from dure.blueprint.records import RecordShape, may, must
from dure.blueprint.rules import NO_RULE, parse_rule
from dure.blueprint.shapes import (
    FlagShape,
    ListShape,
    NameShape,
    NumberShape,
    Parsed,
    TextShape,
    itself,
)
from dure.core.text import Text

TEXT, NAME, FLAG = TextShape(), NameShape(), FlagShape()
WHOLE, POSITIVE, NUMBER = NumberShape(), NumberShape(least=1), NumberShape(whole=False)
ANY_NUMBER = NumberShape(whole=False, least=None)
MARK = NumberShape(whole=False, most=100)
TEXTS, NAMES = ListShape(TEXT, alone=True), ListShape(NAME, distinct=itself)
REFERENCES = ListShape(TEXT, least=1, alone=True, distinct=itself)
OPTIONS = ListShape(NAME, least=1, distinct=itself)
DATE = Parsed(
    dates.moment,
    "BP601",
    Text(
        ko="2024, 2024-05, 2024-05-31이나 2024-05-31T18:00 같은 날짜가",
        en="a date such as 2024-05-31 or 2024-05-31T18:00",
    ),
    dates.NO_MOMENT,
    dates.DATE,
)
DATE_OR_ASKED = Parsed(
    dates.moment_or_asked,
    "BP601",
    Text(
        ko="2024-05-31 같은 날짜나 앞서 물은 날짜(단계.항목)가",
        en="a date such as 2024-05-31, or one asked before as stage.field",
    ),
    dates.NO_MOMENT,
    f"{dates.DATE}|{dates.ASKED}",
)
DURATION = Parsed(
    dates.duration,
    "BP601",
    Text(
        ko="16w, 3m, 1y처럼 1 이상의 수와 h d w m y 중 하나가",
        en="a duration such as 16w: a number from 1, then h d w m y",
    ),
    Duration(1, "m"),
    dates.DURATION,
)
RULE = Parsed(
    parse_rule,
    "BP402",
    Text(
        ko="‘score >= 60’처럼 ‘항목 연산자 값’(연산자 = != > >= < <= in has)이",
        en="a rule such as score >= 60: a fact, one of = != > >= < <= in has, a value",
    ),
    NO_RULE,
)
TITLE = RecordShape({"en": must(TEXT, "in English"), "ko": must(TEXT, "in Korean")})
SEED = {"seed": may(TEXTS, "where its facts come from"), "assumed": may(TEXTS, "what its author filled in")}
