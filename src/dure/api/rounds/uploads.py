"""Large files in parts: what has come is kept for a day, and a broken connection goes on where it was."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import UnreadablePostError
from ninja import Path, Query, Router
from pydantic import Field, StringConstraints

from dure.api.base import Asked
from dure.api.rounds.found import entered
from dure.api.shapes import BIG, In, Out
from dure.challenges import arriving
from dure.challenges.arriving import MOST_PART, Arriving
from dure.challenges.operations.submitting import MOST_CODE, check_admits
from dure.store.disk import too_large

router = Router(tags=["rounds"])
PIECE = 1 << 16
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
BYTES = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string"}}}}}


class PartIn(In):
    """Where the part begins, and of which kind the whole will be."""

    offset: Annotated[int, Field(ge=0, le=BIG)]
    kind: Literal["file", "code"] = "file"


class ArrivedOut(Out):
    """``offset``: how many bytes have come, and where to go on. A part has at most ``most_part`` bytes."""

    offset: int
    most_part: int = MOST_PART


@router.get("/tasks/{uuid:task_id}/uploads/{str:sha256}", response=ArrivedOut)
def arrived(request: Asked, task_id: UUID, sha256: Path[Sha256]) -> ArrivedOut:
    """How much has come of one's file with that SHA-256."""
    entrant = entered(task_id, request.auth)
    return ArrivedOut(offset=arriving.arrived(Arriving(entrant.task_id, request.auth.pk, sha256)))


@router.patch("/tasks/{uuid:task_id}/uploads/{str:sha256}", response=ArrivedOut, openapi_extra=BYTES)
def add(request: Asked, task_id: UUID, sha256: Path[Sha256], part: Query[PartIn]) -> ArrivedOut:
    """Add the next part to one's file; it is submitted by `POST /tasks/{task_id}/submissions` with its ``sha256``.

    One file at a time is kept for each person and task; another one takes its place.
    """
    entrant = entered(task_id, request.auth)
    if part.offset == 0:
        check_admits(entrant, by=request.auth, kind=part.kind)
    file = Arriving(entrant.task_id, request.auth.pk, sha256)
    most = MOST_CODE if part.kind == "code" else entrant.task.most_bytes
    return ArrivedOut(offset=arriving.add(file, _came(request), offset=part.offset, most=most))


def _came(request: Asked) -> bytes:
    """The part, or as much of it as came before the connection broke."""
    came = bytearray()
    try:
        while piece := request.read(PIECE):
            came += piece
            if len(came) > MOST_PART:
                raise too_large(MOST_PART)
    except UnreadablePostError:
        return bytes(came)
    return bytes(came)
