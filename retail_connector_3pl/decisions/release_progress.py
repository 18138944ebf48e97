"""How far a release may go from where it is: forwards, but for holds, and never out of its end."""

# The warehouse has it, or may have it.
AT_WAREHOUSE = frozenset({"sent", "accepted", "on_hold", "partly_shipped"})
# Nothing more will happen with it.
ENDED = frozenset({"shipped", "delivered", "cancelled"})
OPEN = AT_WAREHOUSE | {"ready", "rejected"}

_GOODS = frozenset({"partly_shipped", "shipped", "delivered"})
_ANSWERS = frozenset({"accepted", "on_hold", "rejected", "cancelled"})
_MAY: dict[str, frozenset[str]] = {
    # An answer may come before the result of the command is known here.
    "ready": _ANSWERS | _GOODS | {"sent"},
    "sent": _ANSWERS | _GOODS,
    "accepted": frozenset({"on_hold", "rejected", "cancelled"}) | _GOODS,
    "on_hold": frozenset({"accepted", "rejected", "cancelled"}) | _GOODS,
    # It is sent again, or the warehouse corrected it by itself.
    "rejected": frozenset({"sent", "accepted", "on_hold", "cancelled"}) | _GOODS,
    "partly_shipped": frozenset({"shipped", "delivered"}),
    "shipped": frozenset({"delivered"}),
    "delivered": frozenset(),
    "cancelled": frozenset(),
}


def may_go(current: str, wanted: str) -> bool:
    """Tell whether a release may go from one state to another; staying is no going."""
    return wanted in _MAY[current]


def is_contradiction(current: str, wanted: str) -> bool:
    """Tell whether a word that is not followed says that a release came to nothing.

    A late word about the past is none: the release has gone on since. That an order is rejected or
    cancelled of which goods left is.
    """
    return wanted in ("rejected", "cancelled") and current in _GOODS
