from uuid import uuid4

from odoo import api, models
from odoo.fields import Command

from odoo.addons.retail_connector_base.decisions.moment import naive_utc

from ..decisions.ticket_identity import record_uuid
from .retail_importer_pos_ticket_days import KEEP_OPEN

PART = "void"


class RetailPosReversal(models.AbstractModel):
    """Takes a ticket back that was voided after its import: by an order that refunds all of it.

    Books stay as they are and are corrected where a day is open. The order's uuid follows from the
    ticket's: whatever is sent again, there is one.
    """

    _name = "retail.pos.reversal"
    _description = "Retail Connector: voided tickets"

    @api.model
    def _reverse(self, ticket, at):
        """Create the order that takes a ticket back; return it. ``at``: when it was voided."""
        if ticket.reversal_id:
            return ticket.reversal_id
        day = ticket.day_id._posting_day()
        self.env.cr.execute(KEEP_OPEN, [day.ids])
        session = day._session()
        order = self.env["pos.order"].create(self._order_values(ticket, session, at))
        order.write({"state": "paid"})
        ticket.write({"reversal_id": order.id, "voided": True})
        self.env["retail.pos.stock"]._note(ticket)
        self.env["retail.pos.card.change"]._take_back(ticket, order)
        self._invoice(ticket.odoo_id, order)
        detail = {"order": order.name, "session": session.name}
        self.env["retail.audit"]._log("ticket.reversed", ticket, detail=detail)
        return order

    def _invoice(self, order, reversal):
        """Give the customer a credit note where he has an invoice."""
        if order.account_move:
            reversal.to_invoice = True
            reversal._generate_pos_order_invoice()

    def _order_values(self, ticket, session, at):
        order, key = ticket.odoo_id, ticket.backend_id.key
        payments = [
            self._payment_values(payment, at, record_uuid(key, ticket.external_id, f"{PART} {n}"))
            for n, payment in enumerate(order.payment_ids.sorted("id"), 1)
        ]
        back = sum(payment["amount"] for payment in payments if payment["amount"] < 0)
        return {
            "uuid": record_uuid(key, ticket.external_id, PART),
            "access_token": str(uuid4()),
            "name": self.env._("%(refunded_order)s REFUND", refunded_order=order.name),
            "pos_reference": order.pos_reference,
            "tracking_number": order.tracking_number,
            "sequence_number": order.sequence_number,
            "session_id": session.id,
            "config_id": session.config_id.id,
            "company_id": order.company_id.id,
            "pricelist_id": order.pricelist_id.id,
            "fiscal_position_id": order.fiscal_position_id.id,
            "date_order": naive_utc(at),
            "user_id": order.user_id.id,
            "partner_id": order.partner_id.id,
            "internal_note": self.env._("Voided at the register"),
            "amount_total": -order.amount_total,
            "amount_tax": -order.amount_tax,
            "amount_paid": -order.amount_paid,
            "amount_return": -back,
            "amount_difference": -order.amount_difference,
            "is_refund": self._is_refund(order),
            "lines": [
                Command.create(self._line_values(ticket, line, number))
                for number, line in enumerate(order.lines.sorted("id"), 1)
            ],
            "payment_ids": [Command.create(payment) for payment in payments],
        }

    def _line_values(self, ticket, line, number):
        part = f"{PART} line {number}"
        return {
            "name": self.env._("%(name)s REFUND", name=line.name),
            "uuid": record_uuid(ticket.backend_id.key, ticket.external_id, part),
            "product_id": line.product_id.id,
            "full_product_name": line.full_product_name,
            "qty": -line.qty,
            "price_unit": line.price_unit,
            "discount": line.discount,
            "tax_ids": [Command.set(line.tax_ids.ids)],
            "total_cost": -line.total_cost,
            "is_total_cost_computed": line.is_total_cost_computed,
            "notice": line.notice,
            "customer_note": line.customer_note,
            # A return that is taken back leaves its original as it was before.
            "refunded_orderline_id": (line.refunded_orderline_id or line).id,
            "retail_sale_line_id": line.retail_sale_line_id.id,
            "pack_lot_ids": [
                Command.create({"lot_name": lot.lot_name}) for lot in line.pack_lot_ids
            ],
            **self._amount_values(line),
            **self._reward_values(line),
        }

    def _amount_values(self, line):
        """Return a line's amounts, taken back.

        Odoo keeps subtotals of refunds with the other sign, and turns the quantities of an order
        with a negative total: what it keeps of their taxes is the same then.
        """
        order, data, sign = line.order_id, line.extra_tax_data or None, -1
        if order.currency_id.is_zero(order.amount_total):
            data = self.env["account.tax"]._reverse_quantity_base_line_extra_tax_data(data)
        for is_refund in (order.is_refund, self._is_refund(order)):
            sign *= -1 if is_refund else 1
        return {
            "price_subtotal": sign * line.price_subtotal,
            "price_subtotal_incl": sign * line.price_subtotal_incl,
            "extra_tax_data": data,
        }

    def _is_refund(self, order):
        """Tell whether money goes back to the customer when an order is taken back."""
        return order.currency_id.compare_amounts(order.amount_total, 0) > 0

    def _reward_values(self, line):
        if not line.is_reward_line:
            return {}
        return {
            "is_reward_line": True,
            "reward_id": line.reward_id.id,
            "coupon_id": line.coupon_id.id,
            "points_cost": -line.points_cost,
            "reward_identifier_code": line.reward_identifier_code,
        }

    def _payment_values(self, payment, at, uuid):
        return {
            "uuid": uuid,
            "name": payment.name,
            "amount": -payment.amount,
            "payment_method_id": payment.payment_method_id.id,
            "payment_date": naive_utc(at),
            "is_change": payment.is_change,
            "payment_ref_no": payment.payment_ref_no,
        }
