"""Reads a blueprint's YAML into plain dicts and lists, keeping as text all that the language calls text."""

import re
from decimal import Decimal

import yaml

NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


def load(text):
    return _value(yaml.compose(text, Loader=yaml.SafeLoader))


def _value(node):
    if isinstance(node, yaml.MappingNode):
        return {key.value: _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(element) for element in node.value]
    return node.value if node.style else _plain(node.value)


def _plain(text):
    if text in WORDS:
        return WORDS[text]
    if not NUMBER.fullmatch(text):
        return text
    return Decimal(text) if "." in text else int(text)
