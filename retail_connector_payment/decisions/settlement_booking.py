"""The journal items of a part of a payout that ties. A debit is positive."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .ledger import Role
from .settlement_parts import Books, Entry, Line

Target = Role | int
# (amount, currency) -> the amount in company currency, rounded
Convert = Callable[[Decimal, str], Decimal]


class UnbalancedError(Exception):
    """Amounts in one currency do not add up: the payout was not tied out before."""


@dataclass(frozen=True)
class Item:
    """One journal item. ``target`` is the role of its account, or the account's own number.

    ``entry`` is the number of the entry whose clearing line it closes.
    """

    target: Target
    amount: Decimal
    currency: str
    balance: Decimal
    entry: int | None = None


def book(
    lines: Iterable[Line],
    settled: Mapping[int, Entry],
    books: Books,
    company: str,
    convert: Convert,
) -> list[Item]:
    """Return balanced items for tied-out lines of one currency.

    Each entry's line on the clearing account is closed in its own currency and to its own balance
    in company currency. Everything else is one item per account, at the rate that ``convert``
    knows; what the rates differ by is the exchange difference. Raises ``UnbalancedError`` when
    there is one although all is in company currency.
    """
    lines = list(lines)
    entries = {settled[line.number].number: settled[line.number] for line in lines if line.settles}
    items = [_closing(entry) for entry in entries.values()]
    currency = lines[0].currency
    for target, amount in _totals(lines, books).items():
        if amount:
            items.append(Item(target, amount, currency, convert(amount, currency)))
    rest = -sum((item.balance for item in items), Decimal(0))
    if rest and all(item.currency == company for item in items):
        raise UnbalancedError(f"{rest} {company} are left over")
    return [*items, _exchange(rest, company)] if rest else items


def _closing(entry: Entry) -> Item:
    return Item(Role.CLEARING, -entry.amount, entry.currency, -entry.balance, entry.number)


def _totals(lines: Iterable[Line], books: Books) -> dict[Target, Decimal]:
    """Return the debit of every account, the clearing account's left out."""
    totals: dict[Target, Decimal] = defaultdict(Decimal)
    for line in lines:
        target = books.target(line)
        if target is None:
            raise UnbalancedError(f"{line.external_id} has no account")
        if target is not Role.CLEARING:
            totals[target] -= line.gross
        totals[line.fee_role] += line.fee - line.fee_tax
        totals[books.fee_tax_role(line)] += line.fee_tax
        totals[Role.TRANSIT] += line.net
    return totals


def _exchange(rest: Decimal, company: str) -> Item:
    role = Role.EXCHANGE_LOSS if rest > 0 else Role.EXCHANGE_GAIN
    return Item(role, rest, company, rest)
