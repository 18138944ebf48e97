"""Why the API refuses something. Source: docs.stripe.com/api/errors."""


class Problem(Exception):
    """A refusal. ``kept`` says that its idempotency key answers it again: it was tried."""

    def __init__(
        self, status: int, code: str, message: str, kind: str = "invalid_request_error",
        kept: bool = True, **more: str,
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.status, self.kept = status, kept
        self.body = {"error": {"code": code, "message": message, "type": kind, **more}}


def missing(what: str, number: str) -> Problem:
    """Return that there is no such object."""
    return Problem(404, "resource_missing", f"No such {what}: '{number}'", kept=False)


def invalid(name: str, text: str = "Received unknown parameter") -> Problem:
    """Return that a parameter cannot be taken; nothing was tried."""
    return Problem(400, "parameter_invalid", f"{text}: {name}", kept=False, param=name)
