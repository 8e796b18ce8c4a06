"""No view that changes something goes by the log: walked from every address to the operations that it names."""

import inspect
from collections.abc import Iterator, Sequence
from types import CodeType, FunctionType, ModuleType
from typing import Any

from django.urls import URLPattern, URLResolver

from dure.api.v1 import api
from dure.audit import operations
from dure.site.urls import urlpatterns

UNTOLD = {
    "POST /worker/claims",  # a lease, as a worker of the platform's own takes it: what comes of it is told
    "POST /worker/jobs/{uuidstr:job_id}/fault",
    "POST /worker/jobs/{uuidstr:job_id}/heartbeat",
    "PATCH /tasks/{uuidstr:task_id}/uploads/{str:sha256}",  # parts of a file: only what is submitted counts
    "PATCH /turns/{uuidstr:turn_id}/form",  # a draft: only what is sent counts
    "PUT /attempts/{uuidstr:attempt_id}/answers/{int:place}",  # an answer: what is handed in is told
    "PUT /surveys/{uuidstr:survey_id}/answers",  # who said it, and when, stands nowhere
    "page survey",
    "PUT /learning/assignments/{uuidstr:assignment_id}/draft",
    "PUT /learning/markings/{uuidstr:marking_id}",  # marks that are not sent
    "PUT /scorings/{uuidstr:scoring_id}",
    "page scoring-keep",
    "page assignment-draft",
    "page marking-keep",
    "page attempt",
    "page attempt-answer",
    "page autosave",
    "page thread-follow",  # what one wants to hear of
    "page round-new",  # a draft: the round that is made of it is told
    "page review-draft",  # marks that are not sent
    "POST /degrees/candidates/{uuidstr:candidate_id}/what-if",  # supposes and keeps nothing
    "POST /verifications",  # reads what somebody shows and keeps nothing
    "page verify",
    "page theme",  # kept in the browser alone
    "page complete",  # reads what was written so far and offers words
    "page notices-read",  # somebody's own list of news
    "page sign-in",  # leads to the organisation; coming back is told
}
RECORDERS = {operations.record, operations.record_many}


def reaches_the_log(view: FunctionType, given: dict[str, str]) -> bool:
    """Whether the view, or any code of ours that it names, writes a row; ``given`` picks from tables of functions."""
    seen, waiting = set[Any](), [view]
    while waiting:
        function = waiting.pop()
        if function in RECORDERS:
            return True
        if function not in seen:
            seen.add(function)
            waiting += _named_by(function, given)
    return False


def _named_by(function: FunctionType, given: dict[str, str]) -> Iterator[FunctionType]:
    for cell in function.__closure__ or ():
        yield from _functions_in(cell.cell_contents, given)
    names = list(_names(function.__code__))
    for name in names:
        value = function.__globals__.get(name)
        yield from _functions_in(value, given)
        if isinstance(value, ModuleType) and value.__name__.startswith("dure."):
            yield from (f for n in names for f in _functions_in(getattr(value, n, None), given))


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _functions_in(value: object, given: dict[str, str]) -> Iterator[FunctionType]:
    """Functions of ours: the value itself, a class's, those of a table, or the one of a table that is meant."""
    if isinstance(value, dict):
        meant = [value[key] for key in given.values() if key in value]
        yield from (f for entry in meant or value.values() for f in _functions_in(entry, given))
    elif inspect.isclass(value) and value.__module__.startswith("dure."):
        yield from (f for f in vars(value).values() if isinstance(f, FunctionType))
    elif isinstance(value, FunctionType) and value.__module__.startswith(("dure.", "django.", "contextlib")):
        yield value
    elif hasattr(value, "operation"):
        yield from _functions_in(value.operation, given)


def calls_of_the_api() -> dict[str, FunctionType]:
    return {
        f"{operation.methods[0]} {path}": operation.view_func
        for bound in api._get_bound_routers()
        for path, view in bound.path_operations.items()
        for operation in view.operations
        if operation.methods != ["GET"]
    }


def pages() -> dict[str, URLPattern]:
    """Pages of ours that take a POST; those that only lead elsewhere are no functions."""
    ours = (page for page in _patterns(urlpatterns) if not hasattr(page.callback, "view_class"))
    return {f"page {page.name}": page for page in ours if "POST" in _methods(page.callback)}


def _patterns(found: Sequence[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for one in found:
        yield from _patterns(one.url_patterns) if isinstance(one, URLResolver) else [one]


def _methods(view: FunctionType | None) -> list[str]:
    """As ``require_POST`` and its like say, each of which keeps them in its closure."""
    while view is not None:
        kept = dict(zip(view.__code__.co_freevars, view.__closure__ or (), strict=True))
        if "request_method_list" in kept:
            return list(kept["request_method_list"].cell_contents)
        view = getattr(view, "__wrapped__", None)
    return ["POST"]


def test_every_call_of_the_api_and_every_page_that_changes_something_leaves_a_row():
    views = {name: (view, {}) for name, view in calls_of_the_api().items()}
    views |= {name: (page.callback, page.default_args) for name, page in pages().items()}

    assert len(views) > 100
    assert {name for name, (view, given) in views.items() if not reaches_the_log(view, given)} == UNTOLD
