"""What quantity may be told to a channel that goes on selling while we count.

A channel lowers its quantity the moment it sells; Odoo hears of the sale later. What lies between
is *in flight*. From what the channel held when we wrote last (``acknowledged``), what was in flight
then (``owed``) and what was imported of its sales since (``imported``) follows, with the quantity
it holds now, exactly how much is in flight now. Quantities are whole units of one item at one
location.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Count:
    """What Odoo knows of one item at one location of a channel.

    ``available`` is what Odoo could sell if nothing were in flight. ``unimported`` are sales of
    this channel that wait in the inbox. ``acknowledged`` is ``None`` before the first publication.
    """

    available: int
    unimported: int = 0
    acknowledged: int | None = None
    owed: int = 0
    imported: int = 0

    @property
    def expected(self) -> int | None:
        """What the channel holds if it sold nothing that Odoo has not heard of."""
        if self.acknowledged is None:
            return None
        given_back = max(0, -self.imported)
        return self.acknowledged - max(0, self.imported - self.owed) + given_back

    def in_flight(self, held: int) -> int:
        """Return what the channel sold and Odoo did not import, if the channel holds ``held``."""
        if self.acknowledged is None:
            return self.unimported
        return max(0, self.owed + (self.acknowledged - held) - self.imported)


@dataclass(frozen=True)
class Publication:
    """What to tell the channel, provided that it holds ``held``; ``owed`` is in flight then."""

    quantity: int
    held: int | None
    owed: int

    @property
    def is_needed(self) -> bool:
        """Whether the channel holds something else."""
        return self.quantity != self.held

    @property
    def is_increase(self) -> bool:
        """Whether the channel could sell more afterwards."""
        return self.held is None or self.quantity > self.held


def decide_publication(count: Count, held: int | None = None) -> Publication:
    """Return what to publish; ``held`` is what the channel was just read to hold.

    Without it, the channel is taken to hold what is expected: the vendor compares it and refuses
    the change when it does not, and then the quantity it holds is known.
    """
    held = count.expected if held is None else held
    if held is None:
        return Publication(max(0, count.available - count.unimported), None, 0)
    owed = count.in_flight(held)
    return Publication(max(0, count.available - max(owed, count.unimported)), held, owed)
