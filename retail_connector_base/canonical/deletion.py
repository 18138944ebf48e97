"""The news that an entity is gone."""

from typing import ClassVar

from .base import CanonicalMessage


class Deletion(CanonicalMessage):
    """An entity was deleted in the channel; ``updated_at`` is when. It leaves a tombstone."""

    kind: ClassVar[str] = "deletion"

    deleted_kind: str

    @property
    def entity_key(self) -> str:
        """The key of what was deleted, so that it keeps its place among that entity's messages."""
        return f"{self.deleted_kind}:{self.external_id}"
