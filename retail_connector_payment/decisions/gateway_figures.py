"""What a gateway's page shows: how old the money is that is not settled, and what differs."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal

# The last day of each age but the oldest. Most gateways pay out within a week.
AGES = (2, 7, 30)
ZERO = Decimal(0)


def age_bucket(days: int) -> int:
    """Return the number of the age that so many days belong to: 0 is the youngest."""
    return next((at for at, last in enumerate(AGES) if days <= last), len(AGES))


def by_age(ages: Iterable[tuple[int, Decimal]]) -> list[Decimal]:
    """Return the sum of each age of (days, amount)."""
    sums = [ZERO] * (len(AGES) + 1)
    for days, amount in ages:
        sums[age_bucket(max(0, days))] += amount
    return sums


@dataclass(frozen=True)
class Figures:
    """What is known of a gateway's money in one currency. ``held`` is what the gateway says."""

    currency: str
    clearing: Decimal = ZERO
    unsettled: Decimal = ZERO
    to_post: Decimal = ZERO
    in_transit: Decimal = ZERO
    available: Decimal | None = None
    pending: Decimal | None = None

    @property
    def difference(self) -> Decimal:
        """What the clearing account holds beyond the unsettled entries: must be zero (I4)."""
        return self.clearing - self.unsettled

    @property
    def held(self) -> Decimal | None:
        """What the gateway holds by its own word, net of its fees; unknown is ``None``."""
        if self.available is None:
            return None
        return self.available + (self.pending or ZERO)

    def as_json(self) -> dict[str, str | None]:
        """Return the figures for the page: exact, as text."""
        values = {**asdict(self), "difference": self.difference, "held": self.held}
        return {name: None if value is None else str(value) for name, value in values.items()}


def figures(sums: Mapping[str, Mapping[str, Decimal]]) -> list[Figures]:
    """Return the figures by currency, from the sums of each kind by currency."""
    currencies = sorted({currency for by_currency in sums.values() for currency in by_currency})
    return [
        Figures(
            currency,
            **{
                kind: by_currency[currency]
                for kind, by_currency in sums.items()
                if currency in by_currency
            },
        )
        for currency in currencies
    ]
