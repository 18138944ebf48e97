"""What the cells of foreign rows say, by the few transformations that a layout may declare."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from odoo.addons.retail_connector_base.canonical.base import EPOCH
from odoo.addons.retail_connector_base.canonical.money import exponent

from .legacy_layout import Rule
from .legacy_targets import Type

ELSE = "*"
TRUE = frozenset(["1", "true", "yes", "y", "t", "x", "on"])
FALSE = frozenset(["", "0", "false", "no", "n", "f", "off"])
LONGEST_NUMBER = 40
LONGEST_TIME = 60
# Directives of ``datetime.strptime`` that mean the same on every machine.
FORMAT = re.compile(r"(?:[^%]|%[YymdHIMSfpjzZ%]){1,60}")
SPECIAL_FORMATS = frozenset(["iso", "epoch", "epoch_ms"])
UTC = ZoneInfo("UTC")
_PLAIN = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,20})?")
_LARGEST_EPOCH = 10**11


class CellError(ValueError):
    """A cell does not say what its rule needs. The text never quotes what it says."""


@dataclass(frozen=True)
class Notation:
    """How a system writes numbers and times."""

    decimal_sign: str = "."
    thousands: str = ""
    zone: ZoneInfo = UTC
    currency: str = ""
    absent_is_empty: bool = False


def read(row: Mapping[str, Any], rule: Rule, kind: Type, notation: Notation) -> Any:
    """Return what a row says of a rule's target, ``None`` for nothing. Raises ``CellError``."""
    if not rule.columns:
        return converted(rule.constant, rule, kind, notation, ours=True)
    found = [pick(row, column, notation.absent_is_empty) for column in rule.columns]
    value = found[0] if len(found) == 1 else _joined(found, rule.joiner)
    if rule.lookup and (value is not None or _has_else(rule)):
        value = looked_up(as_text(value), rule)
        return converted(value, rule, kind, notation, ours=True)
    if value is None or value == "":
        return converted(rule.default, rule, kind, notation, ours=True)
    return converted(value, rule, kind, notation, ours=False)


def pick(row: Mapping[str, Any], column: str, absent_is_empty: bool = False) -> Any:
    """Return a cell, its text without blanks around it; within objects by ``a.b.0``."""
    if column in row:
        value = row[column]
    elif absent_is_empty:
        value = _within(row, column)
    else:
        raise CellError(f"the column “{column}” is not there")
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dict | list):
        raise CellError(f"the column “{column}” holds no single value")
    return value


def _within(row: Any, path: str) -> Any:
    for name in path.split("."):
        if isinstance(row, Mapping):
            row = row.get(name)
        elif isinstance(row, list) and name.isdecimal() and int(name) < len(row):
            row = row[int(name)]
        else:
            return None
    return row


def _joined(values: list[Any], joiner: str) -> str | None:
    """Return texts put together; nothing when all are empty."""
    texts = [as_text(value) for value in values]
    return joiner.join(texts) if any(texts) else None


def _has_else(rule: Rule) -> bool:
    return any(theirs in (ELSE, "") for theirs, _ours in rule.lookup)


def looked_up(word: str, rule: Rule) -> str:
    """Return our word for theirs. Raises ``CellError`` for one that nobody declared."""
    table = dict(rule.lookup)
    if word in table:
        return table[word]
    if not word and rule.default:
        return rule.default
    if ELSE in table:
        return table[ELSE]
    raise CellError("its value is not in the table of values")


def as_text(value: Any) -> str:
    """Return a value as a person would write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        if not value.is_finite() or abs(value.adjusted()) > LONGEST_NUMBER:
            raise CellError("it is no number")
        return format(value.normalize() if value == value.to_integral_value() else value, "f")
    return str(value).strip()


def converted(value: Any, rule: Rule, kind: Type, notation: Notation, ours: bool) -> Any:
    """Return a value of a type; ``ours``: it is written as declarations are, not as the system."""
    if value is None or (isinstance(value, str) and not value):
        return None
    if kind in (Type.TEXT, Type.WORD):
        return as_text(value) or None
    if kind is Type.FLAG:
        return flag(value) is not rule.flip
    if kind is Type.DAY:
        return day(value, () if ours else rule.formats, notation.zone)
    if kind is Type.MOMENT:
        return moment(value, () if ours else rule.formats, notation.zone)
    figure = number(value, Notation() if ours else notation)
    return _count(figure) if kind is Type.COUNT else _scaled(figure, rule, kind, notation, ours)


def _scaled(figure: Decimal, rule: Rule, kind: Type, notation: Notation, ours: bool) -> Decimal:
    if kind is Type.RATE and rule.percent and not ours:
        figure = figure.scaleb(-2)
    if kind is Type.AMOUNT and rule.minor_units and not ours:
        figure = figure.scaleb(-exponent(notation.currency))
    return -figure if rule.flip else figure


def _count(figure: Decimal) -> int:
    if figure != figure.to_integral_value() or figure < 0:
        raise CellError("it is no whole number")
    return int(figure)


def number(value: Any, notation: Notation = Notation()) -> Decimal:
    """Return a number as a system writes it: a sign before or behind, thousands if declared."""
    if isinstance(value, bool):
        raise CellError("it is no number")
    if isinstance(value, int | float | Decimal):
        result = Decimal(str(value))
        if not result.is_finite() or abs(result.adjusted()) > LONGEST_NUMBER:
            raise CellError("it is no number")
        return result
    text = str(value).strip()
    if len(text) > LONGEST_NUMBER:
        raise CellError("it is no number")
    text = _sign_first(text)
    if notation.thousands:
        text = _without_thousands(text, notation)
    if notation.decimal_sign == ",":
        if "." in text:
            raise CellError("it is no number with a decimal comma")
        text = text.replace(",", ".")
    text = re.sub(r"^(-?)\.", r"\g<1>0.", text).removesuffix(".")
    if not _PLAIN.fullmatch(text):
        raise CellError("it is no number")
    return Decimal(text)


def _sign_first(text: str) -> str:
    if text.endswith(("-", "+")) and not text.startswith(("-", "+")):
        text = text[-1] + text[:-1].rstrip()
    return text[1:].lstrip() if text.startswith("+") else text


def _without_thousands(text: str, notation: Notation) -> str:
    """Take separators out, but only where they part groups of three digits."""
    whole, sign, rest = text.partition(notation.decimal_sign)
    groups = whole.replace("\u00a0", " ").removeprefix("-").split(notation.thousands)
    if len(groups) > 1 and not (
        1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    ):
        raise CellError("its thousands are not set apart as declared")
    minus = "-" if whole.startswith("-") else ""
    return minus + "".join(groups) + sign + rest


def flag(value: Any) -> bool:
    """Return a truth value as systems write it."""
    word = as_text(value).lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise CellError("it is neither yes nor no")


def moment(value: Any, formats: tuple[str, ...], zone: ZoneInfo) -> datetime:
    """Return a moment in UTC; what names no time zone is a clock of ``zone``."""
    found = _moment(value, formats)
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    try:
        return found.astimezone(timezone.utc)
    except (OverflowError, ValueError):
        raise CellError("it is no moment") from None


def day(value: Any, formats: tuple[str, ...], zone: ZoneInfo) -> date:
    """Return a day; of a moment that names its time zone it is the day in ``zone``."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    found = _moment(value, formats)
    return (found.astimezone(zone) if found.tzinfo else found).date()


def _moment(value: Any, formats: tuple[str, ...]) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    text = as_text(value)
    for form in formats or ("iso",) if len(text) <= LONGEST_TIME else ():
        try:
            return _by_format(text, form)
        except (ValueError, OverflowError, CellError):
            continue
    raise CellError("it is no time as declared")


def _by_format(text: str, form: str) -> datetime:
    if form in ("epoch", "epoch_ms"):
        seconds = number(text) / (1000 if form == "epoch_ms" else 1)
        if abs(seconds) > _LARGEST_EPOCH:
            raise ValueError(form)
        return EPOCH + timedelta(microseconds=int(seconds * 1_000_000))
    if form == "iso":
        return datetime.fromisoformat(re.sub(r"[Zz]$", "+00:00", text))
    return datetime.strptime(text, form)


def is_format(form: str) -> bool:
    """Tell whether a format of times may be declared."""
    directives = [name for name in re.findall("%(.)", form) if name != "%"]
    once = len(directives) == len(set(directives)) > 0
    return form in SPECIAL_FORMATS or bool(once and FORMAT.fullmatch(form))
