"""Who calls, whether he may, and how often: what every route of the API asks first."""

import inspect
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

import psycopg2

from odoo import SUPERUSER_ID
from odoo.http import Response, request

from ...decisions.api_network import is_allowed
from ...decisions.api_problem import ApiError, Problem, refuse
from ...decisions.api_throttle import Allowance
from ...decisions.api_token import read_token
from ..problem import RETRY_AFTER
from .methods import refused_method
from .problems import EXPECTED, problem_response

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Caller:
    """An API client that proved who it is."""

    client_id: int
    token_id: int
    backend_id: int
    company_id: int
    scopes: frozenset[str]

    def check(self, scope: str) -> None:
        """Raise the problem that names the scope if the caller does not have it."""
        if scope not in self.scopes:
            raise ApiError(
                Problem("missing-scope", f"The scope “{scope}” is needed."),
                {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'},
            )


def authenticated(scope: str) -> Callable:
    """Return a decorator: the method is called with the ``Caller`` if he has the scope.

    ``scope`` may name parts of the address, as ``{route}:write`` does. Stands below
    ``http.route(…, type="retail", auth="none")``. The method may raise ``ApiError`` and werkzeug's
    exceptions, which become problem details; it gets those parameters only that it names. Every
    answer tells what is left of the caller's allowance.
    """

    def decorate(method):
        wanted = [*inspect.signature(method).parameters][2:]

        @wraps(method)
        def answer(controller, /, **params):
            given = {name: params[name] for name in wanted if name in params}
            return _answer(lambda caller: method(controller, caller, **given), scope, params)

        # Odoo reads the signature: anything may stand in an address's query.
        del answer.__wrapped__
        return answer

    return decorate


def environment():
    """Return a superuser environment; 503 where our tables cannot be reached."""
    if not request.db or "retail.api.client" not in request.env:
        raise refuse("unavailable", retry_after=RETRY_AFTER)
    return request.env(user=SUPERUSER_ID, su=True)


def _answer(method: Callable[[Caller], Response], scope: str, params: dict) -> Response:
    allowance = None
    try:
        # Odoo offers it for every route.
        if request.httprequest.method == "OPTIONS":
            raise refused_method()
        env = environment()
        known = _identify(env)
        allowance = _take(env, known)
        # What follows has a snapshot of its own, and none is held open meanwhile.
        env.cr.commit()  # pylint: disable=invalid-commit
        caller = _caller(known)
        caller.check(scope.format_map(params))
        response = method(caller)
    except EXPECTED as error:
        _rollback()
        response = problem_response(error)
    if allowance:
        for name, value in allowance.headers().items():
            response.headers.setdefault(name, value)
    return response


def _identify(env) -> dict:
    """Return what is known of the caller; the same answer for whatever is wrong with a token."""
    httprequest = request.httprequest
    known = env["retail.api.token"]._identify(read_token(httprequest.headers.get("Authorization")))
    if known is None:
        raise ApiError(Problem("unauthorized"), {"WWW-Authenticate": 'Bearer realm="retail"'})
    if not is_allowed(httprequest.remote_addr, known["networks"]):
        raise refuse("address-refused")
    return known


def _take(env, known: dict) -> Allowance:
    allowance = env["retail.api.bucket"]._take(
        known["client_id"], known["token_id"], known["rate_per_minute"], known["burst"]
    )
    if allowance.wait is not None:
        raise ApiError(Problem("too-many-requests"), allowance.headers())
    return allowance


def _caller(known: dict) -> Caller:
    ids = {name: known[name] for name in ("client_id", "token_id", "backend_id", "company_id")}
    return Caller(scopes=frozenset(known["scopes"]), **ids)


def _rollback() -> None:
    try:
        request.env.cr.rollback()
    except psycopg2.Error:
        _logger.info("the connection is gone")
