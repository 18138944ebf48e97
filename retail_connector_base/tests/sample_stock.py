"""A channel's stock in memory, and the sample vendor's way to it."""

from dataclasses import dataclass, field
from threading import Lock

from ..providers import Answer, Location, UnknownOutcomeError, Verdict


@dataclass
class SampleStock:
    """What the channel can sell, by (item, location), and all that happened to it.

    It sells only what it has. ``failures`` are taken one per call: ``"before"`` loses the request,
    ``"after"`` loses the answer.
    """

    quantities: dict = field(default_factory=dict)
    sold: list = field(default_factory=list)
    calls: list = field(default_factory=list)
    reads: list = field(default_factory=list)
    answers: dict = field(default_factory=dict)
    failures: list = field(default_factory=list)
    refused: dict = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def sell(self, item, quantity=1, location="main"):
        """Sell up to a number of units; return how many there were."""
        with self.lock:
            units = max(0, min(quantity, self.quantities.get((item, location), 0)))
            if units:
                self.quantities[item, location] -= units
                self.sold.append((item, units))
            return units

    def change(self, changes, key):
        """Compare and set, item by item; the same key is answered the same and changes nothing."""
        with self.lock:
            failure = self.failures.pop(0) if self.failures else None
            if failure == "before":
                raise UnknownOutcomeError("No answer.")
            if isinstance(failure, Exception):
                raise failure
            self.calls.append((key, list(changes)))
            if key not in self.answers:
                self.answers[key] = [self._set(change) for change in changes]
            if failure == "after":
                raise UnknownOutcomeError("No answer.")
            return self.answers[key]

    def held(self, keys):
        """Tell what it holds; what it does not know is left out."""
        with self.lock:
            failure = self.failures.pop(0) if self.failures else None
            if failure:
                raise failure if isinstance(failure, Exception) else UnknownOutcomeError("Lost.")
            self.reads.append(list(keys))
            places = {key: (key.item, key.location) for key in keys}
            return {
                key: self.quantities[place]
                for key, place in places.items()
                if place in self.quantities
            }

    def _set(self, change):
        place = (change.key.item, change.key.location)
        if change.key.item in self.refused:
            return Answer(self.refused[change.key.item], "Not this one.")
        held = self.quantities.get(place, 0)
        if change.expected is not None and change.expected != held:
            return Answer(Verdict.STALE, actual=held)
        self.quantities[place] = change.quantity
        return Answer(Verdict.DONE)


class SampleStockProvider:
    """Mixed into the sample provider."""

    stock_batch = 50
    repeats_stock_answers = True
    stock = SampleStock()

    def locations(self):
        """Name the one location."""
        return (Location("main", "Main"),)

    def read_stock(self, keys):
        """Override: read the channel in memory."""
        assert len(keys) <= self.stock_batch
        return self.stock.held(keys)

    def change_stock(self, changes, key):
        """Override: write to the channel in memory."""
        assert len(changes) <= self.stock_batch
        return self.stock.change(changes, key)
