"""Why the API refuses. Source: developer.squareup.com/docs/build-basics/handling-errors."""

from typing import Any

from simulator_common import Refusal

CATEGORIES = {401: "AUTHENTICATION_ERROR", 403: "AUTHENTICATION_ERROR", 429: "RATE_LIMIT_ERROR",
              500: "API_ERROR"}  # fmt: skip


def errors(status: int, code: str, detail: str, field: str = "") -> dict[str, Any]:
    """Return the content of a refusal."""
    category = CATEGORIES.get(status, "INVALID_REQUEST_ERROR")
    error = {"category": category, "code": code, "detail": detail}
    return {"errors": [{**error, **({"field": field} if field else {})}]}


def refusal(status: int, code: str, detail: str, field: str = "") -> Refusal:
    """Return a refusal to raise."""
    return Refusal(status, errors(status, code, detail, field))


def missing(what: str, number: str) -> Refusal:
    """Return that there is no such object."""
    return refusal(404, "NOT_FOUND", f"{what} with id {number} not found.")


def invalid(field: str, detail: str = "Invalid value.") -> Refusal:
    """Return that a field cannot be taken."""
    return refusal(400, "INVALID_VALUE", detail, field)


BROKEN = errors(500, "INTERNAL_SERVER_ERROR", "Something went wrong.")
BUSY = errors(429, "RATE_LIMITED", "Too many requests.")
