"""An EvalAI challenge: ``challenge_config.yaml`` and what it names (EvalAI's challenges/challenge_config_utils.py)."""

import ast
from pathlib import Path

from dure.bundles import left
from dure.bundles.contract import decoded
from dure.bundles.fields import Fields
from dure.bundles.findings import Findings, Place
from dure.bundles.ignored import EVALAI, EVALAI_PHASE
from dure.bundles.model import (
    Board,
    Column,
    Competition,
    Contract,
    Limits,
    Page,
    Phase,
    Prize,
    Question,
    Sorting,
    Split,
    TaskBundle,
    Visibility,
)
from dure.bundles.nodes import Node
from dure.bundles.opening import Bundle, Unopened
from dure.bundles.parts import data_set, file_of, given_once, page

_PAGES = {"description": "Overview", "evaluation_details": "Evaluation", "submission_guidelines": "Submission"}


def read(root: Node, bundle: Bundle, findings: Findings) -> Competition:
    """The challenge that the file tells of; whatever is wrong is found, and read on."""
    told = Fields(root, findings)
    told.need("title", "evaluation_script", "start_date", "end_date")
    told.known(*EVALAI)
    left.tell_left(told, left.EVALAI)
    script = data_set(told, "evaluation_script", bundle)
    phases = tuple(_phase(one, at, bundle) for at, one in enumerate(told.mappings("challenge_phases"), 1))
    annotations = (data_set(one, "test_annotation_file", bundle) for one in told.mappings("challenge_phases"))
    competition = Competition(
        title=told.text("title"),
        contract=Contract.EVALAI,
        short_description=told.text("short_description"),
        image=_image(told, bundle),
        terms=page(told, "terms_and_conditions", "terms", bundle) if "terms_and_conditions" in told else None,
        pages=tuple(page(told, name, title, bundle) for name, title in _PAGES.items() if name in told),
        open_registration=not told.flag("manual_participant_approval"),
        prizes=tuple(_prize(one) for one in told.mappings("prizes")),
        sponsors=tuple(one.text("name") for one in told.mappings("sponsors") if "name" in one),
        tags=told.texts("tags"),
        domain=told.text("domain"),
        requirements=_evaluation(script, told, bundle),
        remote_evaluation=told.flag("remote_evaluation"),
        start=told.moment("start_date"),
        end=told.moment("end_date"),
        tasks=tuple(_task(phase, path, script) for phase, path in zip(phases, annotations, strict=True)),
        phases=phases,
        boards=tuple(_board(one) for one in told.mappings("leaderboard")),
        splits=_splits(told),
        **told.placed,
    )
    told.tell_unknown()
    _judge(competition, told)
    return competition


def _image(told: Fields, bundle: Bundle) -> str:
    """A picture may be lost; EvalAI goes without it."""
    path = told.text("image")
    if path and bundle.find(path) is None:
        told.findings.add("image.missing", told.at("image"), path=path)
        return ""
    return file_of(told, "image", bundle)


def _prize(told: Fields) -> Prize:
    return Prize(
        rank=told.whole("rank", 1),
        amount=told.text("amount"),
        description=told.text("description"),
        **told.placed,
    )


def _task(phase: Phase, annotation: str, script: str) -> TaskBundle:
    """A phase's annotations, a file, are its reference data; all phases share the evaluation."""
    return TaskBundle(
        index=phase.index,
        name=phase.name,
        reference_data=annotation,
        scoring_program=script,
        place=phase.place,
        places=phase.places,
    )


def _phase(told: Fields, at: int, bundle: Bundle) -> Phase:
    told.need("name", "codename", "start_date", "end_date", "test_annotation_file")
    told.known(*EVALAI_PHASE)
    left.tell_left(told, left.EVALAI_PHASE)
    index = told.whole("id", at)
    phase = Phase(
        index=index,
        name=told.text("name"),
        codename=told.text("codename"),
        description=_described(told, bundle).text,
        start=told.moment("start_date"),
        end=told.moment("end_date"),
        tasks=(index,),
        limits=_limits(told),
        is_public=told.flag("is_public", True),
        is_active=told.flag("is_active", True),
        board_public=told.flag("leaderboard_public"),
        submissions_public=told.flag("is_submission_public"),
        logs_hidden=told.flag("disable_logs"),
        one_counts=told.flag("is_restricted_to_select_one_submission"),
        partial=told.flag("is_partial_submission_evaluation_enabled"),
        allowed_emails=told.texts("allowed_email_ids"),
        file_types=tuple(one.strip() for one in told.text("allowed_submission_file_types").split(",") if one.strip()),
        attributes=_attributes(told),
        **told.placed,
    )
    told.tell_unknown()
    return phase


def _described(told: Fields, bundle: Bundle) -> Page:
    """A phase's description is a file, in older challenges the text itself."""
    text = told.text("description")
    if bundle.find(text) or text.endswith((".html", ".md")):
        return page(told, "description", "", bundle)
    return Page(title="", file="", text=text)


def _limits(told: Fields) -> Limits:
    total = told.count("max_submissions", None)
    return Limits(
        per_day=told.count("max_submissions_per_day", None),
        per_month=told.count("max_submissions_per_month", total),
        total=total,
        at_once=told.count("max_concurrent_submissions_allowed", None),
        **told.placed,
    )


def _attributes(told: Fields) -> tuple[Question, ...]:
    return tuple(
        Question(
            key=one.text("name"),
            title=one.text("name"),
            type=one.text("type", "text"),
            selection=one.texts("options"),
            required=one.flag("required"),
            description=one.text("description"),
            **one.placed,
        )
        for one in told.mappings("submission_meta_attributes")
    )


# --- boards and splits --------------------------------------------------------------------------------------


def _board(told: Fields) -> Board:
    node = told.node("schema")
    schema = Fields(node, told.findings) if node else told
    schema.need("default_order_by")
    labels = _labels(schema)
    order = schema.text("default_order_by")
    about = {label: Fields(one, told.findings) for label, one in schema.under("metadata")}
    return Board(
        key=told.text("id"),
        title=f"Leaderboard {told.text('id')}",
        columns=tuple(_column(label, at, about.get(label)) for at, label in enumerate(labels)),
        primary_index=labels.index(order) if order in labels else 0,
        **told.placed,
    )


def _labels(schema: Fields) -> tuple[str, ...]:
    """The columns. EvalAI also orders by a label that it does not show, as long as the evaluation gives it."""
    labels, order = schema.texts("labels"), schema.text("default_order_by")
    if not labels or order in {"", *labels}:
        return labels
    schema.findings.add("board.order", schema.at("default_order_by"), order=order, labels=", ".join(labels))
    return (*labels, order)


def _column(label: str, at: int, told: Fields | None) -> Column:
    if told is None:
        return Column(key=label, title=label, index=at)
    return Column(
        key=label,
        title=label,
        index=at,
        sorting=Sorting.ASC if told.flag("sort_ascending") else Sorting.DESC,
        description=told.text("description"),
        **told.placed,
    )


def _splits(told: Fields) -> tuple[Split, ...]:
    data = {one.whole("id", at): one for at, one in enumerate(told.mappings("dataset_splits"), 1)}
    for one in data.values():
        one.need("codename")
    return tuple(split for one in told.mappings("challenge_phase_splits") if (split := _split(one, data)))


def _split(told: Fields, data: dict[int, Fields]) -> Split | None:
    told.need("challenge_phase_id", "leaderboard_id", "dataset_split_id")
    part = data.get(told.whole("dataset_split_id", 0))
    if part is None:
        told.findings.add("split.unknown", told.at("dataset_split_id"), name="dataset_split_id")
        return None
    split = Split(
        codename=part.text("codename"),
        name=part.text("name"),
        phase=told.whole("challenge_phase_id", 0),
        board=told.text("leaderboard_id"),
        visibility=told.word("visibility", Visibility, Visibility.PUBLIC),
        precision=told.whole("leaderboard_decimal_precision", 2),
        descending=told.flag("is_leaderboard_order_descending", True),
        show_scores=told.flag("show_scores_on_leaderboard", True),
        show_time=told.flag("show_execution_time"),
        latest_counts=told.flag("show_leaderboard_by_latest_submission"),
        all_metrics=told.flag("is_multi_metric_leaderboard", True),
        **told.placed,
    )
    told.known("id")
    left.tell_left(told, left.EVALAI_SPLIT)
    told.tell_unknown()
    return split


# --- what only the whole shows ------------------------------------------------------------------------------


def _evaluation(script: str, told: Fields, bundle: Bundle) -> str:
    """What the evaluation's requirements.txt says; the program must offer ``evaluate``."""
    if not script:
        return ""
    try:
        folder = bundle.folder(script)
    except Unopened as fault:
        told.findings.take([fault.defect])
        return ""
    if not _offers_evaluate(folder):
        told.findings.add("evaluation.none", Place(script), name=script)
    requirements = folder / "requirements.txt"
    return decoded(requirements.read_bytes()) if requirements.is_file() else ""


def _offers_evaluate(folder: Path) -> bool:
    """Whether main.py, or the package itself, has something of that name; what cannot be parsed is told elsewhere."""
    for file in (folder / "main.py", folder / "__init__.py"):
        try:
            tree = ast.parse(decoded(file.read_bytes())) if file.is_file() else ast.Module([], [])
        except (SyntaxError, ValueError, RecursionError):
            return True
        if any(isinstance(node, ast.FunctionDef) and node.name == "evaluate" for node in tree.body):
            return True
    return False


def _judge(competition: Competition, told: Fields) -> None:
    findings = told.findings
    for name in ("challenge_phases", "leaderboard", "dataset_splits", "challenge_phase_splits"):
        if not told.items(name):
            findings.add("key.missing", competition.at(name), key=name)
    if competition.remote_evaluation:
        findings.add("evaluation.remote", told.at("remote_evaluation"))
    if told.flag("is_docker_based"):
        findings.add("evaluation.docker", told.at("is_docker_based"))
    given_once("challenge_phases.id", ((one.index, one) for one in competition.phases), findings)
    given_once("challenge_phases.codename", ((one.codename, one) for one in competition.phases), findings)
    given_once("leaderboard.id", ((one.key, one) for one in competition.boards), findings)
    triples = (((one.phase, one.board, one.codename), one) for one in competition.splits)
    given_once("challenge_phase_splits", triples, findings)
    _judge_splits(competition, findings)
    for phase in competition.phases:
        if phase.start and phase.end and phase.end <= phase.start:
            findings.add("phase.backwards", phase.at("end_date"), phase=phase.name)
    for board in competition.boards:
        if not board.columns:
            findings.add("board.empty", board.place, board=board.title)


def _judge_splits(competition: Competition, findings: Findings) -> None:
    phases = {phase.index for phase in competition.phases}
    for split in competition.splits:
        if split.phase not in phases:
            findings.add("split.unknown", split.at("challenge_phase_id"), name="challenge_phase_id")
        if competition.board(split.board) is None:
            findings.add("split.unknown", split.at("leaderboard_id"), name="leaderboard_id")
    for phase in competition.phases:
        if not competition.attached(phase):
            findings.add("split.none", phase.place, phase=phase.name)
