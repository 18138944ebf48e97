"""Reads the rows of one record by the rules of its layout, and notes all that is wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from odoo.addons.retail_connector_base.canonical.money import minor_unit

from .legacy_layout import Layout, Part
from .legacy_targets import REQUIRED, TARGETS, words_of
from .legacy_values import CellError, Notation, read

Row = Mapping[str, Any]
Values = dict[str, Any]
MOST_ROWS = 5_000
_SHOWN_ERRORS = 20


class UnreadableError(ValueError):
    """A record that does not fit its layout. ``errors`` say where; none quotes a value."""

    def __init__(self, errors: Sequence[str]) -> None:
        shown = [*errors[:_SHOWN_ERRORS], *(["…"] if len(errors) > _SHOWN_ERRORS else [])]
        super().__init__("; ".join(shown))
        self.errors = tuple(errors)


@dataclass(frozen=True)
class Record:
    """The rows of one ticket or report: its header's, and those of each part by its name."""

    header: Row
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)


class Reading:
    """Reads a record's rows by the rules and collects what is wrong."""

    def __init__(self, layout: Layout, record: Record) -> None:
        self.layout = layout
        self.record = record
        self.errors: list[str] = []
        self.zone = ZoneInfo(layout.tz)
        self.notation = Notation(
            layout.decimal_sign, layout.thousands, self.zone, "", layout.is_nested
        )

    def header(self) -> Values:
        """Return what the header says; its currency and time zone hold for all that follows."""
        part = self.layout.header
        for name in ("time_zone", "currency"):
            self._learn(name, self._values(part, self.record.header, "header", only=(name,)))
        values = self._values(part, self.record.header, "header")
        self._require(part, values, "header")
        return values

    def _learn(self, name: str, values: Values) -> None:
        value = values.get(name)
        if not value:
            return
        if name == "currency":
            self.notation = replace(self.notation, currency=value)
            return
        try:
            self.zone = ZoneInfo(value)
        except (ValueError, OSError, KeyError):
            self.errors.append("header, time_zone: there is no such time zone")
        self.notation = replace(self.notation, zone=self.zone)

    def items(self, name: str) -> list[Values]:
        """Return the items of a part: of its own rows, and those that the header's row holds."""
        found = []
        for part in self.layout.parts:
            if part.name == name:
                found += self._of_header(part) if part.of_header else self._of_rows(part)
        return found

    def _of_rows(self, part: Part) -> list[Values]:
        rows = self._rows(part)
        if len(rows) > MOST_ROWS:
            self.errors.append(f"{part.name}: more than {MOST_ROWS} rows")
            return []
        items = (self._item(part, row, f"{part.name} {n}") for n, row in enumerate(rows, 1))
        return [item for item in items if not item.get("skip")]

    def _rows(self, part: Part) -> Sequence[Row]:
        if self.layout.files is None or self.layout.files.shape != "nested":
            return self.record.rows.get(part.name, ())
        found: Any = self.record.header
        for step in filter(None, part.path.split(".")):
            found = found.get(step) if isinstance(found, Mapping) else None
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
            self.errors.append(f"{part.name}: “{part.path}” is no list of objects")
            return ()
        return found

    def _of_header(self, part: Part) -> list[Values]:
        """Return the one item of a part in the header's row, unless its figures are all empty."""
        values = self._values(part, self.record.header, part.name)
        targets = TARGETS[self.layout.kind][part.name]
        figures = [values.get(name) for name, kind in targets.items() if kind.value == "amount"]
        if not any(figures) or values.get("skip"):
            return []
        self._require(part, values, part.name)
        return [values]

    def _item(self, part: Part, row: Row, where: str) -> Values:
        values = self._values(part, row, where, only=("skip",))
        if values.get("skip"):
            return values
        values = self._values(part, row, where)
        self._require(part, values, where)
        return values

    def _values(
        self, part: Part, row: Row, where: str, only: Iterable[str] | None = None
    ) -> Values:
        targets, values = TARGETS[self.layout.kind][part.name], {}
        for rule in part.rules:
            if only is not None and rule.target not in only:
                continue
            try:
                value = read(row, rule, targets[rule.target], self.notation)
            except CellError as error:
                self.wrong(where, rule.target, str(error))
                continue
            words = words_of(self.layout.kind, part.name, rule.target)
            if words and value is not None and value not in words:
                self.wrong(where, rule.target, f"it is none of: {', '.join(words)}")
            elif value is not None:
                values[rule.target] = value
        return values

    def _require(self, part: Part, values: Values, where: str) -> None:
        named = {rule.target for rule in part.rules}
        for target in REQUIRED[self.layout.kind].get(part.name, ()):
            if values.get(target) is None and target in named:
                self.wrong(where, target, "it is empty")

    def wrong(self, where: str, target: str, what: str) -> None:
        """Note an error once."""
        text = f"{where}, {target}: {what}"
        if text not in self.errors:
            self.errors.append(text)

    def stop_if_wrong(self) -> None:
        """Raise ``UnreadableError`` with all that was noted."""
        if self.errors:
            raise UnreadableError(self.errors)

    def rounded(self, amount: Decimal) -> Decimal:
        """Return an amount in whole minor units of the record's currency."""
        unit = minor_unit(self.notation.currency)
        return amount.quantize(unit, rounding=ROUND_HALF_UP)


def sign_of(values: Values) -> Decimal:
    """Return the sign that turns a row's figures, 1 where none is declared."""
    sign = values.get("sign")
    return Decimal(-1) if sign is not None and sign < 0 else Decimal(1)
