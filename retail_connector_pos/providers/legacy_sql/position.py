"""How far a poll has come, in the values of the foreign database itself.

Clocks differ, and go back: a poll starts behind the largest watermark that was seen, not where our
own clock was, and reaches back from there.
"""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from odoo.addons.retail_connector_base.providers import ConfigurationError

from ...decisions.legacy_layout import Tables
from ...decisions.legacy_values import CellError, moment

# Prefixes of a cursor with which a run begins: behind a former one, or from a moment on purpose.
AGAIN = "again:"
BACK = "back:"
NULLS = "nulls"
MAIN = "main"


@dataclass(frozen=True)
class Position:
    """A place in the order of rows: those without a watermark are the first ``phase``.

    ``mark`` and ``key`` are of the row read last, ``key`` empty before the first one; ``reached``
    is the largest watermark that was read.
    """

    phase: str = NULLS
    mark: Any = None
    key: tuple[Any, ...] = ()
    reached: Any = None

    def after(self, mark: Any, key: tuple[Any, ...]) -> "Position":
        """Return the position behind a row."""
        reached = self.reached if mark is None else mark
        return replace(self, mark=mark, key=key, reached=reached)

    def main(self, start: Any) -> "Position":
        """Return the start of the rows with a watermark."""
        return replace(self, phase=MAIN, mark=start, key=())

    def text(self) -> str:
        """Return the cursor that leads back here."""
        content = {
            "p": self.phase,
            "m": _encoded(self.mark),
            "k": [_encoded(value) for value in self.key],
            "r": _encoded(self.reached),
        }
        return json.dumps(content, separators=(",", ":"))


def position_of(text: str) -> Position:
    """Return the position of a cursor. Raises ``ConfigurationError`` for one that is none."""
    try:
        content = json.loads(text)
        return Position(
            content["p"],
            _decoded(content["m"]),
            tuple(_decoded(value) for value in content["k"]),
            _decoded(content["r"]),
        )
    except (ValueError, KeyError, TypeError, ArithmeticError):
        raise ConfigurationError("The poll's cursor is not of this system.") from None


def _encoded(value: Any) -> list[str] | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return ["moment", value.isoformat()]
    if isinstance(value, date):
        return ["day", value.isoformat()]
    if isinstance(value, bytes | bytearray | memoryview):
        return ["bytes", bytes(value).hex()]
    if isinstance(value, int):
        return ["int", str(int(value))]
    if isinstance(value, float):
        return ["float", repr(value)]
    return ["decimal" if isinstance(value, Decimal) else "text", str(value)]


_DECODERS = {
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "bytes": bytes.fromhex,
    "int": int,
    "float": float,
    "decimal": Decimal,
    "text": str,
}


def _decoded(value: list[str] | None) -> Any:
    return None if value is None else _DECODERS[value[0]](value[1])


@dataclass(frozen=True)
class Clock:
    """What moments are in a database's own terms: ``like`` one that its column holds."""

    tables: Tables
    zone: ZoneInfo

    def back(self, reached: Any, now: datetime) -> Any:
        """Return where to read from: before the watermark that was reached, by the overlap.

        A watermark of the future was written by a clock that was wrong: what comes after it may be
        dated now.
        """
        if self.tables.watermark_kind == "number":
            return self._steps_back(reached)
        then = min(self.utc(reached), now)
        return self.like(reached, then - timedelta(minutes=self.tables.overlap))

    def _steps_back(self, reached: Any) -> Any:
        if isinstance(reached, bytes):
            number = max(int.from_bytes(reached, "big") - self.tables.overlap, 0)
            return number.to_bytes(len(reached), "big")
        if isinstance(reached, str):
            # Digits compare as texts only where all are of one length.
            return str(max(int(reached) - self.tables.overlap, 0)).zfill(len(reached))
        return reached - self.tables.overlap

    def utc(self, value: Any) -> datetime:
        """Return a column's value as a moment."""
        form = (self.tables.moment_format,) if self.tables.moment_format else ()
        try:
            return moment(value, form, self.zone)
        except CellError as error:
            raise ConfigurationError(f"The watermark cannot be read: {error}.") from None

    def like(self, sample: Any, when: datetime) -> Any:
        """Return a moment as the column that holds ``sample`` would."""
        local = when.astimezone(self.zone).replace(tzinfo=None)
        if isinstance(sample, datetime):
            return when.astimezone(timezone.utc) if sample.tzinfo else local
        if isinstance(sample, date):
            return local.date()
        if isinstance(sample, str):
            return self._text(sample, when)
        seconds = when.timestamp() * (1000 if self.tables.moment_format == "epoch_ms" else 1)
        return int(seconds) if isinstance(sample, int) else type(sample)(int(seconds))

    def _text(self, sample: str, when: datetime) -> str:
        """Return a text that sorts as the column's do."""
        form = self.tables.moment_format
        if form in ("epoch", "epoch_ms"):
            return str(int(when.timestamp() * (1000 if form == "epoch_ms" else 1)))
        as_utc = sample.endswith(("Z", "z", "+00:00"))
        local = when.astimezone(timezone.utc if as_utc else self.zone).replace(tzinfo=None)
        if form and form != "iso":
            return local.strftime(form)
        text = local.isoformat(sep=sample[10:11] or " ", timespec="seconds")
        return text[: len(sample)] if len(sample) < len(text) else text
