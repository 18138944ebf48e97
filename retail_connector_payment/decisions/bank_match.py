"""Which movement on the bank account is which payout, without a database.

What can be only one thing is matched. Whatever leaves a choice, or a difference, is a suggestion
that a person decides about.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

# Shorter names would be found by chance in account numbers and dates.
SHORTEST_NAME = 6
# How much a bank may keep of a payout before nobody would call it the same money.
NEARLY = Decimal("0.05")


class How(str, Enum):
    """What ties a deposit to its payouts."""

    REFERENCE = "reference"
    AMOUNT = "amount"
    SUM = "sum"
    NEARLY = "nearly"


@dataclass(frozen=True)
class Deposit:
    """A movement on the bank account; negative where money was collected.

    ``original`` is amount and currency before the bank converted it, where the bank tells.
    """

    key: int
    amount: Decimal
    currency: str
    on: date
    text: str = ""
    last_four: str | None = None
    journal: int | None = None
    original: tuple[Decimal, str] | None = None

    def amount_in(self, currency: str) -> Decimal | None:
        """Return what the bank shows in a currency, None if it shows none."""
        if self.currency == currency:
            return self.amount
        if self.original and self.original[1] == currency:
            return self.original[0]
        return None


@dataclass(frozen=True)
class Expected:
    """A payout that the bank has yet to show. ``names`` are texts that may stand on the statement.

    By its amount alone it is looked for ``window`` days before and after its announced arrival.
    Payouts of one ``group`` that arrive on one day may come as one deposit.
    """

    key: int
    amount: Decimal
    currency: str
    arrives: date
    names: tuple[str, ...] = ()
    last_four: str | None = None
    journal: int | None = None
    window: int = 5
    group: int = 0


@dataclass(frozen=True)
class Match:
    """A deposit and the payouts it is, or may be.

    ``difference`` is the deposit less the payouts, None where their currencies differ.
    """

    deposit: int
    payouts: tuple[int, ...]
    how: How
    certain: bool
    difference: Decimal | None

    @property
    def key(self) -> tuple[int, tuple[int, ...]]:
        """The pair that a person may refuse."""
        return self.deposit, self.payouts


def match(
    deposits: Iterable[Deposit],
    expected: Iterable[Expected],
    refused: Collection[tuple[int, tuple[int, ...]]] = (),
) -> list[Match]:
    """Return what is certain, and suggestions for the rest, in the order of deposits.

    ``refused`` are pairs that are not matched again. Each deposit and each payout is in one certain
    match at most, and whatever is in one is in no suggestion.
    """
    deposits = sorted(deposits, key=lambda each: each.key)
    expected = sorted(expected, key=lambda each: each.key)
    found = [each for each in _by_name(deposits, expected) if each.key not in refused]
    sure = _unrivalled([each for each in found if each.difference == 0])
    named_deposits = {each.deposit for each in found}
    named_payouts = {key for each in found for key in each.payouts}
    # What a text names is not given to something else by its amount.
    open_deposits = [each for each in deposits if each.key not in named_deposits]
    open_expected = [each for each in expected if each.key not in named_payouts]
    by_amount = _by_amount(open_deposits, open_expected)
    by_amount = [each for each in by_amount if each.key not in refused]
    sure += _unrivalled(by_amount)
    nearly = _nearly(open_deposits, open_expected, by_amount)
    maybe = [*found, *by_amount, *(each for each in nearly if each.key not in refused)]
    return sorted([*sure, *_without(maybe, sure)], key=lambda each: (each.deposit, each.payouts))


# By name


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).upper()


def _by_name(deposits: Sequence[Deposit], expected: Sequence[Expected]) -> list[Match]:
    names = _names(expected)
    if not names:
        return []
    return [
        _match(deposit, named, How.REFERENCE)
        for deposit in deposits
        if (named := _named(_plain(deposit.text), names))
    ]


def _names(expected: Sequence[Expected]) -> dict[str, Expected]:
    """Return payouts by name. What several bear, e.g. the shop's name, tells none of them apart."""
    bearers = defaultdict(list)
    for each in expected:
        for name in {_plain(name) for name in each.names}:
            if len(name) >= SHORTEST_NAME:
                bearers[name].append(each)
    return {name: found[0] for name, found in bearers.items() if len(found) == 1}


def _named(text: str, names: Mapping[str, Expected]) -> list[Expected]:
    """Return the payouts whose names stand in a text; of names within one another the longest."""
    found = [name for name in names if name in text]
    longest = [
        name for name in found if not any(name != other and name in other for other in found)
    ]
    payouts = {names[name].key: names[name] for name in longest}
    return [payouts[key] for key in sorted(payouts)]


def _match(deposit: Deposit, payouts: Sequence[Expected], how: How) -> Match:
    currencies = {each.currency for each in payouts}
    there = deposit.amount_in(payouts[0].currency) if len(currencies) == 1 else None
    difference = None if there is None else there - sum(each.amount for each in payouts)
    keys = tuple(each.key for each in payouts)
    return Match(deposit.key, keys, how, certain=False, difference=difference)


# By amount


def _by_amount(deposits: Sequence[Deposit], expected: Sequence[Expected]) -> list[Match]:
    """Return every pair of exactly the same amount within the window, sums of a day included."""
    by_amount = defaultdict(list)
    for bundle in _bundles(expected):
        total = sum((each.amount for each in bundle), Decimal(0))
        by_amount[bundle[0].currency, total].append(bundle)
    return [
        _match(deposit, bundle, How.SUM if len(bundle) > 1 else How.AMOUNT)
        for deposit in deposits
        for amount, currency in _shown(deposit)
        for bundle in by_amount.get((currency, amount), ())
        if _may_be(deposit, bundle)
    ]


def _shown(deposit: Deposit) -> list[tuple[Decimal, str]]:
    shown = [(deposit.amount, deposit.currency)]
    return [*shown, deposit.original] if deposit.original else shown


def _bundles(expected: Sequence[Expected]) -> list[tuple[Expected, ...]]:
    """Return each payout alone, and together those of one gateway that arrive on one day."""
    days = defaultdict(list)
    for each in expected:
        days[each.group, each.arrives, each.currency].append(each)
    together = [tuple(group) for group in days.values() if len(group) > 1]
    return [*((each,) for each in expected), *together]


def _may_be(deposit: Deposit, payouts: Sequence[Expected]) -> bool:
    """Tell whether day and bank account fit. What is not known fits."""
    return all(
        abs(deposit.on - each.arrives) <= timedelta(days=each.window)
        and _fits(each.last_four, deposit.last_four)
        and _fits(each.journal, deposit.journal)
        for each in payouts
    )


def _fits(wanted: object, found: object) -> bool:
    return not wanted or not found or wanted == found


def _nearly(
    deposits: Sequence[Deposit], expected: Sequence[Expected], exact: Sequence[Match]
) -> list[Match]:
    """Return pairs that a charge of the bank could explain, of what has no exact counterpart.

    Only where there is nothing else they could be: among many customers' payments some amount is
    always near.
    """
    taken = {each.deposit for each in exact}
    settled = {key for each in exact for key in each.payouts}
    near = [
        _match(deposit, [each], How.NEARLY)
        for deposit in deposits
        if deposit.key not in taken
        for each in expected
        if each.key not in settled and _is_near(deposit, each) and _may_be(deposit, [each])
    ]
    alone = {pair.key for pair in _unrivalled(near)}
    return [pair for pair in near if pair.key in alone]


def _is_near(deposit: Deposit, payout: Expected) -> bool:
    shown = deposit.amount_in(payout.currency)
    return shown is not None and 0 < abs(shown - payout.amount) <= NEARLY * abs(payout.amount)


# Certainty


def _unrivalled(matches: Sequence[Match]) -> list[Match]:
    """Return as certain those whose deposit and payouts are in no other of these."""
    deposits: defaultdict[int, int] = defaultdict(int)
    payouts: defaultdict[int, int] = defaultdict(int)
    for each in matches:
        deposits[each.deposit] += 1
        for key in each.payouts:
            payouts[key] += 1
    return [
        Match(each.deposit, each.payouts, each.how, certain=True, difference=each.difference)
        for each in matches
        if deposits[each.deposit] == 1 and all(payouts[key] == 1 for key in each.payouts)
    ]


def _without(matches: Sequence[Match], sure: Sequence[Match]) -> list[Match]:
    """Return the matches that share nothing with those that are certain."""
    deposits = {each.deposit for each in sure}
    payouts = {key for each in sure for key in each.payouts}
    return [
        each
        for each in matches
        if each.deposit not in deposits and payouts.isdisjoint(each.payouts)
    ]
