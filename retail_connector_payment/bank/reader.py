"""Finds out what a file is and reads it."""

from .camt import read_camt
from .ofx import is_ofx, read_ofx
from .statement import AccountStatement, StatementError

LARGEST = 20_000_000


def read(content: bytes) -> tuple[AccountStatement, ...]:
    """Return the statements of a file: camt.052, camt.053, camt.054 or OFX 1 and 2.

    Raises ``StatementError`` for anything else, and for a file of which a part cannot be read:
    half a statement is not offered.
    """
    if not content.strip():
        raise StatementError("The file is empty.")
    if len(content) > LARGEST:
        raise StatementError(f"The file has more than {LARGEST // 1_000_000} MB.")
    statements = read_ofx(content) if is_ofx(content) else read_camt(content)
    if not statements:
        raise StatementError("The file holds no statement.")
    return statements
