"""What every canonical message has in common."""

import hashlib
import json
from datetime import datetime, timezone
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

# What names an entity is kept in indexes.
ExternalId = Annotated[str, Field(min_length=1, max_length=255)]
# Whole numbers as a database column holds them.
Count = Annotated[int, Field(ge=0, lt=2**31)]

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def version_of(moment: datetime) -> int:
    """Return a moment as a version: whole microseconds since 1970-01-01 UTC.

    Integers compare exactly in Python and in PostgreSQL, which floats and time zones do not.
    """
    delta = moment - EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


class CanonicalModel(BaseModel):
    """A frozen, closed value: unknown fields are an error, so that nothing is dropped silently."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CanonicalMessage(CanonicalModel):
    """One entity as a channel told it, in the vocabulary that all importers share.

    ``external_id`` is the channel's own identity of the entity, unique per backend and kind.
    ``updated_at`` (UTC) orders the states of one entity; ``None`` when the channel does not say.
    """

    kind: ClassVar[str]
    schema_version: ClassVar[str] = "1.0"

    external_id: ExternalId
    updated_at: AwareDatetime | None = None

    @property
    def entity_key(self) -> str:
        """What the message is about: the unit of order and of blocking."""
        return f"{self.kind}:{self.external_id}"

    @property
    def version(self) -> int:
        """The entity's version, 0 when the channel gives none."""
        return version_of(self.updated_at) if self.updated_at else 0

    def content_hash(self) -> str:
        """Return a digest of the content that is the same for a webhook and a poll of one state."""
        content = self.model_dump(mode="json")
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
