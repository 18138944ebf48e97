"""What other systems may read: messages, orders, availability, customers, goods that leave."""

from datetime import datetime

from odoo import http
from odoo.http import Response, request

from ...canonical.answers import FeedPage, Page
from ...canonical.base import CanonicalModel
from ...decisions.api_problem import refuse
from ...decisions.api_query import Query, read_query
from .auth import Caller, authenticated, environment

OPTIONS = {
    "type": "retail",
    "auth": "none",
    "methods": ["GET"],
    "csrf": False,
    "save_session": False,
    # A replica would not know yet what was sent a moment ago.
    "readonly": False,
}
# Nobody in between keeps what is one client's.
PRIVATE = {"Cache-Control": "no-store"}


class ApiReadController(http.Controller):
    """Answers questions of one backend about what is its own. Changes nothing."""

    @http.route("/retail/v1/messages/<string:message_id>", **OPTIONS)
    @authenticated("messages:read")
    def read_message(self, caller, message_id):
        """Return what became of a message."""
        _query(())
        reader, backend = _reader(caller)
        return _found(reader._read_message(backend, message_id))

    @http.route("/retail/v1/orders/<path:external_id>", **OPTIONS)
    @authenticated("orders:read")
    def read_order(self, caller, external_id):
        """Return an order as it stands in Odoo."""
        _query(())
        reader, backend = _reader(caller)
        return _found(reader._read_order(backend, external_id))

    @http.route("/retail/v1/availability", **OPTIONS)
    @authenticated("availability:read")
    def list_availability(self, caller):
        """Return what can be sold, item by item and place by place."""
        query = _query(("sku", "location"))
        reader, backend = _reader(caller)
        items, last = reader._read_availability(
            backend,
            skus=query.many("sku"),
            locations=query.many("location"),
            after=query.after,
            limit=query.limit,
        )
        return _written_page(items, query, last)

    @http.route("/retail/v1/pos-feed", **OPTIONS)
    @authenticated("pos-feed:read")
    def list_pos_feed(self, caller):
        """Return what the registers of this backend's stores should know, or what changed of it."""
        query = _query(("store", "since"))
        since = query.number("since")
        reader, backend = _reader(caller)
        items, last = reader._read_pos_feed(
            backend, query.many("store"), since, max(query.after, since or 0), query.limit
        )
        following = query.following(last if len(items) == query.limit else None)
        page = FeedPage(
            items=items,
            next=following,
            as_of=datetime.now().astimezone(),
            since=str(last or since or 0),
        )
        return _raw(page.model_dump_json())

    @http.route("/retail/v1/customers", **OPTIONS)
    @authenticated("customers:read")
    def list_customers(self, caller):
        """Return customers of this backend."""
        query = _query(("external_id", "email", "phone", "updated_since"))
        reader, backend = _reader(caller)
        filters = {
            "external_id": query.many("external_id"),
            "email": query.one("email"),
            "phone": query.one("phone"),
            "updated_since": query.moment("updated_since"),
        }
        return _page(query, *reader._read_customers(backend, filters, query.after, query.limit))

    @http.route("/retail/v1/shipments", **OPTIONS)
    @authenticated("shipments:read")
    def list_shipments(self, caller):
        """Return shipments of this backend's orders."""
        query = _query(("order", "updated_since"))
        reader, backend = _reader(caller)
        found = reader._read_shipments(
            backend, query.many("order"), query.moment("updated_since"), query.after, query.limit
        )
        return _page(query, *found)

    @http.route("/retail/v1/releases", **OPTIONS)
    @authenticated("releases:read")
    def list_releases(self, caller):
        """Return what this backend's warehouses are to send, and what they are asked."""
        query = _query(("location", "order", "updated_since"))
        reader, backend = _reader(caller)
        filters = {
            "location": query.many("location"),
            "order": query.many("order"),
            "updated_since": query.moment("updated_since"),
        }
        return _page(query, *reader._read_releases(backend, filters, query.after, query.limit))


def _reader(caller: Caller):
    env = environment()
    backend = env["retail.backend"].browse(caller.backend_id)
    context = {"allowed_company_ids": [caller.company_id]}
    return env["retail.api.reader"].with_context(**context), backend.with_context(**context)


def _query(names) -> Query:
    """Return the query. Raises ``ApiError``: 400 for what no route of ours knows."""
    return read_query(request.httprequest.args, names, request.httprequest.path)


def _found(answer: CanonicalModel | None) -> Response:
    if answer is None:
        raise refuse("not-found")
    return _raw(answer.model_dump_json())


def _page(query: Query, items, last) -> Response:
    page = Page(items=items, next=query.following(last), as_of=datetime.now().astimezone())
    return _raw(page.model_dump_json())


def _written_page(items: str, query: Query, last) -> Response:
    """Return a page whose items are JSON already."""
    rest = Page(items=(), next=query.following(last), as_of=datetime.now().astimezone())
    return _raw(rest.model_dump_json().replace("[]", items, 1))


def _raw(body: str) -> Response:
    return Response(body, content_type="application/json", headers=PRIVATE)
