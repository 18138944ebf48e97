"""Square."""

from .provider import SquareProvider

__all__ = ["SquareProvider"]
