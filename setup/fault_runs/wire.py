"""As much of PostgreSQL's protocol as is needed to see a COMMIT pass by."""

import struct

HEADER = struct.Struct("!I")


class Frontend:
    """Cuts what a client sends into messages. The first one of a connection has no type."""

    def __init__(self) -> None:
        self._buffer, self._started = bytearray(), False

    def feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """Return the messages (type, payload) that are complete with this data."""
        self._buffer += data
        found = []
        while (message := self._next()) is not None:
            found.append(message)
        return found

    def _next(self) -> tuple[bytes, bytes] | None:
        begin = 1 if self._started else 0
        if len(self._buffer) < begin + HEADER.size:
            return None
        (length,) = HEADER.unpack_from(self._buffer, begin)
        end = begin + length
        if len(self._buffer) < end:
            return None
        message = bytes(self._buffer[:begin]), bytes(self._buffer[begin + HEADER.size : end])
        del self._buffer[:end]
        self._started = True
        return message


def is_commit(message: tuple[bytes, bytes]) -> bool:
    """Tell whether a message asks to commit."""
    kind, payload = message
    return kind == b"Q" and payload.rstrip(b"\0; ").upper() == b"COMMIT"
