"""The point of sale systems of this addon: a new one is one module and one name here."""

from .legacy_files import FileDropProvider
from .legacy_sql import LegacySqlProvider
from .square import SquareProvider

PROVIDERS = (FileDropProvider, LegacySqlProvider, SquareProvider)
