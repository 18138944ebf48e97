"""How many jobs of one backend may run at once, so that it does not occupy all workers."""

from collections.abc import Iterable, Mapping
from typing import Any


def capacity_of(channels: Iterable[Mapping[str, Any]], channel: str) -> int | None:
    """Return how many jobs of a channel run at once, ``None`` for any number.

    ``channels`` are those of the job runner's configuration; the narrowest on the way counts.
    """
    limits = []
    for one in channels:
        name = one["name"] if one["name"].split(".")[0] == "root" else f"root.{one['name']}"
        if channel == name or channel.startswith(f"{name}."):
            limits.append(one.get("capacity") or None)
    return min((limit for limit in limits if limit), default=None)


def seats_of(capacity: int | None, wanted: int, others_work: bool) -> int | None:
    """Return how many jobs of a backend may run at once, ``None`` for any number.

    ``wanted`` is what an administrator has set, 0 to leave it to us. While there are others a slot
    stays free for them, and one for reserving what was imported: a shop that is alone has all.
    """
    if wanted > 0:
        return wanted
    if capacity is None:
        return None
    return max(capacity - 2, 1) if others_work else capacity
