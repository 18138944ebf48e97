"""Which state of an entity wins: the version guard."""

from dataclasses import dataclass
from enum import Enum


class Verdict(str, Enum):
    """What to do with an incoming state."""

    APPLY = "apply"
    SAME = "same"
    STALE = "stale"
    REFETCH = "refetch"


@dataclass(frozen=True)
class Seen:
    """A state of an entity.

    ``version`` is the entity's own (microseconds, 0 when unknown), ``observed_at`` when the sender
    took it (microseconds, 0 when unknown), ``content_hash`` the digest of its canonical content.
    ``authoritative`` marks what was just read from the source on purpose.
    """

    version: int
    observed_at: int
    content_hash: str
    authoritative: bool = False


def judge(applied: Seen | None, incoming: Seen, tombstone: int | None = None) -> Verdict:
    """Decide about an incoming state, given the one applied last and the version of a deletion.

    Versions only grow. Vendors stamp them by the second, so two states may share one: then the
    later observation wins, and where nobody can tell, the source is asked again. Whoever hears
    ``SAME`` keeps the later of the two observations: what was seen in between is older.
    """
    if tombstone is not None:
        return Verdict.STALE
    if applied is None or incoming.version > applied.version:
        return Verdict.APPLY
    if incoming.version < applied.version:
        return Verdict.STALE
    if incoming.content_hash == applied.content_hash:
        return Verdict.SAME
    if incoming.authoritative:
        return Verdict.APPLY
    if not (incoming.observed_at and applied.observed_at):
        return Verdict.REFETCH
    if incoming.observed_at == applied.observed_at:
        return Verdict.REFETCH
    return Verdict.APPLY if incoming.observed_at > applied.observed_at else Verdict.STALE
