"""What is told of a program without running it."""

import pytest

from dure.bundles.contract import Step
from dure.bundles.findings import Findings
from dure.bundles.programs import look_at
from tests.bundles.samples import laid

RUN = "command: python3 $program/score.py $input $output"


def look(tmp_path, files, step=Step.SCORING, **more):
    findings = Findings()
    program = look_at(laid(tmp_path, files), "scoring", findings, step=step, **more)
    return program, [(one.code, one.name) for one in findings]


def test_imports_are_those_that_must_be_installed(tmp_path):
    source = "import os, yaml\nimport numpy as np\nfrom sklearn.metrics import f1_score\nfrom libscores import *\n"
    guarded = "try:\n    import torch\nexcept ImportError:\n    torch = None\n"

    program, found = look(tmp_path, {"metadata": RUN, "score.py": source + guarded, "libscores.py": "import pandas"})

    assert {module: place.line for module, place in program.imports.items()} == {
        "yaml": 1,
        "numpy": 2,
        "sklearn": 3,
        "pandas": 1,
        "torch": 6,
    }
    assert program.packages == ("numpy", "pandas", "pyyaml", "scikit-learn")
    assert (program.command, found) == ("python3 $program/score.py $input $output", [])


def test_what_nothing_imports_is_not_looked_at(tmp_path):
    files = {"score.py": "from tools import metrics", "tools/__init__.py": "", "tools/metrics.py": "import numpy"}
    unused = {"old.py": "print 'old'", "notes/try.py": "import torch"}

    program, found = look(tmp_path, {"metadata": RUN, **files, **unused})

    assert (program.packages, found) == (("numpy",), [])


def test_what_submissions_bring_need_not_be_installed(tmp_path):
    program, _ = look(tmp_path, {"metadata": RUN, "score.py": "from model import Model"}, beside=frozenset({"model"}))

    assert program.packages == ()


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        ("x = 1\nprint 'score', x\n", "program.python2", 2),
        ("try:\n    pass\nexcept ValueError, e:\n    pass\n", "program.python2", 3),
        ("import sys\nprint >> sys.stderr, 1\n", "program.python2", 2),
        ("import ConfigParser\n", "program.python2", 1),
        ("for i in xrange(3):\n    pass\n", "program.python2-name", 1),
        ("def f(:\n", "program.syntax", 1),
        ("import numpy as np\ny = np.zeros(3).astype(np.float)\n", "program.old-numpy", 2),
        ("from sklearn.externals import joblib\n", "program.old-package", 1),
    ],
)
def test_what_is_out_of_date_is_named_by_line(tmp_path, source, code, line):
    _, found = look(tmp_path, {"metadata": RUN, "score.py": source})

    assert [(found_code, name.split(":")[:2]) for found_code, name in found] == [
        (code, ["scoring/score.py", str(line)])
    ]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"score.py": ""}, [("program.no-metadata", "scoring")]),
        ({"program/metadata": RUN, "program/score.py": ""}, [("program.wrapped", "scoring/program/metadata")]),
        ({"metadata": "description: nothing", "score.py": ""}, [("metadata.no-command", "scoring/metadata:1")]),
        ({"metadata": RUN, "other.py": ""}, [("command.file", "scoring/metadata")]),
        ({"metadata": "command: python2 score.py", "score.py": ""}, [("program.python2", "scoring/metadata")]),
        ({"metadata": "command: Rscript $program/score.R"}, [("command.interpreter", "scoring/metadata")]),
    ],
)
def test_a_program_that_cannot_run_is_named(tmp_path, files, found):
    assert look(tmp_path, files)[1] == found


def test_a_submission_needs_no_command(tmp_path):
    assert look(tmp_path, {"model.py": "x = 1"}, step=Step.SUBMISSION)[1] == []
