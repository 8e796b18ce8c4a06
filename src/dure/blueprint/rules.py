"""One line of a rule, ``fact op value``, read into its parts (appendix E)."""

import re

from dure.blueprint.model import Rule

_NAME = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_RULE = re.compile(
    rf"(?:(?P<stage>{_NAME})\.)?(?P<fact>{_NAME})"
    r"(?:\s*(?P<sign>!=|>=|<=|=|>|<)\s*|\s+(?P<word>in|has)\s+)"
    r"(?P<value>[^\s=<>!].*)"
)
NO_RULE = Rule(fact="", op="=", value="")


def parse_rule(text: str) -> Rule | None:
    """The rule that ``text`` says; None where it says none."""
    found = _RULE.fullmatch(text.strip())
    if not found:
        return None
    op, value = found["sign"] or found["word"], found["value"].strip()
    if op != "in":
        return Rule(found["fact"], op, value, found["stage"], text.strip())  # type: ignore[arg-type] # as _RULE says
    values = tuple(part.strip() for part in value.split(","))
    return Rule(found["fact"], "in", values, found["stage"], text.strip()) if all(values) else None
