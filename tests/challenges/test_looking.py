"""What a file of labels seems to hold."""

from pathlib import Path

import pytest

from dure.challenges.looking import look, narrowed
from dure.core.errors import Flawed


@pytest.fixture
def file(tmp_path: Path):
    def written(text: str, **known) -> Path:
        path = tmp_path / "labels.csv"
        path.write_text(text, **known)
        return path

    return written


def test_ids_labels_and_classes_are_guessed(file) -> None:
    rows = "".join(f"{n},{n * 7},{'cat' if n % 2 else 'dog'}\n" for n in range(40))
    looked = look(file("size,image_id,target\n" + rows, encoding="utf-8-sig"))

    guessed = (looked.id_column, looked.label_columns, looked.classes, looked.metric, looked.rows)
    assert guessed == ("image_id", ("target",), ("cat", "dog"), "accuracy", 40)


def test_numbers_are_measured_as_numbers(file) -> None:
    looked = look(file("id,price\n" + "".join(f"{n},{n * 1.7}\n" for n in range(40))))

    assert (looked.label_columns, looked.classes, looked.metric) == (("price",), (), "rmse")


def test_few_different_numbers_are_classes_in_their_order(file) -> None:
    looked = look(file("id,grade\n" + "".join(f"{n},{n % 3 * 5}\n" for n in range(100))))

    assert (looked.classes, looked.metric) == (("0", "5", "10"), "f1-macro")


def test_a_part_is_no_label(file) -> None:
    looked = look(file("id,answer,part\n1,a,public\n2,b,final\n"))

    assert (looked.label_columns, looked.has_parts) == (("answer",), True)


@pytest.mark.parametrize("text", ["", "id\n1\n", "id,label\n", "id,id\n1,1\n", 'id,label\n1,"a\n', "PK\x03\x04"])
def test_what_is_no_table_is_refused(file, text: str) -> None:
    with pytest.raises(Flawed):
        look(file(text))


def test_only_the_chosen_columns_are_kept(file) -> None:
    path = file("a,id,b,label\nx,1,y,cat\nx,2,y,dog\n")

    assert narrowed(path, ["id", "label"]).read() == b"id,label\n1,cat\n2,dog\n"
    with pytest.raises(Flawed):
        narrowed(path, ["id", "target"])
