"""Messages that go the whole way through receiving, claiming and reading, and change nothing.

They are test orders, which a backend leaves out unless it is told otherwise.
"""

import json
from collections.abc import Iterator

from simulator import many_orders
from simulator.delivery import Delivery, Envelope

from .stage import SKUS, Stage


def ignored_orders(stage: Stage, count: int, first: int) -> Iterator[Delivery]:
    """Yield webhooks of ``count`` different test orders of one content, numbered from ``first``."""
    shop, app = stage.simulator.shop, stage.simulator.app
    load = many_orders(
        1, SKUS, seed=first, domain=shop.domain, secret=app.client_secret, currency=shop.currency
    )
    order = {**json.loads(load.deliveries[0].body), "test": True}
    envelope = Envelope(shop.domain, app.client_secret)
    for number in range(first, first + count):
        named = {
            "id": number,
            "name": f"#{number}",
            "admin_graphql_api_id": f"gid://shopify/Order/{number}",
        }
        body = json.dumps({**order, **named}, ensure_ascii=False, separators=(",", ":")).encode()
        yield envelope.seal("orders/create", f"event-{number}", f"webhook-{number}", body)
