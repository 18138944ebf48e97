from dataclasses import replace
from decimal import Decimal

from odoo import models
from odoo.fields import Command

from odoo.addons.retail_connector_base.canonical import LineKind

from ..decisions.card_change import is_by_card, masked_code
from .ticket_draft import TicketDraft


class RetailImporterPosTicket(models.AbstractModel):
    """A ticket that says otherwise than when it was imported: three states, side by side."""

    _inherit = "retail.importer.pos_ticket"

    # Goods and amounts

    def _is_as_told(self, draft):
        """Tell whether somebody brought Odoo to what the register tells now."""
        return all(told == odoo for _what, _before, told, odoo in self._rows_of(draft, None))

    def _rows_of(self, draft, before):
        """Return (what, imported, told now, in Odoo) of all that can be compared."""
        rows = self._place_rows(draft, before) + self._unit_rows(draft, before)
        return rows + self._amount_rows(draft, before) + self._point_rows(draft, before)

    def _place_rows(self, draft, before):
        ticket, now = draft.binding, draft.ticket
        names = self.env._("Register"), self.env._("Business Day"), self.env._("Currency")
        odoo = (
            ticket.register_id.external_id,
            str(ticket.day_id.business_date),
            ticket.currency_id.name,
        )
        return list(zip(names, self._place_of(before), self._place_of(now), odoo, strict=True))

    def _place_of(self, ticket):
        if not ticket:
            return ("", "", "")
        register = self.env["retail.pos.register"]._key(
            ticket.store_external_id, ticket.register_external_id
        )
        return register, str(ticket.business_date), ticket.currency

    def _unit_rows(self, draft, before):
        units = _units(before), _units(draft.ticket), self._odoo_units(draft)
        names = sorted(set().union(*units))
        return [(name, *(f"{float(each.get(name, 0)):g}" for each in units)) for name in names]

    def _amount_rows(self, draft, before):
        now, orders = draft.ticket, self._orders_of(draft.binding)
        total = sum(orders.mapped("amount_total")) + self._by_cards(orders)
        tax = sum(orders.mapped("amount_tax"))
        return [
            (what, _amount(before, name), _amount(now, name), f"{odoo:.4f}")
            for what, name, odoo in (
                (self.env._("Total"), "total", total),
                (self.env._("Taxes"), "total_tax", tax),
            )
        ]

    def _point_rows(self, draft, before):
        changes = self.env["retail.pos.card.change"].search(
            [("ticket_id", "=", draft.binding.id), ("program", "!=", False)]
        )
        kept = {}
        for change in changes:
            kept[change.code] = kept.get(change.code, 0) + change.amount
        points = _points(before), _points(draft.ticket), kept
        return [
            (
                self.env._("Points on %(card)s", card=masked_code(code)),
                *(f"{float(each.get(code, 0)):g}" for each in points),
            )
            for code in sorted(set().union(*points))
        ]

    def _orders_of(self, ticket):
        """Return all orders that make up a ticket: corrections by hand refund its lines."""
        order = ticket.odoo_id
        more = order.lines.refund_orderline_ids.order_id.filtered(
            lambda one: one.state != "cancel" and not one.retail_ticket_ids
        )
        return order | more

    def _odoo_units(self, draft):
        """Return the units of goods in Odoo, by SKU; what stands for tips, cards, … is no goods."""
        orders, backend = self._orders_of(draft.binding), draft.binding.backend_id
        names = [name for name in backend._fields if name.endswith("_product_id")]
        others = self.env["product.product"].union(*(backend[name] for name in names))
        others |= orders.config_id.tip_product_id
        units = {}
        for line in orders.lines.filtered(lambda line: not line.is_reward_line):
            if line.product_id in others:
                continue
            name = line.product_id.default_code or line.full_product_name or line.product_id.name
            units[name] = units.get(name, 0.0) + line.qty
        return {name: quantity for name, quantity in units.items() if quantity}

    def _by_cards(self, orders):
        """Return what cards paid: lines that lower an order's total and not the ticket's."""
        lines = orders.lines.filtered(lambda line: line.is_reward_line and line.coupon_id)
        return sum(lines.mapped("points_cost"))

    def _changed(self, draft, before, change):
        rows = [
            (self.env._("%(what)s (imported: %(was)s)", what=what, was=was), told, odoo)
            for what, was, told, odoo in self._rows_of(draft, before)
            if not was == told == odoo
        ]
        return self._again_problem(
            draft,
            "ticket_changed",
            self.env._(
                "Ticket %(number)s was changed after it was imported", number=self._no(draft)
            ),
            self.env._(
                "The register tells something else now (%(parts)s). Correct the order in Odoo, "
                "e.g. by a refund of its lines; as soon as Odoo has what is told, retry. Or skip "
                "the message to keep what was imported.",
                parts=", ".join(change.content),
            ),
            rows,
        )

    # Ways of paying

    def _change_tenders(self, backend, draft, before, change):
        """Write another way of paying, as long as nobody changed it here and the day is open."""
        was, now = self._payments_told(backend, draft, before), self._paid_now(draft)
        told = self._payments_told(backend, draft, draft.ticket, draft)
        if draft.error or (told is not None and sorted(told) == sorted(now)):
            return
        # What was declined after the import is no longer what the register tells of it.
        edited_here = was is not None and now != was
        if told is None or edited_here or not self._may_pay_otherwise(draft, before):
            draft.fail(self._paid_otherwise(draft, was, told, now))
            return
        order = draft.binding.odoo_id
        order.payment_ids.unlink()
        values = [
            self._payment_values(backend, draft, tender, position)
            for position, tender in enumerate(draft.tenders, 1)
        ]
        order.write({"payment_ids": [Command.create(each) for each in values]})
        detail = {"from": _words(was), "to": _words(told)}
        self.env["retail.audit"]._log("ticket.paid_otherwise", draft.binding, detail=detail)
        draft.note = self.env._("It was paid otherwise than first told; the order says so now.")

    def _payments_told(self, backend, draft, ticket, target=None):
        """Return [(method, amount)] that a state of the ticket means, ``None`` when none does."""
        probe = target or TicketDraft(replace(draft.item, canonical=ticket), draft.binding)
        self._find_places(backend, [probe])
        probe.settled = self._settled_by_lines(probe)
        if not probe.error:
            self._find_tenders(backend, [probe])
        if probe.error:
            return None
        return sorted(
            (tender.method.name, round(float(tender.amount), 6)) for tender in probe.tenders
        )

    def _settled_by_lines(self, draft):
        """Return the tenders that lines of the imported order stand for."""
        if not draft.binding.odoo_id.lines.coupon_id:
            return set()
        return {one.external_id for one in draft.ticket.tenders if is_by_card(one)}

    def _paid_now(self, draft):
        payments = draft.binding.odoo_id.payment_ids
        return sorted(
            (payment.payment_method_id.name, round(payment.amount, 6)) for payment in payments
        )

    def _may_pay_otherwise(self, draft, before):
        order = draft.binding.odoo_id
        cards = [
            {(one.gift_card_code, one.amount) for one in ticket.tenders if is_by_card(one)}
            for ticket in (before, draft.ticket)
        ]
        is_open = order.session_id.state == "opened" and order.state == "paid"
        return is_open and not order.account_move and cards[0] == cards[1]

    def _paid_otherwise(self, draft, was, told, now):
        return self._again_problem(
            draft,
            "ticket_paid_otherwise",
            self.env._(
                "Ticket %(number)s was paid otherwise than first told", number=self._no(draft)
            ),
            self.env._(
                "Its day is closed, its invoice is made, or the payments were changed in Odoo. "
                "Move the money between the accounts of both payment methods, then skip the "
                "message."
            ),
            [
                (
                    self.env._("Payments (imported: %(was)s)", was=_words(was)),
                    _words(told),
                    _words(now),
                )
            ],
        )


def _units(ticket):
    """Return the units of each thing on a ticket, by the first code that the register tells."""
    units = {}
    for line in ticket.lines if ticket else ():
        if line.kind is not LineKind.PRODUCT:
            continue
        name = line.sku or line.title
        units[name] = units.get(name, Decimal(0)) + line.quantity
    return {name: quantity for name, quantity in units.items() if quantity}


def _points(ticket):
    """Return the points of each card."""
    points = {}
    for change in ticket.loyalty if ticket else ():
        points[change.card_code] = points.get(change.card_code, Decimal(0)) + change.points
    return points


def _amount(ticket, name):
    return f"{getattr(ticket, name):.4f}" if ticket else ""


def _words(payments):
    return ", ".join(f"{name} {amount:.2f}" for name, amount in payments or ()) or "–"
