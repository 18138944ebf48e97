"""Pictures from addresses that another system tells: fetched with care, or refused."""

import hashlib
from dataclasses import dataclass

from .errors import RejectedError
from .http_client import HttpClient
from .safe_address import AddressPolicy, pinned_session

# Larger ones are no pictures for a shop.
MAX_BYTES = 10 * 1024 * 1024
# What begins like this is a picture, whatever its sender calls it. SVG is not among it: it is a
# program. Sources: PNG 5.2, ITU T.81 B.1.1.3, GIF89a 17, RFC 9649 2.4.
SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


@dataclass(frozen=True)
class Picture:
    """The bytes of a picture, with their SHA-256 in hexadecimal digits."""

    content: bytes
    mimetype: str

    @property
    def digest(self) -> str:
        """What tells one content from another."""
        return hashlib.sha256(self.content).hexdigest()


def picture_type(content: bytes) -> str | None:
    """Return the type of a picture by its first bytes, ``None`` for anything else."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((name for head, name in SIGNATURES if content.startswith(head)), None)


def fetch_picture(url: str, policy: AddressPolicy | None = None) -> Picture:
    """Fetch a picture from the outside world, by https alone, at most ``MAX_BYTES`` of it.

    Raises ``ConfigurationError`` for an address that may not be asked, ``RejectedError`` for what
    is no picture, and what ``HttpClient`` raises.
    """
    policy = policy or AddressPolicy()
    policy.check_url(url)
    client = HttpClient(session=pinned_session(policy), max_bytes=MAX_BYTES, deadline=30.0)
    content = client.request("GET", url).body
    found = picture_type(content)
    if not found:
        raise RejectedError("What is there is no picture (PNG, JPEG, GIF or WebP).")
    return Picture(content, found)
