"""Reads what banks send, without a database: bytes in, statements out.

No reader follows what a file points to: documents with a document type are refused, entities are
not replaced and nothing is fetched.
"""

from .reader import read
from .statement import AccountStatement, FileKind, StatementError, StatementLine

__all__ = ["AccountStatement", "FileKind", "StatementError", "StatementLine", "read"]
