"""Texts that are found by their words, Korean and English alike, and with the same results in both databases.

An index has words cut into pieces: letters and digits as they stand, and what is written without blanks between words
(Hangul, kana, Han) as pairs of signs that overlap, with the last sign alone. What somebody types is cut the same way:
each word of it is a phrase of pieces, and all of them must be there. The last piece may go on. PostgreSQL keeps the
pieces in a GIN index, SQLite in an FTS5 table beside the rows.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Lookup

_JOINED = "ㄱ-ㅎㅏ-ㅣ가-힣ぁ-ゖァ-ヺー一-鿿"  # scripts whose words stand without blanks, or change at their ends
_WORD = re.compile(r"[^\W_]+")
_RUN = re.compile(rf"(?P<joined>[{_JOINED}]+)|(?P<letters>(?:(?![{_JOINED}])[^\W\d_])+)|(?P<digits>[0-9]+)")
MOST_TYPED = 200


@dataclass(frozen=True)
class Phrase:
    """Pieces that stand beside each other; ``open``: the last one may go on."""

    pieces: tuple[str, ...]
    open: bool


def pieces_of(*texts: str) -> str:
    """What an index has of these texts."""
    return " ".join(piece for text in texts for word in _words(text) for piece in _indexed(word))


def phrases_of(typed: str) -> list[Phrase]:
    """What must be there to fit what was typed; nothing where no letter of it could be found."""
    cut = (_phrase(word) for word in _words(typed[:MOST_TYPED]))
    return [phrase for phrase in cut if phrase.pieces]


def _words(text: str) -> list[str]:
    """Without case, width and accents."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if unicodedata.category(sign) != "Mn")
    return _WORD.findall(unicodedata.normalize("NFC", plain).casefold())


def _indexed(word: str) -> Iterator[str]:
    for run in _RUN.finditer(word):
        yield from _pairs(run[0]) if run.lastgroup == "joined" else (run[0],)


def _pairs(run: str) -> Iterator[str]:
    """Each sign with the one after it, the last one alone."""
    return (run[at : at + 2] for at in range(len(run)))


def _phrase(word: str) -> Phrase:
    pieces = tuple(_indexed(word))
    runs = list(_RUN.finditer(word))
    if runs and runs[-1].lastgroup == "joined" and len(runs[-1][0]) > 1:
        return Phrase(pieces[:-1], open=False)
    return Phrase(pieces, open=True)


class PiecesField(models.TextField):  # type: ignore[type-arg]  # generic for the checker only
    """What ``pieces_of`` gave, in a table that ``full_text`` indexes."""


@PiecesField.register_lookup
class Holds(Lookup):
    """``pieces__holds="typed"``: all that was typed is there."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[str]]:
        asked = " AND ".join(f'"{" ".join(p.pieces)}"{"*" if p.open else ""}' for p in phrases_of(self.rhs))
        if not asked:
            return "1 = 0", []
        quote, field = compiler.quote_name_unless_alias, self.lhs.target
        table = quote(_index_of(field.model._meta.db_table))
        found = f"SELECT rowid FROM {table} WHERE {quote(field.column)} MATCH %s"  # noqa: S608 -- names of models
        return f"{quote(self.lhs.alias)}.{quote(field.model._meta.pk.column)} IN ({found})", [asked]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        asked = " & ".join(f"({' <-> '.join(p.pieces)}{':*' if p.open else ''})" for p in phrases_of(self.rhs))
        if not asked:
            return "1 = 0", []
        return f"to_tsvector('simple', {column}) @@ to_tsquery('simple', %s)", [*params, asked]


def full_text(table: str, columns: Sequence[str]) -> migrations.RunPython:
    """For migrations: index the columns of a table whose key is a counted ``id``.

    SQLite drops triggers with a table that is made anew, so the table holds what is searched and nothing else:
    then no migration need ever alter it.
    """

    def make(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        _run(editor, _postgresql(table, columns), _sqlite(table, columns))

    def unmake(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        indexes = [f'DROP INDEX "{table}_{column}_pieces"' for column in columns]
        _run(editor, indexes, [f'DROP TABLE "{_index_of(table)}"'])

    return migrations.RunPython(make, unmake)


def _run(editor: BaseDatabaseSchemaEditor, postgresql: Sequence[str], sqlite: Sequence[str]) -> None:
    for statement in postgresql if editor.connection.vendor == "postgresql" else sqlite:
        editor.execute(statement)


def _index_of(table: str) -> str:
    return f"{table}_found"


def _postgresql(table: str, columns: Sequence[str]) -> list[str]:
    return [
        f'CREATE INDEX "{table}_{column}_pieces" ON "{table}" USING gin (to_tsvector(\'simple\', "{column}"))'
        for column in columns
    ]


def _sqlite(table: str, columns: Sequence[str]) -> list[str]:
    index, names = _index_of(table), ", ".join(f'"{column}"' for column in columns)
    new, old = (", ".join(f'{row}."{column}"' for column in columns) for row in ("new", "old"))
    take = f'INSERT INTO "{index}"(rowid, {names}) VALUES (new.id, {new});'  # noqa: S608 -- names of migrations
    drop = f'INSERT INTO "{index}"("{index}", rowid, {names}) VALUES (\'delete\', old.id, {old});'  # noqa: S608 -- likewise
    kept = f"content='{table}', content_rowid='id', tokenize='unicode61 remove_diacritics 0'"
    triggers = (("INSERT", take), ("DELETE", drop), ("UPDATE", f"{drop} {take}"))
    return [
        f'CREATE VIRTUAL TABLE "{index}" USING fts5({names}, {kept})',
        *(f'CREATE TRIGGER "{index}_{on}" AFTER {on} ON "{table}" BEGIN {does} END' for on, does in triggers),
    ]
