"""`dure lint`: exit codes, a line for each flaw, one JSON document, both languages."""

import json
import subprocess
import sys

import pytest

from dure.cli import main
from tests.blueprint.marked import apply, blueprint

FAULTY = blueprint(apply("gate: [{decide: {role: juge}}]"))
HANGUL = range(0xAC00, 0xD7A4)


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")


@pytest.fixture
def faulty(tmp_path):
    path = tmp_path / "faulty.yaml"
    path.write_text(FAULTY)
    return path


def test_sound_file_exits_0_and_says_nothing(tmp_path, capsys):
    (tmp_path / "sound.yaml").write_text(blueprint(apply()))
    assert main(["lint", str(tmp_path / "sound.yaml")]) == 0
    assert capsys.readouterr() == ("", "")


def test_flawed_file_exits_1_with_a_line_for_each_flaw(faulty, capsys):
    assert main(["lint", str(faulty)]) == 1
    assert (
        capsys.readouterr().out
        == f"{faulty}:14:28: BP202: There is no role 'juge'. Did you mean judge? Known: judge, teacher.\n"
    )


def test_missing_file_exits_2_with_a_sentence(tmp_path, capsys):
    assert main(["lint", str(tmp_path / "nothing.yaml")]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"There is no file {tmp_path / 'nothing.yaml'}, or it cannot be read: check the path.\n")


def test_empty_folder_exits_2(tmp_path, capsys):
    assert main(["lint", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("There is no .yaml file in")


def test_folder_stands_for_its_files(faulty, capsys):
    (faulty.parent / "other.yaml").write_text(FAULTY.replace("blueprint: made", "blueprint: other"))
    assert main(["lint", str(faulty.parent), str(faulty)]) == 1
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        str(faulty),
        str(faulty.parent / "other.yaml"),
    ]


def test_json_is_one_document_with_both_languages(faulty, capsys):
    assert main(["lint", "--json", str(faulty)]) == 1
    told = json.loads(capsys.readouterr().out)
    (flaw,) = told.pop("flaws")
    assert told == {"sound": False, "files": 1}
    assert {key: flaw[key] for key in ("file", "line", "column", "code")} == {
        "file": str(faulty),
        "line": 14,
        "column": 28,
        "code": "BP202",
    }
    assert flaw["sentence"] == flaw["text"]["en"]
    assert any(ord(sign) in HANGUL for sign in flaw["text"]["ko"])


@pytest.mark.parametrize(("lang", "words"), [("ko_KR.UTF-8", []), ("C.UTF-8", ["--lang", "ko"])])
def test_korean_is_spoken_by_locale_or_on_request(faulty, capsys, monkeypatch, lang, words):
    monkeypatch.setenv("LC_ALL", lang)
    assert main(["lint", str(faulty), *words]) == 1
    assert any(ord(sign) in HANGUL for sign in capsys.readouterr().out)


def test_lint_imports_no_column_library_and_no_django():
    code = (
        "import sys; from dure.cli import main; main(['lint', sys.argv[1]]);"
        "print([name for name in ('django', 'polars', 'numpy', 'ninja') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, __file__], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
