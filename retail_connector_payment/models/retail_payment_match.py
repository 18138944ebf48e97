from collections import defaultdict

from odoo import models

from ..decisions.payment_match import (
    APPROVAL_CODE,
    Clues,
    is_plausible,
    match_payment,
    names_of,
)

# Payments that tell of one another: relatives in one backend, and the same money as it is told by
# a shop and by its gateway. Each part is answered by an index.
LINKS = """
    WITH asked AS (SELECT id, backend_id, company_id, external_id, parent_external_id,
                          "authorization" AS word
                     FROM retail_payment WHERE id IN %(ids)s)
    SELECT asked.id, other.id, other.order_binding_id, 'parent'
      FROM asked JOIN retail_payment other
        ON other.backend_id = asked.backend_id AND other.external_id = asked.parent_external_id
     UNION
    SELECT asked.id, other.id, other.order_binding_id, 'parent'
      FROM asked JOIN retail_payment other
        ON other.backend_id = asked.backend_id AND other.parent_external_id = asked.external_id
     UNION
    SELECT asked.id, other.id, other.order_binding_id, 'transaction'
      FROM asked JOIN retail_payment other
        ON other."authorization" IN (asked.external_id, asked.word)
       AND other.company_id = asked.company_id AND other.backend_id <> asked.backend_id
       AND other."authorization" !~ %(code)s
     UNION
    SELECT asked.id, other.id, other.order_binding_id, 'transaction'
      FROM asked JOIN retail_backend backend ON backend.company_id = asked.company_id
      JOIN retail_payment other
        ON other.backend_id = backend.id AND other.external_id = asked.word
     WHERE backend.id <> asked.backend_id AND asked.word !~ %(code)s
"""


class RetailPayment(models.Model):
    """Which order a payment belongs to, whichever of them is heard of first."""

    _inherit = "retail.payment"

    def _match(self):
        """Tie payments without an order to theirs, and what is linked with payments that have one.

        Return those that got an order.
        """
        links = self._links() if self else {}
        matched = self.filtered(lambda p: not p.order_binding_id)._match_by(links)
        # Also those that had an order before: others may have waited for their word.
        telling = self.filtered("order_binding_id")
        while telling:
            linked = self.browse({other for p in telling for other, _order, _how in links[p.id]})
            todo = linked.filtered(lambda p: not p.order_binding_id)
            links = todo._links() if todo else {}
            telling = todo._match_by(links)
            matched |= telling
        return matched

    def _links(self):
        """Return by payment id what is linked with it: (payment id, order id, how)."""
        self.env["retail.payment"].flush_model()
        self.env.cr.execute(LINKS, {"ids": tuple(self.ids), "code": APPROVAL_CODE})
        links = defaultdict(list)
        for one, other, order, how in self.env.cr.fetchall():
            links[one].append((other, order, how))
        return links

    def _match_by(self, links):
        """Tie these payments to the orders that their clues name; return those that got one."""
        told, referred = self._told_orders(), self._referred_orders()
        got = self.browse()
        for payment in self:
            match = match_payment(
                Clues(
                    order=frozenset(told.get(payment, ())),
                    transaction=_orders(links[payment.id], "transaction"),
                    parent=_orders(links[payment.id], "parent"),
                    reference=frozenset(referred.get(payment, ())),
                )
            )
            if match.order_id:
                order = self.env["retail.order.binding"].browse(match.order_id)
                payment._set_order(order, match.by.value)
                got |= payment
            elif match.doubtful:
                payment._suggest_orders(match.doubtful, "several")
        return got

    def _told_orders(self):
        """Return by payment the order whose id was told, of the same backend."""
        named = self.filtered("order_external_id")
        found = {}
        for backend, payments in named.grouped("backend_id").items():
            orders = self.env["retail.order.binding"]._by_external_id(
                backend, payments.mapped("order_external_id")
            )
            for payment in payments:
                order = orders.get(payment.order_external_id)
                if order:
                    found[payment] = {order.id}
        return found

    def _referred_orders(self):
        """Return by payment the orders of its company that its reference names.

        Our own name of an order is sure; the channel's number may be another shop's as well.
        """
        found = defaultdict(set)
        named = self.filtered("reference")
        for company, payments in named.grouped("company_id").items():
            names = {name for payment in payments for name in names_of(payment.reference)}
            orders = payments._orders_named(company, names)
            for payment in payments:
                own = names_of(payment.reference)
                sure = {order.id for order in orders if order.odoo_id.name in own}
                numbered = {
                    order.id
                    for order in orders
                    if order.name in own and payment._is_plausible_for(order)
                }
                found[payment] = sure or numbered
        return found

    def _orders_named(self, company, names):
        orders = self.env["retail.order.binding"]
        domain = [("company_id", "=", company.id)]
        sales = self.env["sale.order"].search([*domain, ("name", "in", list(names))])
        found = orders.search([*domain, ("name", "in", list(names))])
        return found | orders.search([*domain, ("odoo_id", "in", sales.ids)]) if sales else found

    def _is_plausible_for(self, order):
        totals = (
            (order.currency_id.name, order.amount_total),
            (order.other_currency, order.other_amount_total),
        )
        return is_plausible(self.currency_id.name, self.amount, totals)

    # Tying

    def _set_order(self, order, by):
        """Tie payments to an order, and what was booked of them."""
        self.write({"order_binding_id": order.id, "matched_by": by, "look_again_at": False})
        self.suggestion_ids.unlink()
        self.ledger_entry_ids._set_order(order)

    def _unmatched_of(self, orders):
        """Return the payments without an order that may belong to one of these, just made."""
        names = {
            word for o in orders for name in (o.name, o.odoo_id.name) for word in names_of(name)
        }
        waiting = self.search(
            [
                ("order_binding_id", "=", False),
                ("company_id", "in", orders.company_id.ids),
                "|",
                "&",
                ("backend_id", "in", orders.backend_id.ids),
                ("order_external_id", "in", orders.mapped("external_id")),
                ("reference", "in", list(names)),
            ]
        )
        return waiting


def _orders(links, how):
    return frozenset(order for _other, order, by in links if order and by == how)
