"""A folder with its sub-folders, wherever it is: what adapters of dropped files need of it."""

import os
import posixpath
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, BinaryIO
from uuid import uuid4

import fsspec

from .address import LOCAL, SFTP, Address
from .failures import answered
from .sftp import PinnedSFTPFileSystem

# Names of what is still being written, or is none of a system's business.
UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~", ".lock")
READ_AHEAD = 2**18


@dataclass(frozen=True)
class Entry:
    """A file as a listing shows it. ``modified`` is UTC, ``None`` where nobody tells."""

    name: str
    size: int
    modified: datetime | None = None


class Store:
    """One folder. Paths are relative to it."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.fs = _filesystem(address)
        # Renaming is one step there: who renames first has it.
        self.renames = address.protocol in (LOCAL, SFTP)

    def path(self, *parts: str) -> str:
        """Return the storage's own path of something in the folder."""
        return posixpath.join(self.address.path, *parts)

    # Looking

    def files(self, *folder: str) -> list[Entry]:
        """Return the files of a folder, none where it is not there (yet)."""
        return [entry for entry, is_file in self._entries(*folder) if is_file]

    def folders(self, *folder: str) -> list[str]:
        """Return the names of a folder's sub-folders."""
        return sorted(entry.name for entry, is_file in self._entries(*folder) if not is_file)

    def _entries(self, *folder: str) -> Iterator[tuple[Entry, bool]]:
        path = self.path(*folder)
        self.fs.invalidate_cache()
        try:
            listing = self.fs.ls(path, detail=True)
        except FileNotFoundError:
            if not folder:
                raise
            return
        for info in listing:
            name = posixpath.basename(info["name"].rstrip("/"))
            # Object stores list the folder itself as an empty object. A link leads anywhere.
            own = info["name"].rstrip("/") != path.rstrip("/") and not info.get("islink")
            if name and own:
                yield _entry(name, info), info["type"] == "file"

    def exists(self, *parts: str) -> bool:
        """Tell whether a file is there now."""
        self.fs.invalidate_cache()
        return self.fs.exists(self.path(*parts))

    def size(self, *parts: str) -> int:
        """Return a file's size in bytes now."""
        self.fs.invalidate_cache()
        return self.fs.info(self.path(*parts))["size"]

    def open(self, *parts: str) -> BinaryIO:
        """Return a file's bytes, read piece by piece."""
        return self.fs.open(self.path(*parts), "rb", **self._buffer())

    def _buffer(self) -> dict[str, Any]:
        return {} if self.renames else {"block_size": READ_AHEAD}

    # Changing

    def _make_folder(self, path: str) -> None:
        """Make a folder and those above it. Others may make the same ones at the same moment."""
        for _level in range(path.count("/") + 1):
            try:
                return self.fs.makedirs(path, exist_ok=True)
            except OSError:
                # Over SFTP a folder that was just made by somebody else is an error like any other.
                self.fs.invalidate_cache()
        return self.fs.makedirs(path, exist_ok=True)

    def move(self, source: tuple[str, ...], target: tuple[str, ...]) -> None:
        """Move a file to a name that nobody uses. Raises ``FileNotFoundError`` if it is gone."""
        before, after = self.path(*source), self.path(*target)
        self._make_folder(posixpath.dirname(after))
        if self.address.protocol == LOCAL:
            os.rename(before, after)
        elif self.address.protocol == SFTP:
            # Unlike ``posix_rename`` this fails where the target exists.
            self.fs.ftp.rename(before, after)
        else:
            self.fs.copy(before, after)
            self.fs.rm_file(before)

    def make_new(self, data: bytes, *parts: str) -> bool:
        """Make a file that is not there yet; tell whether it was us who made it."""
        path = self.path(*parts)
        self._make_folder(posixpath.dirname(path))
        try:
            if self.renames:
                self._make_whole(data, path)
            else:
                self.fs.pipe_file(path, data, mode="create")
        except FileExistsError:
            return False
        return True

    def _make_whole(self, data: bytes, path: str) -> None:
        """Write a file under another name, and give it its own if nobody has it yet."""
        folder, name = posixpath.split(path)
        unfinished = posixpath.join(folder, f".{name}.{uuid4().hex[:8]}.tmp")
        with self.fs.open(unfinished, "wb") as file:
            file.write(data)
        try:
            self._link(unfinished, path)
        finally:
            if self.address.protocol == LOCAL or self.fs.exists(unfinished):
                self.fs.rm_file(unfinished)

    def _link(self, before: str, after: str) -> None:
        if self.address.protocol == LOCAL:
            os.link(before, after)
            return
        try:
            # Fails where the target exists, with an error that does not say so.
            self.fs.ftp.rename(before, after)
        except OSError:
            if self.fs.exists(after):
                raise FileExistsError(after) from None
            raise

    def content(self, *parts: str) -> bytes | None:
        """Return a small file's bytes, ``None`` where there is no file."""
        try:
            self.fs.invalidate_cache()
            with self.open(*parts) as file:
                return file.read()
        except FileNotFoundError:
            return None

    def tail(self, size: int, length: int, *parts: str) -> bytes:
        """Return the last ``length`` bytes of a file of ``size`` bytes."""
        with self.open(*parts) as file:
            file.seek(max(size - length, 0))
            return file.read(length)

    def put(self, data: bytes, *parts: str) -> None:
        """Write a file under another name, then give it its own: nobody sees half of it."""
        path = self.path(*parts)
        folder, name = posixpath.split(path)
        self._make_folder(folder)
        if not self.renames:
            self.fs.pipe_file(path, data)
            return
        unfinished = posixpath.join(folder, f".{name}.{uuid4().hex[:8]}.tmp")
        with self.fs.open(unfinished, "wb") as file:
            file.write(data)
        self.replace(unfinished, path)

    def replace(self, before: str, after: str) -> None:
        """Rename a file over another one, by the storage's own paths."""
        if self.address.protocol == LOCAL:
            os.replace(before, after)
        else:
            self.fs.ftp.posix_rename(before, after)

    def remove(self, *parts: str) -> None:
        """Remove a file; nothing happens when it is gone."""
        try:
            self.fs.rm_file(self.path(*parts))
        except FileNotFoundError:
            return

    def remove_folder(self, *parts: str) -> None:
        """Remove an empty folder; object stores have none."""
        if not self.renames:
            return
        try:
            self.fs.rmdir(self.path(*parts))
        except OSError:
            return

    def close(self) -> None:
        """End the connection, if there is one."""
        if self.address.protocol == SFTP:
            self.fs.close()


@contextmanager
def opened(address: Address) -> Iterator[Store]:
    """Yield the folder of an address; errors of the way there have a class."""
    with answered():
        store = Store(address)
        try:
            yield store
        finally:
            store.close()


def token(now: datetime) -> str:
    """Return a name that nobody else gives, in the order of time."""
    return f"{now:%Y%m%dT%H%M%S}-{time.monotonic_ns() % 10**9:09}-{uuid4().hex[:8]}"


def _filesystem(address: Address) -> Any:
    # Instances are cached by fsspec with their passwords, listings with yesterday's files.
    options = {"skip_instance_cache": True, **address.options}
    if address.protocol == SFTP:
        return PinnedSFTPFileSystem(**options)
    if address.protocol not in (LOCAL, "memory"):
        options["use_listings_cache"] = False
    return fsspec.filesystem(address.protocol, **options)


def _entry(name: str, info: dict[str, Any]) -> Entry:
    return Entry(name, info.get("size") or 0, _modified(info))


def _modified(info: dict[str, Any]) -> datetime | None:
    """Return when a file was changed: each storage calls it otherwise."""
    for key in ("mtime", "LastModified", "last_modified", "updated", "created"):
        value = info.get(key)
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, timezone.utc)
    return None
