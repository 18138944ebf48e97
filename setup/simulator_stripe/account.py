"""One account: what customers, banks and Stripe itself do with its money."""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from random import Random
from threading import RLock
from typing import Any

from . import objects
from .charging import Charging
from .clock import Clock
from .disputing import Disputing
from .ledger import Ledger, Row
from .money import Terms
from .paying_out import PayingOut
from .refunding import Refunding

VERSION = "2023-08-16"


class Account(Charging, Refunding, Disputing, PayingOut):
    """All objects by their id, and the events that told of them, oldest first."""

    def __init__(
        self, seed: object = 0, clock: Callable[[], datetime] | None = None,
        terms: Terms | None = None, live: bool = True,
    ) -> None:  # fmt: skip
        self.clock = clock or Clock()
        self.terms, self.live, self.lock = terms or Terms(), live, RLock()
        self.intents: dict[str, Row] = {}
        self.charges: dict[str, Row] = {}
        self.refunds: dict[str, Row] = {}
        self.disputes: dict[str, Row] = {}
        self.payouts: dict[str, Row] = {}
        self.events: dict[str, Row] = {}
        self.ledger = Ledger(self.clock, self.next_id)
        # Whether refunds wait for the bank; ``settle_refund`` ends that.
        self.refunds_pend = False
        self._random, self._counts = Random(f"{seed}:account"), Counter[str]()

    def next_id(self, prefix: str) -> str:
        """Return a new id, the same ones for the same seed."""
        self._counts[prefix] += 1
        tail = "".join(self._random.choices("abcdefghkmnpqrstuvwxyz23456789", k=8))
        return f"{prefix}_{self._counts[prefix]:06d}{tail}"

    def now(self) -> int:
        """Return the time in seconds since 1970."""
        return int(self.clock().timestamp())

    def after(self, days: float) -> int:
        """Return a time some days ahead."""
        return int((self.clock() + timedelta(days=days)).timestamp())

    def tell(self, kind: str, shown: Row, previous: Row | None = None) -> Row:
        """Note an event about an object as it is now."""
        made = objects.event(
            self.next_id("evt"), kind, deepcopy(shown), self.now(), VERSION, self.live, previous
        )
        self.events[made["id"]] = made
        return made

    def balances(self) -> dict[str, list[dict[str, Any]]]:
        """Return the balance as the API shows it."""
        found: dict[str, list[dict[str, Any]]] = {"available": [], "pending": []}
        for currency in self.ledger.currencies() or [self.terms.settles[0]]:
            for part, number in zip(found, self.ledger.balance(currency), strict=True):
                found[part].append(
                    {"amount": number, "currency": currency, "source_types": {"card": number}}
                )
        return found

    def fee(self, amount: int, currency: str = "eur", text: str = "Billing usage fee") -> Row:
        """Book a fee of Stripe's own (negative is given back), without its tax."""
        return self.ledger.book("stripe_fee", "fee", -amount, currency, None, text=text)

    def adjust(
        self, amount: int, category: str = "other_adjustment", kind: str = "adjustment",
        currency: str = "eur",
    ) -> Row:  # fmt: skip
        """Book any other movement: a reserve, a tax, a correction."""
        return self.ledger.book(kind, category, amount, currency, None, text=category)
