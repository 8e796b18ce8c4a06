"""Forms: what a turn asks, the draft that its holders write, the files they attach, and a receipt for each sending."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Self
from uuid import UUID

from django.http import FileResponse
from ninja import File, Router
from ninja.files import UploadedFile
from pydantic import Field

from dure.api.base import Asked
from dure.api.find import held_turn, seen_turn
from dure.api.shapes import In, Line, Moment, Out, Value, Words
from dure.api.writing import writes
from dure.applications import operations
from dure.applications.models import Application, Attachment, Receipt
from dure.applications.queries import attached, is_editable, latest_receipt, sources, standing
from dure.applications.questions import Question, Wanted
from dure.applications.rules import may_fill
from dure.core.text import Text
from dure.joints.stages.forms import application_of, file_of, takes_answers, writable_application_of
from dure.people.models import Person
from dure.programmes.models import Turn

router = Router(tags=["forms"])
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
BYTES = {"responses": {200: {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}}}


class AnswersIn(In):
    """Answers by question, those that changed; null clears one. ``version`` is the one that the writer saw."""

    answers: dict[Line, Value] = Field(max_length=500)
    version: Version


class SendIn(In):
    """``version``: what is sent is what was seen."""

    version: Version


class ChoiceOut(Out):
    value: str
    label: Words


class FormQuestion(Out):
    """``source``: from where Dure took the answer, as long as it stands as it was filled in."""

    name: str
    label: Words
    type: str
    choices: list[ChoiceOut]
    required: bool
    answer: Value
    source: Words | None

    @classmethod
    def of(cls, question: Question, answer: Any, source: Text | None) -> Self:
        return cls(
            name=question.name,
            label=Words.of(question.label),
            type=question.type,
            choices=[ChoiceOut(value=choice.value, label=Words.of(choice.label)) for choice in question.choices],
            required=question.required,
            answer=answer,
            source=Words.of(source) if source else None,
        )


class FileOut(Out):
    """A file that was attached; its bytes are at ``/files/{id}``."""

    id: UUID
    wanted: str
    name: str
    kind: str
    size: int
    sha256: str
    attached_at: Moment

    @classmethod
    def of(cls, attachment: Attachment) -> Self:
        return cls(**{"id": attachment.pk} | {name: getattr(attachment, name) for name in _OF_A_FILE})


_OF_A_FILE = ("wanted", "name", "kind", "size", "sha256", "attached_at")


class WantedOut(Out):
    name: str
    label: Words
    required: bool
    file: FileOut | None

    @classmethod
    def of(cls, wanted: Wanted, file: Attachment | None) -> Self:
        return cls(
            name=wanted.name,
            label=Words.of(wanted.label),
            required=wanted.required,
            file=FileOut.of(file) if file else None,
        )


class FormFlaw(Out):
    """What keeps the draft from being sent, at a question or a file."""

    field: str
    ko: str
    en: str


class FormReceipt(Out):
    """What was received, when, for which stage; ``quota`` is null, for a form may be sent again until it closes."""

    id: UUID
    received_at: Moment
    stage: str
    deadline: Moment | None
    quota: None
    sha256: str

    @classmethod
    def of(cls, receipt: Receipt) -> Self:
        return cls.told(receipt, _turn_of(receipt.application))

    @classmethod
    def told(cls, receipt: Receipt, turn: Turn) -> Self:
        return cls(
            id=receipt.pk,
            received_at=receipt.received_at,
            stage=turn.stage,
            deadline=turn.closes_at,
            quota=None,
            sha256=receipt.sha256,
        )


class FormOut(Out):
    """The form as its holders are writing it; for everybody else, as it was sent last.

    ``editable_until`` null: until a verdict. ``flaws``: what is still missing or wrong, for the holders.
    """

    turn: UUID
    stage: str
    state: str
    version: int
    editable: bool
    editable_until: Moment | None
    saved_at: Moment | None
    questions: list[FormQuestion]
    attachments: list[WantedOut]
    flaws: list[FormFlaw]
    receipt: FormReceipt | None

    @classmethod
    def of(cls, application: Application) -> Self:
        """The draft."""
        flaws = [FormFlaw(**flaw) for flaw in standing(application)[1]]
        filled, files = sources(application), attached(application)
        receipt = latest_receipt(application)
        return cls._shaped(application, receipt, application.answers, files, sources=filled, flaws=flaws)

    @classmethod
    def as_sent(cls, application: Application) -> Self:
        """What the latest receipt tells of."""
        receipt = latest_receipt(application)
        answers = receipt.answers if receipt else {}
        return cls._shaped(application, receipt, answers, _sent_files(receipt), sources={}, flaws=[])

    @classmethod
    def _shaped(
        cls,
        application: Application,
        receipt: Receipt | None,
        answers: dict[str, Any],
        files: Iterable[Attachment],
        *,
        sources: dict[str, Text],
        flaws: list[FormFlaw],
    ) -> Self:
        turn, form = _turn_of(application), application.form
        by_name = {file.wanted: file for file in files}
        return cls(
            turn=turn.pk,
            stage=turn.stage,
            state=application.state,
            version=application.version,
            editable=takes_answers(turn) and is_editable(application),
            editable_until=application.closes_at,
            saved_at=application.saved_at,
            questions=[FormQuestion.of(q, answers.get(q.name), sources.get(q.name)) for q in form.asked],
            attachments=[WantedOut.of(wanted, by_name.get(wanted.name)) for wanted in form.wanted],
            flaws=flaws,
            receipt=FormReceipt.told(receipt, turn) if receipt else None,
        )


@router.get("/turns/{uuid:turn_id}/form", response=FormOut)
def shown(request: Asked, turn_id: UUID) -> FormOut:
    """What a form asks, and the draft for its holders; for others who may see the turn, what was sent."""
    application = application_of(seen_turn(request.auth, turn_id), by=request.auth)
    return FormOut.of(application) if may_fill(request.auth, application) else FormOut.as_sent(application)


@writes(router.patch, "/turns/{uuid:turn_id}/form", FormOut)
def save(request: Asked, turn_id: UUID, body: AnswersIn) -> Application:
    """Keep answers as they are typed, right or wrong; 409 where another window saved first."""
    application = _writable(request.auth, turn_id)
    return operations.save(application, answers=body.answers, version=body.version, by=request.auth)


@contextmanager
def _received(request: Asked, turn_id: UUID, wanted: str, file: File[UploadedFile]) -> Iterator[operations.Received]:
    application, name = _writable(request.auth, turn_id), file.name or ""
    with operations.receive(application, wanted, content=file.chunks(), name=name, by=request.auth) as received:
        yield received


@writes(router.post, "/turns/{uuid:turn_id}/form/files/{slug:wanted}", FileOut, status=201, before=_received)
def attach(_request: Asked, received: operations.Received) -> Attachment:
    """Attach a file that the form wants, in the place of the one that stood there."""
    return operations.accept(received)


@writes(router.delete, "/turns/{uuid:turn_id}/form/files/{slug:wanted}", FormOut)
def detach(request: Asked, turn_id: UUID, wanted: str) -> Application:
    """Take an attached file away again."""
    application = _writable(request.auth, turn_id)
    operations.detach(application, wanted, by=request.auth)
    return application


@writes(router.post, "/turns/{uuid:turn_id}/form/send", FormReceipt, status=201)
def send(request: Asked, turn_id: UUID, body: SendIn) -> Receipt:
    """Hand the form in; the same answers again give the same receipt. 422 lists what is missing or wrong."""
    return operations.send(_writable(request.auth, turn_id), version=body.version, by=request.auth)


@router.get("/files/{uuid:file_id}", openapi_extra=BYTES)
def file(request: Asked, file_id: UUID) -> FileResponse:
    """An attached file, to be saved, for whoever may see its turn."""
    found = file_of(file_id, by=request.auth)
    answer = FileResponse(found.path.open("rb"))
    for name, value in found.headers.items():  # afterwards: the response would make up its own
        answer[name] = value
    return answer


def _writable(person: Person, turn_id: UUID) -> Application:
    """The application of one's own turn, while the turn takes hand-ins."""
    return writable_application_of(held_turn(person, turn_id), by=person)


def _turn_of(application: Application) -> Turn:
    return Turn.objects.select_related("programme").get(form_turn__application=application)


def _sent_files(receipt: Receipt | None) -> list[Attachment]:
    """The files that a receipt tells of, also those that were replaced since."""
    if receipt is None:
        return []
    files = Attachment.objects.filter(application=receipt.application_id, wanted__in=receipt.files).order_by("pk")
    return [file for file in files if receipt.files[file.wanted] == file.sha256]
