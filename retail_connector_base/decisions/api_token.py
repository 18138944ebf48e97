"""Tokens of API clients: ``rc_<public id>_<secret>``, of which only a digest is kept."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

PREFIX = "rc"
PATTERN = re.compile(r"rc_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")
LONGEST_HEADER = 200
# Looked up for what is no token at all, so that every refusal costs the same.
NOBODY = "0" * 16
NO_DIGEST = "0" * 64


@dataclass(frozen=True)
class Token:
    """A token: ``public_id`` finds it, ``secret`` (256 random bits) proves it."""

    public_id: str
    secret: str

    @property
    def text(self) -> str:
        """The token as it is shown once."""
        return f"{PREFIX}_{self.public_id}_{self.secret}"


@dataclass(frozen=True)
class Known:
    """What is kept of a token. ``alive`` is false if its client or backend is archived."""

    digest: str
    alive: bool
    expires_at: datetime | None
    revoked_at: datetime | None


def new_token() -> Token:
    """Return a token that nobody can guess."""
    return Token(secrets.token_hex(8), secrets.token_urlsafe(32))


def digest_of(secret: str) -> str:
    """Return what is kept of a secret: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def read_token(header: str | None) -> Token:
    """Return the token of an ``Authorization`` header; one that nobody has for anything else."""
    scheme, _, value = (header or "")[:LONGEST_HEADER].partition(" ")
    match = PATTERN.fullmatch(value.strip(" "))
    if scheme.lower() != "bearer" or not match:
        return Token(NOBODY, "")
    return Token(*match.groups())


def is_valid(token: Token, known: Known | None, now: datetime) -> bool:
    """Tell whether a token may be used now. Takes the same time whatever is wrong with it."""
    digest = known.digest if known else NO_DIGEST
    same = hmac.compare_digest(digest_of(token.secret).encode(), digest.encode())
    usable = known is not None and known.alive and known.revoked_at is None
    fresh = known is None or known.expires_at is None or known.expires_at > now
    return same & usable & fresh
