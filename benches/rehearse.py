"""How long a rehearsal takes beside a loop written by hand: `dure bench rehearse`.

Both play the youth track (13) and must count the same; each runs in a fresh process, its start included. The loop by
hand knows this one programme and counts who comes and who passes; the rehearsal reads any file and counts the rest too.
"""

from benches._table import ROOT, cost, show

FILE = ROOT / "blueprints" / "13-lg-aimers.yaml"
COLUMNS = (
    "from pathlib import Path; from dure.blueprint.library import load_blueprint;"
    "from dure.blueprint.rehearsal import rehearse; rehearse(load_blueprint(Path({file!r})), cases={cases})"
)
SAME = (
    COLUMNS.replace("; rehearse(", "; played = rehearse(") + "; from benches._by_hand import youth_track;"
    "counted = {{stage.id: (stage.entered, stage.passed) for stage in played.stages}};"
    "assert counted == youth_track({cases}), 'the two do not count the same: nothing to compare'"
)
BY_HAND = "from benches._by_hand import youth_track; youth_track({cases})"
SIZES = (1_000, 10_000, 100_000, 1_000_000)


def main() -> None:
    cost(SAME.format(file=str(FILE), cases=SIZES[1]), times=1)
    show(
        "Rehearsing the youth track, whole process",
        ("cases", "dure", "memory", "by hand", "memory", "ratio"),
        [_row(cases) for cases in SIZES],
    )


def _row(cases: int) -> tuple[str, ...]:
    ours, hand = (cost(code.format(file=str(FILE), cases=cases)) for code in (COLUMNS, BY_HAND))
    told = [text for each in (ours, hand) for text in (f"{each.seconds:.2f} s", f"{each.megabytes:.0f} MB")]
    return f"{cases:,}", *told, f"{hand.seconds / ours.seconds:.1f}x"


if __name__ == "__main__":
    main()
