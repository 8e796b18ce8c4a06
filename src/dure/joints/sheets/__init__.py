"""Everything that is recorded, as spreadsheets: taken out, filled in, brought back."""

from dure.joints.sheets.tables import CONTENT_TYPES, Table, csv_pieces, read, read_sent, write, write_workbook
from dure.joints.sheets.transfer import (
    SHEETS,
    Change,
    Imported,
    Taken,
    export_sheet,
    import_sheet,
    size_of,
    take_out,
)

__all__ = [
    "CONTENT_TYPES",
    "SHEETS",
    "Change",
    "Imported",
    "Table",
    "Taken",
    "csv_pieces",
    "export_sheet",
    "import_sheet",
    "read",
    "read_sent",
    "size_of",
    "take_out",
    "write",
    "write_workbook",
]
