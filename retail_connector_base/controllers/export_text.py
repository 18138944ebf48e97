"""Keeps what other systems sent from becoming a formula in an exported spreadsheet.

Odoo's CSV export guards against this, its XLSX exports do not: a customer named ``=HYPERLINK(…)``
would be a formula in the accountant's spreadsheet.
"""

import json

from odoo import http

from odoo.addons.web.controllers.export import ExportXlsxWriter
from odoo.addons.web.controllers.pivot import TableExporter


class TextTableExporter(TableExporter):
    """Pivot tables: texts that begin like formulas are marked as texts, as in Odoo's CSV export."""

    @http.route()
    def export_xlsx(self, data, **kw):
        """Override: no title of a group is a formula."""
        given = data.read() if hasattr(data, "read") else data
        return super().export_xlsx(json.dumps(_as_text(json.loads(given))), **kw)


def _as_text(value):
    if isinstance(value, dict):
        return {key: _as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_as_text(each) for each in value]
    return f"'{value}" if isinstance(value, str) and value.startswith("=") else value


def install() -> None:
    """Let lists be exported with texts that stay texts, once per process."""
    original = ExportXlsxWriter.write

    def write(self, row, column, cell_value, style=None):
        if isinstance(cell_value, str):
            return self.worksheet.write_string(row, column, cell_value, style)
        return original(self, row, column, cell_value, style)

    ExportXlsxWriter.write = write


install()
