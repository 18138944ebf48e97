"""How far the money of a return is. Values without a database."""

from collections.abc import Collection

# States of our own requests, and of what a channel gave back by itself.
CALLED_OFF = ("rejected", "cancelled")
ON_ITS_WAY = ("approved", "sent")
CHANNEL_DONE = ("posted", "settled", "no_effect")


def progress(requests: Collection[str], channel: Collection[str]) -> str:
    """Return the state of the money: what needs a person comes before what is on its way.

    ``requests`` are the states of our own, without those that were asked for anew; ``channel``
    those of the channel's refunds.
    """
    open_ones = [state for state in requests if state not in CALLED_OFF]
    if "failed" in open_ones:
        return "failed"
    if set(open_ones) & {"draft", "requested"}:
        return "asked"
    told = [state for state in channel if state != "cancelled"]
    if set(open_ones) & set(ON_ITS_WAY) or any(state not in CHANNEL_DONE for state in told):
        return "sent"
    # Somebody refused it: an accountant decides what becomes of it.
    return "refunded" if open_ones or told else "failed"
