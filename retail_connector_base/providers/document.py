"""Documents from addresses that another system tells: fetched with care, or refused."""

from dataclasses import dataclass

from .errors import RejectedError
from .http_client import HttpClient
from .safe_address import AddressPolicy, cut_after, pinned_session

# Larger ones are no documents of a page or two.
MAX_BYTES = 5 * 1024 * 1024
SECONDS = 30.0
# What begins like this is a document, whatever its sender calls it. Sources: ISO 32000-2 7.5.2,
# PNG 5.2, ZPL II programming guide (^XA). Nothing that a browser would run is among it.
SIGNATURES = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"^XA", "text/plain", "zpl"),
)


@dataclass(frozen=True)
class Document:
    """The bytes of a document; ``extension`` without a dot."""

    content: bytes
    mimetype: str
    extension: str


def fetch_document(url: str, policy: AddressPolicy | None = None) -> Document:
    """Fetch a document from the outside world, at most ``MAX_BYTES`` of it.

    Raises ``ConfigurationError`` for an address that may not be asked, ``RejectedError`` for what
    is no document, and what ``HttpClient`` raises.
    """
    policy = policy or AddressPolicy()
    policy.check_url(url)
    session = pinned_session(policy)
    client = HttpClient(session=session, max_bytes=MAX_BYTES, deadline=SECONDS)
    with cut_after(session, SECONDS):
        content = client.request("GET", url).body
    found = next(((kind, end) for head, kind, end in SIGNATURES if content.startswith(head)), None)
    if not found:
        raise RejectedError("What is there is no document (PDF, PNG or ZPL).")
    return Document(content, *found)
