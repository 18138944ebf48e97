"""The canonical API: what other systems post, and what they may read."""

from . import read
from . import write
from . import fallback
