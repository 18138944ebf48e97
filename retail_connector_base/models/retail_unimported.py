from collections import defaultdict
from math import ceil

from odoo import api, models

from ..decisions.unimported import unimported
from ..providers import MalformedPayloadError

# What the lane will import by itself, any moment now.
MOVING = ("received", "retry")
READ_AT_MOST = 200
# States in which a message holds back those of its order that came after it.
HOLDING = ("waiting", "blocked")
# Two indexes know what is not at rest: those who wait, and those who need a person.
DEAD = ("blocked", "quarantined", "conflict")
QUEUED = ("received", "retry", "waiting")
# Asked first, so that it costs nothing where nothing waits, whatever the table's history.
WAITS = """
    SELECT FROM retail_backend backend
     WHERE backend.company_id = %(company)s AND (EXISTS (
           SELECT FROM retail_inbox_message message
            WHERE message.backend_id = backend.id AND message.kind = 'order'
              AND message.state = ANY(%(queued)s))
        OR EXISTS (
           SELECT FROM retail_inbox_message message
            WHERE message.backend_id = backend.id AND message.kind = 'order'
              AND message.state = ANY(%(dead)s)))
     LIMIT 1
"""
# What will be imported by itself: what is held back waits for the same person as what holds it.
MOVES = """
    SELECT FROM retail_inbox_message message
     WHERE message.backend_id = %s AND message.kind = 'order' AND message.state = ANY(%s)
       AND NOT EXISTS (
           SELECT FROM retail_inbox_message earlier
            WHERE earlier.backend_id = message.backend_id AND earlier.id < message.id
              AND earlier.entity_key = message.entity_key AND earlier.state = ANY(%s))
     LIMIT 1
"""


class RetailUnimported(models.AbstractModel):
    """Reads from the inbox what channels sold and Odoo has not imported."""

    _name = "retail.unimported"
    _description = "Retail Connector: sales that wait in the inbox"

    @api.model
    def _is_drained(self, backend):
        """Tell whether every order that was received is imported, or waits for a person."""
        self.env["retail.inbox.message"].flush_model()
        self.env.cr.execute(MOVES, [backend.id, list(MOVING), list(HOLDING)])
        return not self.env.cr.rowcount

    @api.model
    def _of(self, backend, product_ids=None):
        """Return by product the units that wait: of this channel, and of others of its company.

        Of some products, or of all for ``None``.
        Fractions count as whole units. What nobody can read cannot be counted: it is shown as an
        exception, and the channel's own quantity tells of it when it is compared.
        """
        wanted = None if product_ids is None else set(product_ids)
        own, others = defaultdict(float), defaultdict(float)
        for owner, found in self._messages(backend).grouped("backend_id").items():
            totals = own if owner == backend else others
            for product_id, quantity in self._of_backend(owner, found).items():
                if wanted is None or product_id in wanted:
                    totals[product_id] += quantity
        return _whole(own), _whole(others)

    def _messages(self, backend):
        """Return what waits, what nobody moves first; a flood is in flight, not worth reading."""
        messages = self.env["retail.inbox.message"]
        company = backend.company_id
        messages.flush_model()
        self.env.cr.execute(
            WAITS, {"company": company.id, "queued": list(QUEUED), "dead": list(DEAD)}
        )
        if not self.env.cr.rowcount:
            return messages
        return self._readable(self._backends(company), "order")

    def _readable(self, backends, kind):
        """Return what waits of a kind, less what is so much that it is not worth reading."""
        stuck = self._find(backends, DEAD, kind=kind)
        stuck |= self._find(backends, ("waiting",), kind=kind)
        moving = self._find(backends, MOVING, 1, kind)
        return stuck | moving if len(moving) <= READ_AT_MOST else stuck

    def _backends(self, company):
        backends = self.env["retail.backend"].sudo().with_context(active_test=False)
        return backends.search([("company_id", "=", company.id)])

    def _find(self, backends, states, more=0, kind="order"):
        """Return messages in these states, which have to be those of one index."""
        wanted = [("backend_id", "in", backends.ids), ("kind", "=", kind)]
        return self.env["retail.inbox.message"].search(
            [*wanted, ("state", "in", states)], limit=READ_AT_MOST + more
        )

    def _of_backend(self, backend, messages):
        orders = list(self._orders(backend, messages))
        bindings = self.env["retail.order.binding"]._by_external_id(
            backend, [order.external_id for order in orders]
        )
        imported = {key: bound._imported_order() for key, bound in bindings.items()}
        units = unimported(orders, imported)
        variants = self.env["retail.product.binding"]._by_external_id(
            backend, [variant for variant, _sku in units if variant]
        )
        by_sku = self._by_sku(backend, [sku for variant, sku in units if variant not in variants])
        totals = defaultdict(float)
        for (variant, sku), quantity in units.items():
            bound = variants.get(variant) or by_sku.get(sku)
            if bound:
                totals[bound.odoo_id.id] += float(quantity)
        return totals

    def _by_sku(self, backend, skus):
        wanted = [sku for sku in skus if sku]
        found = self.env["retail.product.binding"].search(
            [("backend_id", "=", backend.id), ("sku", "in", wanted)] if wanted else [(0, "=", 1)]
        )
        return {bound.sku: bound for bound in found}

    def _orders(self, backend, messages):
        """Yield the canonical messages that can be read."""
        provider = backend._provider()
        for message in messages:
            try:
                yield self.env["retail.inbox.processor"]._canonical(message, provider)
            except MalformedPayloadError:
                continue


def _whole(totals):
    return {product_id: ceil(units) for product_id, units in totals.items()}
