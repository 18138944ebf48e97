"""Answers of the API as HTTP responses."""

import json
import logging
from collections.abc import Mapping
from typing import Any

import psycopg2
from werkzeug.exceptions import HTTPException

from odoo.http import Response

from ...decisions.api_problem import BY_STATUS, ApiError, Problem, refuse
from ..problem import RETRY_AFTER

_logger = logging.getLogger(__name__)


def json_response(
    body: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return JSON; a problem's where the status says that nothing was done."""
    content_type = "application/problem+json" if status >= 400 else "application/json"
    # Answers are about one client's data: nobody in between keeps them.
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return Response(json.dumps(body), status=status, headers=kept, content_type=content_type)


def problem_response(error: Exception) -> Response:
    """Return what ended a request as problem details (RFC 9457)."""
    known = as_api_error(error)
    return json_response(known.problem.body(), known.problem.status, known.headers)


def as_api_error(error: Exception) -> ApiError:
    """Return the error that tells a sender of another one. What the database says stays here."""
    if isinstance(error, ApiError):
        return error
    if isinstance(error, HTTPException):
        return ApiError(Problem(BY_STATUS.get(error.code, "malformed")))
    _logger.warning("an API request could not be stored: %s", type(error).__name__)
    return refuse("unavailable", retry_after=RETRY_AFTER)


# What ends a request in an orderly way.
EXPECTED = (ApiError, HTTPException, psycopg2.Error)
