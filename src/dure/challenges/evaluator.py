"""Runs inside a box: calls the ``evaluate`` of a package at /app/program and writes what it returned as JSON.

Standard library only. Arguments: the annotation file, the submitted file, the phase's codename. Where ``evaluate``
itself raises, it ends with ``RAISED``: everything before that worked.
"""

import importlib.util
import json
import sys
import traceback
from pathlib import Path
from typing import Any

PROGRAM, RETURNED = Path("/app/program"), Path("/app/output/returned.json")
RAISED = 70
_NAME = "evaluation_script"


def evaluate() -> Any:
    """The package's ``evaluate``: from its own name, else from its ``main``, as its platform imports it."""
    sys.path.insert(0, str(PROGRAM))
    entry = PROGRAM / "__init__.py"
    if not entry.is_file():
        return _loaded("main", PROGRAM / "main.py").evaluate
    package = _loaded(_NAME, entry)
    if hasattr(package, "evaluate"):
        return package.evaluate
    return importlib.import_module(f"{_NAME}.main").evaluate


def _loaded(name: str, file: Path) -> Any:
    inside = [str(file.parent)] if file.name == "__init__.py" else None
    spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=inside)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def plain(value: Any) -> Any:
    """A number of NumPy as Python's own; what is no number as its text."""
    return value.item() if hasattr(value, "item") else str(value)


if __name__ == "__main__":
    annotation, submitted, phase = sys.argv[1:]
    told = {"phase_codename": phase}
    known = evaluate()
    try:
        returned = known(annotation, submitted, phase, submission_metadata=told)
    except Exception:  # noqa: BLE001 -- somebody's code may raise anything
        traceback.print_exc()
        sys.exit(RAISED)
    RETURNED.write_text(json.dumps(returned, default=plain), encoding="utf-8")
