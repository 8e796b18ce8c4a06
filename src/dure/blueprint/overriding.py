"""A ``when`` that a programme puts in the place of its blueprint's."""

import json
from collections.abc import Mapping

from dure.blueprint.document import Flaws, in_order
from dure.blueprint.grammar_stage import WHEN
from dure.blueprint.model import Window
from dure.blueprint.read_stage import window
from dure.blueprint.shapes import Report
from dure.blueprint.yaml import read_document


def read_window(written: Mapping[str, object], file: str = "when") -> Window:
    """The window that ``written`` says in the language's own keys (``from``, ``to`` …); raises ``Flaws``."""
    document = read_document(json.dumps(dict(written)).encode(), file)
    report = Report(file)
    values = WHEN.read(document.root, report)
    if report.flaws:
        raise Flaws(in_order(report.flaws))
    return window(values)
