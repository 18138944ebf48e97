"""How far a payout has come, whatever the order in which the gateway's events arrive."""

from odoo.addons.retail_connector_base.canonical import PayoutState

RANKS = {
    PayoutState.UNKNOWN: 0,
    PayoutState.PENDING: 1,
    PayoutState.IN_TRANSIT: 2,
    PayoutState.PAID: 3,
    # A paid one can come back afterwards; what came back is never paid: there is a new one then.
    PayoutState.CANCELLED: 4,
    PayoutState.FAILED: 5,
}
# The money has left the gateway.
SENT = frozenset({PayoutState.IN_TRANSIT, PayoutState.PAID})
# It is at the gateway again, or never left.
BACK = frozenset({PayoutState.CANCELLED, PayoutState.FAILED})


def later(known: PayoutState | None, told: PayoutState) -> PayoutState:
    """Return the state that counts: a payout only moves on."""
    if known is None or RANKS[told] > RANKS[known]:
        return told
    return known
