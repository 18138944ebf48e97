"""Folders that systems drop files into and pick files up from: local, SFTP or object store."""

from .address import Address, address_of
from .claim import ARCHIVE, CLAIMED, QUARANTINE, Claims
from .commands import SENT, CommandFiles
from .local import allowed_path
from .outbox import Outbox, Records
from .partner import FilePartner
from .poll import DropPoll
from .sets import HEADER, FileSet, age_key, is_finished_name, is_settled, matched
from .specs import FOLDER_CREDENTIALS, FOLDER_SETTINGS
from .store import Entry, Store, opened, token

__all__ = [
    "ARCHIVE",
    "CLAIMED",
    "FOLDER_CREDENTIALS",
    "FOLDER_SETTINGS",
    "HEADER",
    "QUARANTINE",
    "SENT",
    "Address",
    "Claims",
    "CommandFiles",
    "DropPoll",
    "Entry",
    "FilePartner",
    "FileSet",
    "Outbox",
    "Records",
    "Store",
    "address_of",
    "age_key",
    "allowed_path",
    "is_finished_name",
    "is_settled",
    "matched",
    "opened",
    "token",
]
