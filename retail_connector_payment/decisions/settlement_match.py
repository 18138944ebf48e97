"""Which entry each transaction of a payout settles."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from odoo.addons.retail_connector_base.canonical import BalanceCategory

from .ledger import fits_sign
from .settlement_parts import Cause, Entry, Line, Misfit, Tie

# Where the gateway does not name what it settles, the amount does, if it is the only one of its
# kind.
RARE = frozenset(
    {
        BalanceCategory.DISPUTE,
        BalanceCategory.DISPUTE_REVERSAL,
        BalanceCategory.PAYOUT,
        BalanceCategory.PAYOUT_FAILURE,
    }
)
# How far a conversion that the gateway does not tell may be from our own rate.
RATE_TOLERANCE = Decimal("0.10")


def match(lines: Iterable[Line], entries: Iterable[Entry]) -> Tie:
    """Find the entry of each transaction that settles one.

    Several transactions may be about one entry (a charge, and the part of it that was not
    captured): then their sum is its amount.
    """
    matcher = _Matcher(entries)
    groups: dict[tuple[BalanceCategory, str], list[Line]] = {}
    for line in lines:
        if line.settles and line.key:
            groups.setdefault((line.category, line.key), []).append(line)
        elif line.settles:
            matcher.by_amount(line)
    for group in groups.values():
        matcher.by_key(group)
    return Tie(tuple(matcher.misfits), matcher.settled)


def _has_sign(category: BalanceCategory, gross: Decimal) -> bool:
    """Tell whether the sign can be. A collection from our bank that failed is owed again."""
    return category is BalanceCategory.PAYOUT_FAILURE or fits_sign(category, gross)


class _Matcher:
    """Gives each entry away once."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.settled: dict[int, Entry] = {}
        self.misfits: list[Misfit] = []
        self._taken: set[int] = set()
        self._by_key: dict[tuple[BalanceCategory, str], list[Entry]] = {}
        self._by_category: dict[BalanceCategory, list[Entry]] = {}
        for entry in entries:
            self._by_key.setdefault((entry.category, entry.key), []).append(entry)
            if entry.category in RARE:
                self._by_category.setdefault(entry.category, []).append(entry)

    def by_key(self, group: list[Line]) -> None:
        """Settle what the gateway names: the whole group one entry, or each its own."""
        known = self._by_key.get((group[0].category, group[0].key or ""), [])
        whole = self._fitting(known, group)
        if whole:
            self._settle(group, whole)
            return
        for line in group:
            entry = self._fitting(known, [line])
            if entry:
                self._settle([line], entry)
            else:
                self.misfits.append(self._unmatched(line, known))

    def by_amount(self, line: Line) -> None:
        """Settle what is not named by the only open entry of its kind and amount."""
        known = self._by_category.get(line.category, []) if line.category in RARE else []
        fitting = [entry for entry in known if self._is_open(entry) and fits([line], entry)]
        if len(fitting) == 1:
            self._settle([line], fitting[0])
        else:
            cause = Cause.NO_KEY if fitting or line.category not in RARE else Cause.MISSING
            self.misfits.append(Misfit(cause, line, found=f"{line.gross} {line.currency}"))

    def _fitting(self, known: list[Entry], group: list[Line]) -> Entry | None:
        if not _has_sign(group[0].category, sum((line.gross for line in group), Decimal(0))):
            return None
        found = (entry for entry in known if self._is_open(entry) and fits(group, entry))
        return next(found, None)

    def _is_open(self, entry: Entry) -> bool:
        return entry.state == "posted" and entry.number not in self._taken

    def _settle(self, group: list[Line], entry: Entry) -> None:
        self._taken.add(entry.number)
        for line in group:
            self.settled[line.number] = entry

    def _unmatched(self, line: Line, known: list[Entry]) -> Misfit:
        told = f"{line.gross} {line.currency}"
        if not _has_sign(line.category, line.gross):
            return Misfit(Cause.SIGN, line, found=told)
        left = [entry for entry in known if self._is_open(entry)]
        if left:
            return Misfit(Cause.AMOUNT, line, f"{left[0].amount} {left[0].currency}", told)
        if any(entry.state == "to_post" for entry in known):
            return Misfit(Cause.NOT_POSTED, line, found=told)
        return Misfit(Cause.SETTLED_BEFORE if known else Cause.MISSING, line, found=told)


def fits(group: Sequence[Line], entry: Entry) -> bool:
    """Tell whether transactions are together what an entry says.

    In another currency it is what the gateway converted from, or what our own rate makes likely.
    """
    first = group[0]
    if entry.currency == first.currency:
        return sum((line.gross for line in group), Decimal(0)) == entry.amount
    originals = [line.original for line in group if line.original_currency == entry.currency]
    if len(originals) == len(group):
        return sum((one for one in originals if one is not None), Decimal(0)) == entry.amount
    if first.original is not None or entry.worth is None:
        return False
    return _is_near(sum((line.gross for line in group), Decimal(0)), entry.worth)


def _is_near(told: Decimal, worth: Decimal) -> bool:
    return told * worth > 0 and abs(told - worth) <= RATE_TOLERANCE * abs(worth)
