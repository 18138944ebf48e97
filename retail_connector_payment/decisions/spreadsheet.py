"""Tables as files in which no text becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import xlsxwriter

# How spreadsheets recognise what they compute (OWASP, “CSV Injection”).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

Cell = str | Decimal | date | int | None


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a table in UTF-8. Texts that begin like formulas get an apostrophe, numbers do not."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([_plain(cell) for cell in header])
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return ("\ufeff" + buffer.getvalue()).encode()


def as_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a table as a workbook. Every text is written as a text, whatever it looks like."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False})
    sheet = book.add_worksheet(title[:31])
    formats = {
        "head": book.add_format({"bold": True}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "money": book.add_format({"num_format": "#,##0.00##"}),
    }
    for column, text in enumerate(header):
        sheet.write_string(0, column, text, formats["head"])
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            _write(sheet, number, column, cell, formats)
    sheet.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA) else cell
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _write(sheet, number: int, column: int, cell: Cell, formats: dict) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(number, column, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(number, column, cell, formats["date"])
    elif isinstance(cell, Decimal):
        sheet.write_number(number, column, float(cell), formats["money"])
    else:
        sheet.write_number(number, column, cell)
