"""Everything that is recorded, as spreadsheets: taken out, filled in, brought back."""

from dure.joints.sheets.tables import CONTENT_TYPES, Table, read_sent
from dure.joints.sheets.transfer import SHEETS, Change, Imported, export_sheet, import_sheet

__all__ = ["CONTENT_TYPES", "SHEETS", "Change", "Imported", "Table", "export_sheet", "import_sheet", "read_sent"]
