"""What the tests of the provider about money share: what lists and webhooks say, an outbox."""

from decimal import Decimal

from vendor_shop import provider

from odoo.addons.retail_connector_base.canonical import Money, RefundPayment
from odoo.addons.retail_connector_base.providers import (
    ConnectorError,
    RejectedError,
    StoredMessage,
    UnknownOutcomeError,
)

CURRENCIES = {"EUR": True, "USD": False, "JPY": True, "BHD": False}


def read(adapter, message):
    return adapter.parse(StoredMessage(message.topic, message.kind, message.body, message.headers))


def listed(simulator, kind):
    """Return what a list of the shop's says, by external id."""
    adapter = provider(simulator)
    messages = [one for page in adapter.fetch(kind, "") for one in page.messages]
    found = [read(adapter, one) for one in messages]
    assert [one.entity_key for one in found] == [one.entity_key for one in messages]
    return {one.external_id: one for one in found}


def heard(simulator, *topics):
    """Return what webhooks say, the newest state of each by external id."""
    adapter, plan = provider(simulator), simulator.plan(topics=topics)
    return {
        one.external_id: one
        for sent in plan.deliveries
        for one in [adapter.parse(StoredMessage(sent.topic, None, sent.body, sent.headers))]
    }


def money(amount, currency="EUR"):
    return Money(amount=Decimal(amount), currency=currency)


def refund(history, amount, reference="RINV/1", payment=None, **values):
    paid = payment or history.current.payments[0]
    return RefundPayment(
        payment_external_id=str(paid.id),
        order_external_id=str(history.id),
        amount=money(amount, history.current.terms.presentment),
        reference=reference,
        **values,
    )


def deliver(simulator, command, key="key", known=()):
    """Send one command as the outbox does; return the ids of what it made."""
    in_doubt, asked = False, False
    for _ in range(300):
        try:
            if in_doubt:
                found = provider(simulator).look_up(command, key, known)
                in_doubt, asked = False, True
                if found is None:
                    continue
            else:
                found = provider(simulator).send(command, key, known if asked else None)
            return list(found.external_ids)
        except UnknownOutcomeError:
            in_doubt = True
        except RejectedError:
            raise
        except ConnectorError:
            continue
    raise AssertionError("never delivered")


def disputed(shop):
    """Let a dispute be opened, answered and won, and another be asked about."""
    history = shop.shop.place("plain")
    made = shop.account.dispute(history)
    shop.account.respond(made.id)
    shop.account.win(made.id)
    shop.account.dispute(shop.shop.place("plain"), inquiry=True)
    return made
