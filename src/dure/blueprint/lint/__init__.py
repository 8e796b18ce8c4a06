"""What is refused before it can be published: every code of the appendix's section J, each with its place.

A file is read strictly (BP0), checked for its shape (BP1), and only then looked at as a whole.
"""

from collections.abc import Iterable
from pathlib import Path

from dure.blueprint.document import Document, Flaw, Flaws, in_order
from dure.blueprint.library import Library
from dure.blueprint.lint.agreements import check_agreement
from dure.blueprint.lint.counting import check_measures
from dure.blueprint.lint.dry_run import check_rehearsal
from dure.blueprint.lint.flow import check_flow
from dure.blueprint.lint.gates import check_gates
from dure.blueprint.lint.gives import check_gives
from dure.blueprint.lint.look import Findings, Look
from dure.blueprint.lint.names import check_names
from dure.blueprint.lint.programmes import check_programme
from dure.blueprint.lint.times import check_times
from dure.blueprint.lint.values import check_one_sort
from dure.blueprint.model import Blueprint, Programme
from dure.blueprint.read import Model, read
from dure.blueprint.yaml import read_document

__all__ = ["lint_files", "lint_text"]

_CHECKS = (
    check_names,
    check_flow,
    check_gates,
    check_gives,
    check_times,
    check_measures,
    check_rehearsal,
    check_one_sort,
)


def lint_text(source: bytes, file: str, library: Library | None = None) -> list[Flaw]:
    """Every flaw of one file, in order of place; none: it is sound. ``library``: what it may speak of."""
    try:
        document = read_document(source, file)
        model, report = read(document)
    except Flaws as flawed:
        return flawed.flaws
    known = (library or Library.around(())).including(model)
    return in_order([*report.flaws, *_looked_at(document, model, known)])


def lint_files(paths: Iterable[Path], library: Library | None = None) -> list[Flaw]:
    """Every flaw of the files, which may speak of each other, of what lies beside them and of the starter library."""
    files = list(paths)
    known = library or Library.around(files)
    return in_order(flaw for path in files for flaw in lint_text(path.read_bytes(), str(path), known))


def _looked_at(document: Document, model: Model, library: Library) -> list[Flaw]:
    findings = Findings(document, library)
    if isinstance(model, Blueprint):
        look = Look(document, library, findings.flaws, blueprint=model)
        for check in _CHECKS:
            check(look)
    elif isinstance(model, Programme):
        check_programme(findings, model)
    else:
        check_agreement(findings, model)
    return findings.flaws
