"""The sentences of all findings, by code."""

from dure.bundles.texts.competitions import COMPETITION, PAGES, WRITING
from dure.bundles.texts.files import ARCHIVE, BUNDLE, VALUES
from dure.bundles.texts.programs import PROGRAMS, SCORES
from dure.bundles.texts.sentences import Sentences

FINDINGS: Sentences = {**ARCHIVE, **BUNDLE, **VALUES, **COMPETITION, **PAGES, **PROGRAMS, **SCORES, **WRITING}
