"""What systems without events have in common: records that a declared layout makes messages of."""

from .messages import MessageMaker
from .provider import LayoutProvider
from .sample import Sample, sample_of

__all__ = ["LayoutProvider", "MessageMaker", "Sample", "sample_of"]
