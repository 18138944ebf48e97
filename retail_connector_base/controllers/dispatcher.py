"""What programs are answered where PostgreSQL goes away before or after a controller."""

import logging

import psycopg2
from werkzeug.exceptions import ServiceUnavailable

from odoo.http import HttpDispatcher

from .problem import RETRY_AFTER, problem_response

_logger = logging.getLogger(__name__)


class ProgramDispatcher(HttpDispatcher):
    """Serves routes that programs call: ``type="retail"``.

    Odoo works with the database on its own, both before it calls a controller and after. What fails
    there would be answered 500, after which many senders give up.
    """

    routing_type = "retail"

    def handle_error(self, exc):
        """Override: answer 503 where the database does not; nothing was acknowledged yet."""
        if not isinstance(exc, psycopg2.Error):
            return super().handle_error(exc)
        _logger.warning("a request met no database: %s", type(exc).__name__)
        return problem_response(ServiceUnavailable(retry_after=RETRY_AFTER))
