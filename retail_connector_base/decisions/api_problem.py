"""What the API refuses: the catalogue of problems (RFC 9457), and which field is wrong."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

PREFIX = "urn:retail-connector:problem:"
# So many wrong fields are listed; a sender with more has one mistake, made often.
LISTED = 50
# Beyond this, listing alone would cost more memory than the message.
COUNTED = 5_000
LONGEST_NAME = 100
LONGEST_DETAIL = 300
# Words of ours may repeat a number that was sent.
NUMBER = re.compile(r"-?\d[\d.,eE+-]*")
OURS = ("value_error", "assertion_error")
QUOTED = ("union_tag_invalid", "json_invalid")


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its HTTP status, its title, and what the sender does about it."""

    status: int
    title: str
    advice: str


KINDS: Mapping[str, Kind] = {
    "malformed": Kind(400, "The body cannot be read", "Send unambiguous JSON in UTF-8."),
    "bad-header": Kind(400, "A header cannot be read", "See the detail; correct the header."),
    "unknown-version": Kind(
        400, "There is no such schema version", "Name one of the published versions, or none."
    ),
    "version-over": Kind(
        400, "This schema version is no longer taken", "Move to the newest version."
    ),
    "bad-parameter": Kind(400, "A parameter cannot be read", "Correct the parameter it names."),
    "unauthorized": Kind(
        401, "A valid token is needed", "Send “Authorization: Bearer” with a token that is valid."
    ),
    "address-refused": Kind(
        403, "This address may not call", "Have your network added to the API client."
    ),
    "missing-scope": Kind(
        403, "The token does not allow this", "Have the scope that is named added to the client."
    ),
    "not-found": Kind(404, "There is no such thing", "Check the address."),
    "method-not-allowed": Kind(405, "This method is not offered", "See the Allow header."),
    "timeout": Kind(408, "The body did not arrive", "Send the request again."),
    "in-flight": Kind(
        409, "A request with this key is being worked on", "Ask again after Retry-After."
    ),
    "length-required": Kind(411, "The length of the body is needed", "Send Content-Length."),
    "too-large": Kind(413, "The request is too large", "Send several smaller requests."),
    "unsupported-media-type": Kind(
        415, "This content type is not taken", "Send JSON or CloudEvents, not compressed."
    ),
    "invalid": Kind(422, "The message is not valid", "Correct the fields that are named."),
    "key-reused": Kind(
        422, "The key belongs to another request", "Use a new Idempotency-Key for a new request."
    ),
    "too-many-requests": Kind(429, "Too many requests", "Ask again after Retry-After."),
    "overloaded": Kind(503, "Too much waits to be processed", "Ask again after Retry-After."),
    "unavailable": Kind(503, "Nothing can be stored now", "Ask again after Retry-After."),
}
# What reading a body and finding a route can end in, by HTTP status.
BY_STATUS: Mapping[int, str] = {
    400: "malformed",
    401: "unauthorized",
    403: "missing-scope",
    404: "not-found",
    405: "method-not-allowed",
    408: "timeout",
    411: "length-required",
    413: "too-large",
    415: "unsupported-media-type",
    503: "unavailable",
}


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field; ``pointer`` is its JSON pointer (RFC 6901)."""

    pointer: str
    detail: str


@dataclass(frozen=True)
class Problem:
    """One problem. ``detail`` never repeats a value that was sent."""

    code: str
    detail: str = ""
    errors: Sequence[FieldError] = ()

    @property
    def status(self) -> int:
        """The HTTP status."""
        return KINDS[self.code].status

    def body(self) -> dict[str, Any]:
        """Return the problem as RFC 9457 wants it."""
        kind = KINDS[self.code]
        body: dict[str, Any] = {
            "type": PREFIX + self.code,
            "title": kind.title,
            "status": kind.status,
            "detail": self.detail or kind.advice,
        }
        if self.errors:
            body["errors"] = [{"pointer": e.pointer, "detail": e.detail} for e in self.errors]
        return body


@dataclass
class ApiError(Exception):
    """Ends a request with a problem. ``headers`` go with it, such as ``Retry-After``."""

    problem: Problem
    headers: Mapping[str, str] = field(default_factory=dict)


def refuse(code: str, detail: str = "", **headers: object) -> ApiError:
    """Return the error to raise; ``retry_after=1`` becomes the header ``Retry-After: 1``."""
    named = {name.replace("_", "-").title(): str(value) for name, value in headers.items()}
    return ApiError(Problem(code, detail), named)


def pointer_of(path: Sequence[str | int]) -> str:
    """Return a path as a JSON pointer; names that are absurdly long are cut."""
    return "".join(
        "/" + str(part)[:LONGEST_NAME].replace("~", "~0").replace("/", "~1") for part in path
    )


def field_errors(error: ValidationError, prefix: str = "") -> tuple[FieldError, ...]:
    """Return which fields are wrong and why, without any value."""
    count = error.error_count()
    if count > COUNTED:
        return (FieldError(prefix, f"{count} fields are wrong."),)
    found = error.errors(include_url=False, include_input=False)
    shown = [FieldError(prefix + pointer_of(each["loc"]), _detail(each)) for each in found[:LISTED]]
    if count > LISTED:
        shown.append(FieldError(prefix, f"{count - LISTED} more fields are wrong."))
    return tuple(shown)


def _detail(error: Mapping[str, Any]) -> str:
    kind, text = error["type"], error["msg"]
    if kind in QUOTED:
        return "The value is not one of those that are known."
    if kind in OURS:
        text = NUMBER.sub("…", text.partition(", ")[2] or text)
    return text[:LONGEST_DETAIL]
