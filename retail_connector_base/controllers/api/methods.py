"""Which methods an address offers."""

from werkzeug.exceptions import HTTPException

from odoo.http import request

from ...decisions.api_problem import ApiError, Problem

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# Marks the route that takes what no other takes.
FALLBACK = "retail_fallback"


def refused_method() -> ApiError:
    """Return what to raise: 405 where another method is offered at this address, else 404."""
    offered = [method for method in METHODS if _is_offered(method)]
    if not offered:
        return ApiError(Problem("not-found"))
    return ApiError(Problem("method-not-allowed"), {"Allow": ", ".join(offered)})


def _is_offered(method: str) -> bool:
    adapter = request.env["ir.http"].routing_map().bind_to_environ(request.httprequest.environ)
    try:
        endpoint, _arguments = adapter.match(method=method)
    except HTTPException:
        return False
    return not endpoint.routing.get(FALLBACK)
