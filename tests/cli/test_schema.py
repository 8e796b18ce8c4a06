"""`dure schema`: one JSON document for each of the three files."""

import json

import pytest

from dure.blueprint.schema import schema_of
from dure.cli import main


@pytest.mark.parametrize("sort", ["blueprint", "programme", "agreement"])
def test_schema_is_printed(sort, capsys):
    assert main(["schema", sort]) == 0
    assert json.loads(capsys.readouterr().out) == schema_of(sort)


def test_blueprint_is_the_default(capsys):
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Blueprint"


def test_another_word_is_a_wrong_call():
    with pytest.raises(SystemExit) as caught:
        main(["schema", "stage"])
    assert caught.value.code == 2
