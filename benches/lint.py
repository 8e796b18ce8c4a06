"""How long linting takes beside what one would use else: `dure bench lint`.

Beside it stands a general checker, PyYAML's safe loader with jsonschema over the published schema. It sees wrong
shapes only (BP1); names, gates, money, dates and expressions it does not look at. Fresh processes, start included.
"""

from benches._table import ROOT, Cost, cost, show

OURS = "from pathlib import Path; from dure.blueprint.lint import lint_files; assert not lint_files({files})"
GENERAL = (
    "import json, yaml, jsonschema; from pathlib import Path; from dure.blueprint.schema import schema_of;"
    "check = jsonschema.Draft202012Validator(schema_of('blueprint'));"
    "[list(check.iter_errors(yaml.load(file.read_bytes(), yaml.CBaseLoader))) for file in {files}]"
)
START = "pass"


def main() -> None:
    library = sorted((ROOT / "blueprints").glob("*.yaml"))
    sets = {
        "nothing, the interpreter alone": [],
        "one file": library[5:6],
        f"the library, {len(library)} files": library,
    }
    show(
        "Linting blueprints, whole process",
        ("what", "dure lint", "PyYAML + jsonschema (shape only)", "ratio"),
        [_row(name, [str(file) for file in files]) for name, files in sets.items()],
    )


def _row(name: str, files: list[str]) -> tuple[str, ...]:
    paths = "[" + ", ".join(f"Path({file!r})" for file in files) + "]"
    ours, general = (_measured(code, paths, bare=not files) for code in (OURS, GENERAL))
    ratio = f"{general.seconds / ours.seconds:.1f}x"
    return name, f"{ours.seconds * 1000:.0f} ms", f"{general.seconds * 1000:.0f} ms", ratio


def _measured(code: str, paths: str, *, bare: bool) -> Cost:
    return cost(START if bare else code.format(files=paths), times=5)


if __name__ == "__main__":
    main()
