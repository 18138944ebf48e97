"""Keeps what senders put into our addresses out of the access log."""

import logging
import re

# The webhook key and everything behind it: a query may hold anything, even a card number.
OURS = re.compile(r"(/retail/v1/(?:hooks/)?)[^\s\"]*")


def redacted(text: str) -> str:
    """Return a log line without webhook keys and without queries of our routes."""
    return OURS.sub(r"\1…", text)


class RedactOurAddresses(logging.Filter):
    """Rewrites access log records; drops none."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact the record's words in place."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                redacted(value) if isinstance(value, str) else value for value in record.args
            )
        if isinstance(record.msg, str):
            record.msg = redacted(record.msg)
        return True


def install() -> None:
    """Filter werkzeug's access log, once per process."""
    logger = logging.getLogger("werkzeug")
    if not any(isinstance(known, RedactOurAddresses) for known in logger.filters):
        logger.addFilter(RedactOurAddresses())


install()
