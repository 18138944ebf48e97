"""What is wrong with what came back. Values without a database."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from odoo.addons.retail_connector_base.canonical import ReturnState
from odoo.addons.retail_connector_base.canonical.goods_return import ReturnLine

HERE = (ReturnState.RECEIVED, ReturnState.COMPLETED)


class Trouble(str, Enum):
    """What a person should know about units that came."""

    WRONG_ITEM = "return_wrong_item"
    DAMAGED = "return_damaged"
    UNKNOWN_ITEM = "return_unknown_item"
    MORE_THAN_SENT = "return_more_than_sent"
    MORE_THAN_AUTHORIZED = "return_more_than_authorized"
    UNAUTHORIZED = "return_unauthorized"
    REFUSED = "return_refused_came"


@dataclass(frozen=True)
class Came:
    """Units of one line that came. ``sent`` is what the customer ever got of it."""

    received: Decimal
    authorized: Decimal
    sent: Decimal | None
    conditions: frozenset[str]
    is_known: bool = True


def troubles(line: Came, is_unauthorized: bool, is_refused: bool) -> list[Trouble]:
    """Return what is wrong with a line, nothing where nothing came."""
    if not line.received:
        return []
    found = []
    if not line.is_known:
        found.append(Trouble.UNKNOWN_ITEM)
    if "wrong_item" in line.conditions:
        found.append(Trouble.WRONG_ITEM)
    if line.conditions & {"damaged", "defective"}:
        found.append(Trouble.DAMAGED)
    if line.sent is not None and line.received > line.sent:
        found.append(Trouble.MORE_THAN_SENT)
    if is_refused:
        found.append(Trouble.REFUSED)
    elif is_unauthorized:
        found.append(Trouble.UNAUTHORIZED)
    elif line.received > line.authorized and Trouble.MORE_THAN_SENT not in found:
        found.append(Trouble.MORE_THAN_AUTHORIZED)
    return found


def received_of(line: ReturnLine, state: ReturnState, any_told: bool) -> tuple[Decimal, bool]:
    """Return (units that came, whether that is only implied).

    Who says that a return is here and tells no figure of any line means all of it.
    """
    if line.received_quantity is not None:
        return line.received_quantity, False
    if state in HERE and not any_told:
        return line.quantity, True
    return Decimal(0), True


def named_lots(text: str, quantity: Decimal) -> list[tuple[str, Decimal]]:
    """Return (number, units) of lots as a person writes them: ``A1, A2`` or ``A1=3, A2=2``.

    Numbers without units share the rest evenly; what is left over is the last one's.
    """
    named: list[tuple[str, Decimal | None]] = []
    for part in filter(None, (each.strip() for each in text.split(","))):
        number, _sign, units = part.rpartition("=")
        named.append(
            (number.strip(), Decimal(units)) if number and _is_number(units) else (part, None)
        )
    given = sum((units for _number, units in named if units is not None), Decimal(0))
    open_ones = sum(1 for _number, units in named if units is None)
    each = ((quantity - given) / open_ones).to_integral_value() if open_ones else Decimal(0)
    found, left = [], quantity
    for index, (number, units) in enumerate(named):
        part = left if index == len(named) - 1 else min(each if units is None else units, left)
        left -= part
        if part > 0:
            found.append((number, part))
    return found


def _is_number(text: str) -> bool:
    return text.strip().replace(".", "", 1).isdigit()
