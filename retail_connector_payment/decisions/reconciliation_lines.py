"""The transactions of payouts against the entries that they settle, without a database."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .reconciliation import Item

MODEL = "retail.payout.line"


@dataclass(frozen=True)
class Transaction:
    """A transaction as the gateway told it, and the entry that it settled, if any.

    ``at_once`` says that it settles an entry; what does not is posted with its payout. Transactions
    of one ``group`` may settle one entry together. ``original`` is the amount before the gateway
    converted it.
    """

    number: int
    name: str
    group: str
    at_once: bool
    gross: Decimal
    net: Decimal
    currency: str
    posted: bool = False
    original: Decimal | None = None
    original_currency: str | None = None
    entry: Decimal | None = None
    entry_currency: str | None = None


def sides_of(transactions: Iterable[Transaction]) -> tuple[list[Item], list[Item]]:
    """Return what is booked of transactions, and what was told; each told one is in it once."""
    groups: dict[str, list[Transaction]] = defaultdict(list)
    here: list[Item] = []
    there: list[Item] = []
    for each in transactions:
        if each.at_once:
            groups[each.group].append(each)
        else:
            item = _item(each, each.net, each.currency)
            there.append(item)
            here += [item] if each.posted else []
    for group in groups.values():
        ours, theirs = _sides_of_group(group)
        here += ours
        there += theirs
    return here, there


def _sides_of_group(group: Sequence[Transaction]) -> tuple[list[Item], list[Item]]:
    """Compare in the entries' currency where the gateway tells it.

    Where it does not, our own rate made the amount likely when the payout was settled, and that is
    all there is.
    """
    settled = [each for each in group if each.entry is not None]
    converted = {each.entry_currency for each in settled} - {each.currency for each in group}
    if not converted:
        told = [_item(each, each.gross, each.currency) for each in group]
        return [_item(each, each.entry, each.entry_currency) for each in settled], told
    if {each.original_currency for each in group} == converted:
        told = [_item(each, each.original, each.original_currency) for each in group]
        return [_item(each, each.entry, each.entry_currency) for each in settled], told
    told = [_item(each, each.gross, each.currency) for each in group]
    return told, told


def _item(each: Transaction, amount: Decimal | None, currency: str | None) -> Item:
    key = f"line:{each.group}"
    return Item(key, amount or Decimal(0), currency or "", None, each.name, MODEL, each.number)
