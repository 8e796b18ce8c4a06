"""What a table of sentences is: code → whether it stops an import, what is wrong, what to do."""

from collections.abc import Mapping

from dure.core.findings import State
from dure.core.text import Text

STOPS, WARNS = State.FAIL, State.WARN
Sentences = Mapping[str, tuple[State, Text, Text]]
