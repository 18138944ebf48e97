"""What simulators of JSON interfaces share: the server, its faults, idempotency keys, webhooks."""

from .idempotency import Keys
from .json_server import Call, JsonServer, Refusal
from .sender import Report, Sender
from .trouble import Trouble

__all__ = ["Call", "JsonServer", "Keys", "Refusal", "Report", "Sender", "Trouble"]
