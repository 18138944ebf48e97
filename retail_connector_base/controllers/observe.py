import json

import psycopg2

from odoo import http
from odoo.http import Response

from ..decisions.api_problem import ApiError
from .api.auth import authenticated, environment
from .problem import RETRY_AFTER

OPTIONS = {
    "type": "retail",
    "auth": "none",
    "methods": ["GET"],
    "csrf": False,
    "save_session": False,
    "readonly": False,
}
OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


class ObserveController(http.Controller):
    """What monitoring asks: figures for those with a token, health for everybody."""

    @http.route("/retail/metrics", **OPTIONS)
    @authenticated("metrics:read")
    def metrics(self, caller):
        """Return the figures of the caller's company."""
        body = environment()["retail.metrics"]._exposition(caller.company_id)
        return Response(body, content_type=OPEN_METRICS, headers={"Cache-Control": "no-store"})

    @http.route("/retail/health", **OPTIONS)
    def health(self):
        """Answer 200 while messages can be stored; the body tells what else does not work.

        Without the job runner or the sweeper messages are kept and wait: that is a warning, no
        reason to turn senders away.
        """
        try:
            parts = environment()["retail.metrics"]._health()
        except (ApiError, psycopg2.Error):
            return _health({"status": "unavailable"}, 503, {"Retry-After": str(RETRY_AFTER)})
        failing = sorted(part for part, works in parts.items() if not works)
        if failing:
            return _health({"status": "degraded", "failing": failing}, 200)
        return _health({"status": "ok"}, 200)


def _health(body, status, headers=None):
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return Response(json.dumps(body), status=status, content_type="application/json", headers=kept)
