"""How work is spread: a lane is a hash of what a message is about."""

from zlib import crc32


def lane_of(entity_key: str, lanes: int) -> int:
    """Return the lane of an entity, the same in every process and on every host."""
    return crc32(entity_key.encode("utf-8", "surrogatepass")) % max(1, lanes)
