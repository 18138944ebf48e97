"""Why the API refuses. Source: developer.shipbob.com/errors, the examples of the specification."""

from typing import Any

from simulator_common import Refusal

BUSY = {"statusCode": 429, "message": "Rate limit is exceeded. Try again in 1 seconds."}
BROKEN = {"title": "An error occurred while processing your request.", "status": 500}


def refusal(status: int, reason: str, field: str = "") -> Refusal:
    """Return a refusal in the words of the orders' API: texts by field."""
    return Refusal(status, {field: [reason]})


def missing(what: str, number: object) -> Refusal:
    """Return that something is not there."""
    content = {"title": "Not Found", "status": 404, "detail": f"{what} {number} was not found."}
    return Refusal(404, content)


def invalid(detail: str) -> Refusal:
    """Return that a request cannot be understood."""
    return Refusal(400, {"title": "Bad Request", "status": 400, "detail": detail})


def not_updated(code: str, message: str) -> dict[str, Any]:
    """Return the answer to a change that was not made."""
    return {"is_success": False, "error": {"code": code, "message": message}}
