"""Reading a request's body with bounded memory and time."""

from urllib.parse import urlencode

from werkzeug.exceptions import (
    BadRequest,
    ClientDisconnected,
    HTTPException,
    LengthRequired,
    RequestEntityTooLarge,
    RequestTimeout,
    UnsupportedMediaType,
)

MAX_BYTES = 8 * 1024 * 1024
FORM = "application/x-www-form-urlencoded"
FORMS = (FORM, "multipart/form-data")


def read_body(request, accepts_forms: bool) -> bytes:
    """Return the raw bytes of a request.

    Raises an ``HTTPException`` of status 408, 411, 413 or 415. Forms are refused before anything
    is verified: once one is parsed, the raw body that a signature covers is gone. For vendors that
    send unsigned ones all the same, what was parsed is written as bytes again.
    """
    _check_type(request, accepts_forms)
    _check_length(request)
    if request.mimetype == FORM:
        return urlencode(list(request.form.items(multi=True))).encode()
    try:
        body = request.get_data(cache=False, parse_form_data=False)
    except (ClientDisconnected, TimeoutError) as error:
        raise RequestTimeout() from error
    except HTTPException:
        raise
    if len(body) != request.content_length:
        raise RequestTimeout()
    return body


def _check_type(request, accepts_forms: bool) -> None:
    if request.mimetype in FORMS and not (accepts_forms and request.mimetype == FORM):
        raise UnsupportedMediaType()
    # A compressed body would be verified as it came and could unpack to anything.
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType()


def _check_length(request) -> None:
    if request.headers.get("Transfer-Encoding") or "Content-Length" not in request.headers:
        raise LengthRequired()
    if request.content_length is None or request.content_length < 0:
        raise BadRequest()
    if request.content_length > MAX_BYTES:
        raise RequestEntityTooLarge()
