"""The shapes that can be imported, by name."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from dure.core.errors import Missing
from dure.core.text import Text
from dure.skills.importing import esco, ncs, onet, own
from dure.skills.importing.records import About, Files, Read

_UNKNOWN = Text(ko="{known} 가운데 하나를 고르세요.", en="Choose one of {known}.")


class Source(NamedTuple):
    """``needs``: the files that must be there."""

    read: Callable[[Files], Read]
    needs: tuple[str, ...]
    about: About


SOURCES: Mapping[str, Source] = {
    "dure": Source(own.read_own, own.NEEDS, own.ABOUT),
    "onet": Source(onet.read_onet, onet.NEEDS, onet.ABOUT),
    "esco": Source(esco.read_esco, esco.NEEDS, esco.ABOUT),
    "ncs": Source(ncs.read_ncs, ncs.NEEDS, ncs.ABOUT),
}


def source_called(name: str) -> Source:
    """Raises Missing with the names that there are."""
    if name not in SOURCES:
        raise Missing("taxonomy.source", _UNKNOWN.format(known=", ".join(SOURCES)))
    return SOURCES[name]
