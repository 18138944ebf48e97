"""How work is spread: a lane is a hash of what a message is about."""

from zlib import crc32

# A job's and a message's priority: the tier decides, then the flow's own; lower goes first.
DEFAULT_PRIORITY = 10
_TIER_STEP = 100


def lane_of(entity_key: str, lanes: int) -> int:
    """Return the lane of an entity, the same in every process and on every host."""
    return crc32(entity_key.encode("utf-8", "surrogatepass")) % max(1, lanes)


def job_priority(tier: int, priority: int) -> int:
    """Return the priority of work of a tier (1 goes first) and a flow's own priority."""
    return (max(tier, 1) - 1) * _TIER_STEP + min(max(priority, 0), _TIER_STEP - 1)
