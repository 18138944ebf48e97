"""Files: where they are uploaded to, and what was made of them."""

from dataclasses import dataclass
from datetime import datetime, timezone
from email.parser import BytesParser
from threading import Lock

from .identifiers import Ids


@dataclass(frozen=True)
class Media:
    """An image of the shop. ``status`` is ready or failed."""

    id: int
    source: str
    url: str
    alt: str
    filename: str
    mime_type: str
    created_at: datetime
    status: str = "ready"


@dataclass
class Target:
    """A place for one upload; ``content`` is absent until the bytes have come."""

    number: int
    filename: str
    mime_type: str
    method: str
    content: bytes | None = None


class Uploads:
    """The files of a shop. ``base_url`` is the address of the server that takes them."""

    def __init__(self, ids: Ids) -> None:
        self._ids, self._lock = ids, Lock()
        self._targets: dict[int, Target] = {}
        self._media: dict[int, Media] = {}
        self.base_url = "http://127.0.0.1:0"

    def stage(self, filename: str, mime_type: str, method: str) -> Target:
        """Make a place for an upload."""
        with self._lock:
            number = self._ids.next("StagedUpload")
            self._targets[number] = Target(number, filename, mime_type, method)
            return self._targets[number]

    def address(self, target: Target) -> str:
        """Return the address of a place, which is also the source of what is made of it."""
        return f"{self.base_url}/uploads/{target.number}/{target.filename}"

    def target(self, path: str) -> Target | None:
        """Return the place at a path of the server."""
        parts = path.split("?")[0].strip("/").split("/")
        if len(parts) != 3 or parts[0] != "uploads" or not parts[1].isdigit():
            return None
        found = self._targets.get(int(parts[1]))
        return found if found and found.filename == parts[2] else None

    def put(self, path: str, content: bytes) -> bool:
        """Take bytes in; false where nothing was staged."""
        target = self.target(path)
        if target is None:
            return False
        target.content = content
        return True

    def make(self, source: str, alt: str, filename: str | None = None) -> Media:
        """Make an image of an upload, or of an address elsewhere, which is always believed.

        An address of ours where nothing has been uploaded gives an image that failed.
        """
        path = source.removeprefix(self.base_url)
        target = self.target(path) if path != source else None
        failed = path != source and not (target and target.content)
        name = filename or source.rsplit("/", 1)[-1].split("?")[0]
        with self._lock:
            media = Media(
                self._ids.next("MediaImage"), source, source, alt, name,
                target.mime_type if target else "image/jpeg", datetime.now(timezone.utc),
                "failed" if failed else "ready",
            )  # fmt: skip
            self._media[media.id] = media
            return media

    def media(self, number: int) -> Media | None:
        """Return an image."""
        return self._media.get(number)

    def keep(self, media: Media) -> None:
        """Replace an image."""
        with self._lock:
            self._media[media.id] = media

    def all_media(self) -> list[Media]:
        """Return every image."""
        with self._lock:
            return list(self._media.values())


def file_of(kind: str, body: bytes) -> bytes:
    """Return the file within a form; empty when the form has none."""
    message = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    parts = message.get_payload() if message.is_multipart() else []
    files = (
        part for part in parts if part.get_param("name", header="content-disposition") == "file"
    )
    return next((part.get_payload(decode=True) for part in files), b"")
