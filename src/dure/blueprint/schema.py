"""The grammar as JSON Schema 2020-12, so that editors complete and check while one writes."""

from dure.blueprint.read import SHAPES
from dure.blueprint.shapes import Json

_TITLES = {"blueprint": "Blueprint", "programme": "Programme", "agreement": "Agreement"}


def schema_of(sort: str) -> Json:
    """The schema of one of the three files: ``blueprint``, ``programme`` or ``agreement``.

    It refuses what a wrong shape refuses (BP101 to BP106, BP108); how names hang together, only lint can tell.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": _TITLES[sort],
        **SHAPES[sort].schema(),
    }
