"""Check a file here by the very checker that the platform uses."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dure.challenges.predictions import Format, read_predictions
from dure.client.answers import Checked, Flaw
from dure.core.errors import Flawed, Refused
from dure.store.disk import too_large


def check(path: Path, told: Mapping[str, Any]) -> Checked:
    """What the platform would say of the file; ``told`` is the task's format as the API tells it."""
    try:
        if path.stat().st_size > told["most_bytes"]:
            raise too_large(told["most_bytes"])
        read = read_predictions(path.read_bytes(), Format.of(told), told["ids"])
    except Flawed as flawed:
        flaws, total = flawed.facts["errors"], flawed.facts["total"]
        return Checked(flawed.text, [Flaw.told(flaw) for flaw in _list(flaws)], int(str(total)))
    except Refused as refusal:
        return Checked(refusal.text, [], 1)
    return Checked(notes=read.notes)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
