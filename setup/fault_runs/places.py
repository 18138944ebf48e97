"""Where processes die: of each experiment the fail points, which take turns over the seeds.

Together they are all fail points of the product; a test looks into its code for others.
"""

from itertools import combinations

WEB = ("inbox.before_insert", "inbox.after_insert", "webhook.committed")
DRAIN = ("drain.started", "drain.claimed", "inbox.importing", "drain.imported",
         "retail.inbox.drain.committed")  # fmt: skip
RESERVE = "retail.reservation.committed"
JOB = (*DRAIN, RESERVE)
# Where a job holds a transaction open, and may lose its connection or stand still.
MIDDLE = ("drain.claimed", "inbox.importing", "drain.imported")
# Where facts become journal entries.
POSTED = "retail.ledger.committed"
MONEY = ("drain.claimed", "drain.imported", "ledger.posting", "payout.settled", POSTED)
MONEY_MIDDLE = (*MIDDLE, "ledger.posting")
# Where tickets are imported, and their goods moved.
MOVED = "retail.pos.stock.moved"
TICKETS = (*DRAIN, MOVED, RESERVE)
TICKETS_MIDDLE = (*MIDDLE, MOVED)
# Where a register's day is closed and posted.
REFUSED = "retail.pos.closer.refused"
CLOSING = ("retail.pos.closer.closing", "retail.pos.closer.committed", REFUSED)
# Where deliveries are released to a warehouse, and where the goods that it tells of are moved.
RELEASES = ("release.made", "release.sent")
GOODS = ("goods.moving", "goods.moved")
LEASED = "outbox.leased"
SEND = (LEASED, "outbox.called", "outbox.storing", "retail.outbox.sender.committed")
# The same with the points of the lanes; what other experiments reach too has its turn last.
RELEASING = (LEASED, *RELEASES, "retail.releaser.committed", *SEND[1:])
MOVING = ("inbox.importing", *GOODS, RESERVE)
# Not where a command is stored: its lease would have to end first.
SHIPMENTS_MIDDLE = (RELEASES[0], *GOODS)
# What is reached once in a run for sure, but perhaps not three times.
SELDOM = {
    LEASED, RESERVE, POSTED, MOVED, *CLOSING, *RELEASES, *GOODS, "ledger.posting", "payout.settled",
}  # fmt: skip


def one_of(points: tuple[str, ...], seed: int) -> str:
    """Return the point whose turn it is."""
    return points[seed % len(points)]


def two_of(points: tuple[str, ...], seed: int) -> tuple[str, str]:
    """Return two different points: neighbours first, so that a few seeds reach all of them, then
    every other pair."""
    pairs = sorted(combinations(points, 2), key=lambda pair: _apart(points, pair))
    return pairs[seed % len(pairs)]


def _apart(points: tuple[str, ...], pair: tuple[str, str]) -> int:
    first, second = map(points.index, pair)
    return second - first
