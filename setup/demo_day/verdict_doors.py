"""At the end of the day, about the open doors: what was stored has its effect, all was heard."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal

from .doors import PRICES, SHOPPER, Doors
from .reading import Database, StoredOrder
from .summary import Summary

COMMANDS = """
    SELECT idempotency_key, entity_key, event_id, state FROM retail_outbox_command
     WHERE subscription_id = %s ORDER BY id
"""
PRODUCTS = """
    SELECT product.default_code, template.name->>'en_US', template.list_price
      FROM product_product product JOIN product_template template
        ON template.id = product.product_tmpl_id
     WHERE product.id = ANY(%s)
"""
CONSENTS = """
    SELECT consent.state, consent.backend_id FROM retail_consent consent
      JOIN res_partner partner ON partner.id = consent.partner_id
     WHERE partner.email = %s AND consent.channel = 'email'
"""
REFUSED = "SELECT count(*) FROM retail_refusal WHERE backend_id = %s"


def judge_doors(summary: Summary, doors: Doors, database: Database) -> None:
    """Check what the systems sent and what the subscriber heard."""
    orders = database.orders(doors.hub.backend)
    summary.invariants["the API answers as promised"] = doors.broken
    summary.invariants["all that was stored is done"] = list(_undone(doors))
    summary.invariants["orders of the API tie"] = list(_untied(doors, orders))
    summary.invariants["each system owns its own"] = list(_ownership(doors, database))
    summary.invariants["events heard = events owed"] = list(_unheard(doors, database))
    subscriber = doors.subscriber
    summary.doors = {
        **{f"answered {status}": count for status, count in sorted(_answers(doors).items())},
        **{f"items {word}": count for word, count in sorted(_words(doors).items())},
        "orders": len(orders),
        "events heard": len(subscriber.heard),
        "deliveries refused": subscriber.refused,
        "not taken": sum(
            database.value(REFUSED, one.backend) for one in (doors.hub, doors.pim, doors.crm)
        ),
    }


def _answers(doors: Doors) -> Counter[int]:
    return doors.hub.answers + doors.pim.answers + doors.crm.answers


def _words(doors: Doors) -> Counter[str]:
    return doors.hub.words + doors.pim.words + doors.crm.words


def _undone(doors: Doors) -> Iterable[str]:
    """Ask the API itself, as the senders would. An older state of an order may be left out."""
    for name, caller in (("marketplace", doors.hub), ("PIM", doors.pim), ("CRM", doors.crm)):
        for state, count in caller.states().items():
            if state not in ("done", "superseded"):
                yield f"{count} messages of the {name} are {state}"


def _untied(doors: Doors, orders: list[StoredOrder]) -> Iterable[str]:
    found = {one.external_id: one for one in orders}
    if len(found) != len(orders) or found.keys() != doors.orders.keys():
        yield f"orders are {sorted(one.external_id for one in orders)}"
    for number, body in doors.orders.items():
        stored = found.get(number)
        if stored is None:
            continue
        state = "cancel" if body.get("cancelled_at") else "sale"
        total = Decimal(body["total"]["shop"]["amount"])
        tax = Decimal(body["total_tax"]["shop"]["amount"])
        if (stored.state, stored.total, stored.tax) != (state, total, tax):
            yield f"order {number} is {stored.state}, {stored.total} with {stored.tax} of tax"


def _ownership(doors: Doors, database: Database) -> Iterable[str]:
    """The PIM owns texts, Odoo prices, the CRM consents."""
    for sku, name, price in database.rows(PRODUCTS, list(doors.products.values())):
        if name != doors.titles[sku]:
            yield f"{sku} is called {name}"
        if Decimal(price) != PRICES[sku]:
            yield f"{sku} costs {price}"
    told = database.rows(CONSENTS, SHOPPER)
    if told != [("unsubscribed", doors.crm.backend)]:
        yield f"the shopper's consent is {told}"


def _unheard(doors: Doors, database: Database) -> Iterable[str]:
    """I6: each effect once at the other side, and those of one entity in their order."""
    owed = database.rows(COMMANDS, doors.subscription)
    heard = [delivery for delivery, _event in doors.subscriber.heard]
    first = {delivery: place for place, delivery in reversed(list(enumerate(heard)))}
    keys = {key for key, _entity, _event, _state in owed}
    yield from (f"{key} is {state}" for key, _entity, _event, state in owed if state != "done")
    yield from (f"{key} was never heard" for key in sorted(keys - first.keys()))
    yield from (f"{key} was owed by nobody" for key in sorted(first.keys() - keys))
    places = defaultdict(list)
    for key, entity, _event, _state in owed:
        if key in first:
            places[entity].append(first[key])
    yield from (
        f"events of {entity} came out of order"
        for entity, found in places.items()
        if found != sorted(found)
    )
    if doors.subscriber.forged:
        yield f"{doors.subscriber.forged} deliveries were not signed as they should"
    if not owed:
        yield "nothing was owed"
