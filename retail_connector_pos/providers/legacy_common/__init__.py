"""What systems without events have in common: records that a declared layout makes messages of."""

from .local import allowed_path
from .messages import MessageMaker
from .provider import LayoutProvider
from .sample import Sample, sample_of

__all__ = ["LayoutProvider", "MessageMaker", "Sample", "allowed_path", "sample_of"]
