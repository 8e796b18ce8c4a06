"""A person's own data to take along: asked for, gathered elsewhere, kept for a week, then gone."""

from datetime import datetime

from django.db import transaction

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.events import ExportAsked
from dure.people.models import EXPORT_LASTS, EXPORT_MOVES, EXPORT_TAKES, Export, ExportState, NoticeKind, Person
from dure.people.operations.checks import once
from dure.people.operations.notices import tell
from dure.store.models import move

PAGE = "/me/account/data/"
_READY = Text(
    ko="요청하신 내 데이터가 준비되었습니다. 7일 안에 내려받으세요.",
    en="Your data is ready. Download it within seven days.",
)


@transaction.atomic
def ask_for_export(person: Person) -> Export:
    """Have everything gathered that Dure keeps about ``person``. Raises Refused("export.asked") meanwhile.

    One that has not come to its end in ``EXPORT_TAKES`` is given up for the new one.
    """
    late = person.exports.filter(state=ExportState.ASKED, asked_at__lte=clock.now() - EXPORT_TAKES)
    late.update(state=ExportState.FAILED)
    waits = Text(
        ko="이미 데이터를 모으고 있습니다. 끝나면 알려 드립니다.",
        en="Your data is being gathered already. You will be told when it is ready.",
    )
    with once("export.asked", waits):
        export = Export.objects.create(person=person)
    record("export.asked", export, about=person)
    publish(ExportAsked(export.pk))
    return export


def note_progress(export: Export, *, done: int, of: int) -> None:
    """``done`` of ``of`` parts are gathered."""
    Export.objects.filter(pk=export.pk, state=ExportState.ASKED).update(done=done, of=of)


@transaction.atomic
def finish_export(export: Export, *, size: int) -> Export:
    """The file lies in its place; its person is told."""
    now = clock.now()
    move(export, ExportState.READY, by=EXPORT_MOVES, size=size, ready_at=now, expires_at=now + EXPORT_LASTS)
    record("export.ready", export, about=export.person)
    tell([export.person_id], kind=NoticeKind.ACCOUNT, text=_READY, path=PAGE)
    return export


def note_download(export: Export) -> None:
    """Write down that it was taken. Raises Refused("export.gone") past its week."""
    if export.state != ExportState.READY or export.expires_at is None or export.expires_at <= clock.now():
        sentence = Text(
            ko="보관 기간이 지났거나 아직 준비되지 않은 파일입니다. 데이터를 다시 요청하세요.",
            en="This file is gone or not ready yet. Ask for your data again.",
        )
        raise Refused("export.gone", sentence)
    record("export.downloaded", export, about=export.person)


def expire_exports(*, before: datetime) -> int:
    """Delete the files whose week is over. Returns how many."""
    over = list(Export.objects.filter(state=ExportState.READY, expires_at__lte=before))
    for export in over:
        export.file.unlink(missing_ok=True)
        move(export, ExportState.GONE, by=EXPORT_MOVES)
    return len(over)
