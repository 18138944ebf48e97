"""A transaction store in a foreign system's own database."""

from .provider import LegacySqlProvider

__all__ = ["LegacySqlProvider"]
