"""Competitions made up by hypothesis: any that a sound bundle may tell of, and any at all."""

import datetime as dt

from hypothesis import strategies as st

from dure.bundles.model import (
    Board,
    Column,
    Competition,
    Computation,
    Contract,
    Limits,
    Page,
    Phase,
    Prize,
    Question,
    Settings,
    Solution,
    Sorting,
    TaskBundle,
)

WORDS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=30).map(str.strip)
NAMES = WORDS.filter(bool)
SMALL = st.integers(0, 1000)
MOMENTS = st.integers(631_152_000, 3_786_912_000).map(lambda second: dt.datetime.fromtimestamp(second, dt.UTC))
FILES = {
    "logo.png": b"\x89PNG",
    "terms.md": "fair",
    "page.md": "a page",
    "data/a.txt": "1",
    "kit.zip": {"readme.md": "kit"},
    "program/metadata.yaml": "command: python3 $program/score.py $input $output",
    "program/score.py": "pass",
}
LIMITS = st.builds(Limits, per_day=st.none() | SMALL, total=st.none() | SMALL)
QUESTIONS = st.builds(
    Question,
    key=st.from_regex(r"[a-z]{1,8}", fullmatch=True),
    title=WORDS,
    type=st.sampled_from(["text", "checkbox", "select"]),
    selection=st.lists(NAMES, max_size=3).map(tuple),
    required=st.booleans(),
    on_board=st.booleans(),
)
SETTINGS = st.builds(
    Settings, **{name: st.booleans() for name in Settings.__dataclass_fields__ if name not in ("place", "places")}
)


@st.composite
def boards(draw, key):
    count = draw(st.integers(1, 4))
    columns = [
        Column(
            key=f"{draw(NAMES)}-{at}",
            title=draw(NAMES),
            index=at,
            sorting=draw(st.sampled_from(Sorting)),
            computation=draw(st.sampled_from(Computation)) if computed else None,
            computation_indexes=(at - 1,) if computed else (),
            hidden=draw(st.booleans()),
            precision=draw(st.integers(0, 10)),
        )
        for at in range(count)
        for computed in [bool(at) and draw(st.booleans())]
    ]
    return Board(
        key=f"board-{key}",
        title=draw(NAMES),
        columns=tuple(columns),
        hidden=draw(st.booleans()),
        primary_index=draw(st.integers(0, count - 1)),
    )


@st.composite
def sequences(draw, tasks):
    """Phases one after the other; the last may stay open."""
    count = draw(st.integers(1, 4))
    times = sorted(draw(st.sets(MOMENTS, min_size=2 * count, max_size=2 * count)))
    return tuple(
        Phase(
            index=at,
            name=draw(NAMES),
            description=draw(WORDS),
            start=times[2 * at],
            end=None if at == count - 1 and draw(st.booleans()) else times[2 * at + 1],
            tasks=tuple(sorted(draw(st.sets(st.sampled_from(range(tasks)), min_size=1)))),
            limits=draw(LIMITS),
            execution_time_limit=draw(SMALL),
            auto_migrate=draw(st.booleans()),
            hide_output=draw(st.booleans()),
            hide_prediction_output=draw(st.booleans()),
            hide_score_output=draw(st.booleans()),
            public_data=draw(st.sampled_from(["", "data", "kit.zip"])),
            starting_kit=draw(st.sampled_from(["", "kit.zip"])),
        )
        for at in range(count)
    )


@st.composite
def sound(draw):
    """A competition that a Codabench bundle holds whole; its files are ``FILES``."""
    tasks = draw(st.integers(1, 3))
    return Competition(
        title=draw(NAMES),
        description=draw(WORDS),
        image="logo.png",
        terms=Page(title="terms", file="terms.md", text="fair"),
        pages=tuple(Page(title=draw(NAMES), file="page.md", text="a page") for _ in range(draw(st.integers(0, 2)))),
        docker_image=draw(NAMES),
        open_registration=draw(st.booleans()),
        contact_email=draw(WORDS),
        reward=draw(WORDS | st.sampled_from(["$1,000", "1000000 KRW", "500 EUR"])),
        fact_sheet=tuple(draw(st.lists(QUESTIONS, max_size=2, unique_by=lambda one: one.key))),
        settings=draw(SETTINGS),
        tasks=tuple(
            TaskBundle(
                index=at,
                name=draw(NAMES),
                description=draw(WORDS),
                input_data=draw(st.sampled_from(["", "data"])),
                reference_data="data",
                ingestion_program=draw(st.sampled_from(["", "program"])),
                scoring_program="program",
                ingestion_only_during_scoring=draw(st.booleans()),
            )
            for at in range(tasks)
        ),
        solutions=tuple(
            Solution(index=at, tasks=(at,), path="data", name=draw(WORDS)) for at in range(draw(st.integers(0, tasks)))
        ),
        phases=draw(sequences(tasks)),
        boards=(draw(boards(0)),),
    )


@st.composite
def anything(draw):
    """A competition with whatever may stand in it, sound or not."""
    phase = st.builds(
        Phase,
        index=SMALL,
        name=st.text(max_size=20),
        start=st.none() | MOMENTS,
        end=st.none() | MOMENTS,
        tasks=st.lists(st.integers(0, 5), max_size=4).map(tuple),
        limits=LIMITS,
        auto_migrate=st.booleans(),
        board_public=st.booleans(),
        allowed_emails=st.lists(st.text(max_size=9), max_size=2).map(tuple),
    )
    prize = st.builds(Prize, rank=st.integers(1, 3), amount=st.text(max_size=9) | st.sampled_from(["5USD", "$1.50"]))
    column = st.builds(Column, key=st.text(max_size=9), title=st.text(max_size=9) | st.just("accuracy"))
    board = st.builds(Board, key=st.text(), title=st.text(), columns=st.tuples(column))
    task = st.builds(TaskBundle, index=st.integers(0, 5), name=st.text(max_size=9))
    return draw(
        st.builds(
            Competition,
            title=st.text(max_size=40) | st.sampled_from(["it", "Parties", "2030: the year", "# 1", "null", "대회"]),
            contract=st.sampled_from(Contract),
            terms=st.none() | st.builds(Page, title=st.just("terms"), file=st.text(max_size=9)),
            docker_image=st.text(max_size=20),
            open_registration=st.booleans(),
            reward=st.text(max_size=20) | st.sampled_from(["$1,000", "오백만 원", "5,000,000원"]),
            prizes=st.lists(prize, max_size=3).map(tuple),
            sponsors=st.lists(st.text(max_size=9), max_size=2).map(tuple),
            fact_sheet=st.lists(QUESTIONS, max_size=2).map(tuple),
            phases=st.lists(phase, min_size=1, max_size=4).map(tuple),
            tasks=st.lists(task, max_size=3).map(tuple),
            boards=st.lists(board, max_size=1).map(tuple),
        )
    )
