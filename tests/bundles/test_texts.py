"""Every finding that the room can make has its sentences, and every sentence its finding."""

import re
from pathlib import Path

import pytest

import dure.bundles
from dure.bundles.texts import FINDINGS

SOURCE = "".join(path.read_text() for path in Path(dure.bundles.__file__).parent.glob("*.py"))


def test_codes_and_sentences_are_the_same_set():
    named = set(re.findall(r'"([a-z]+\.[a-z0-9-]+)"', SOURCE)) & set(FINDINGS)
    archives = {f"archive.{flaw}" for flaw in re.findall(r'_refused\("([a-z]+)"', SOURCE)}

    assert named | archives == set(FINDINGS)


@pytest.mark.parametrize("code", sorted(FINDINGS))
def test_both_languages_speak_of_the_same_facts(code):
    _, text, remedy = FINDINGS[code]
    fields = [set(re.findall(r"(?<!\{)\{(\w+)\}(?!\})", sentence)) for sentence in (text.ko, text.en)]

    assert fields[0] == fields[1]
    assert all(re.search("[가-힣]", sentence) for sentence in (text.ko, remedy.ko))
    assert not any(re.search("[가-힣]", sentence) for sentence in (text.en, remedy.en))
