"""Files that a foreign system drops into a folder, and files that it picks up there."""

from .provider import FileDropProvider

__all__ = ["FileDropProvider"]
