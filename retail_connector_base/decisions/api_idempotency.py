"""Which requests are the same: the Idempotency-Key and what it was used for."""

import hashlib
import re
from collections.abc import Iterable

KEY = re.compile(r"[\x21-\x7e]{1,255}")


def is_key(text: str) -> bool:
    """Tell whether a header is a key: 1 to 255 visible ASCII characters."""
    return KEY.fullmatch(text) is not None


def digest_of_request(parts: Iterable[str], body: bytes) -> str:
    """Return a digest of all that makes a request what it is."""
    digest = hashlib.sha256()
    for part in (*(part.encode("utf-8", "surrogatepass") for part in parts), body):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
