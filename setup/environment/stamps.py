"""Fingerprints of what a result was built from: it is built again only when that changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(parts: Iterable[str | bytes]) -> str:
    """Return a short fingerprint of ``parts``."""
    total = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()[:12]


def is_current(stamp: Path, key: str) -> bool:
    """Tell whether ``stamp`` says that its result was built from ``key``."""
    return stamp.is_file() and stamp.read_text() == key


def write(stamp: Path, key: str) -> None:
    """Record, as the last act of a build, what it was built from."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key)
