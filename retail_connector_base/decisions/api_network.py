"""From which networks an API client may call."""

import ipaddress
import re
from functools import lru_cache

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@lru_cache(maxsize=256)
def networks_of(text: str) -> tuple[Network, ...]:
    """Return the networks of a list divided by commas, spaces or lines.

    Raises ``ValueError`` that names the first one that is none.
    """
    return tuple(ipaddress.ip_network(part) for part in re.split(r"[\s,;]+", text) if part)


def is_allowed(address: str | None, text: str) -> bool:
    """Tell whether an address lies in one of the networks; an empty list allows every address."""
    allowed = networks_of(text)
    if not allowed:
        return True
    try:
        found = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return False
    # An IPv4 caller of a socket that serves both is seen as ::ffff:192.0.2.1.
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in network for network in allowed)
