from uuid import uuid4

from odoo import models
from odoo.fields import Command

from odoo.addons.retail_connector_base.decisions.moment import naive_utc

from ..decisions.ticket_identity import record_uuid

NUMBERS = "SELECT nextval('retail_pos_ticket_id_seq') FROM generate_series(1, %s)"


class RetailImporterPosTicket(models.AbstractModel):
    """Makes paid orders, all of a batch in one go.

    Every value that Odoo would compute, count or look up is given: that is what makes its own
    point of sale slow. What is written is what it would write (``test_ticket_equality``).
    """

    _inherit = "retail.importer.pos_ticket"

    def _write_tickets(self, backend, drafts):
        """Create orders and bindings of drafts that tie; nothing but bindings of voided ones."""
        sold = [draft for draft in drafts if not draft.is_void]
        self._number(sold)
        self._create_orders(backend, sold)
        bindings = self.env["retail.pos.ticket"].create(
            [self._binding_values(backend, draft) for draft in drafts]
        )
        for draft, binding in zip(drafts, bindings, strict=True):
            draft.binding = binding
        self.env["retail.pos.stock"]._note(bindings.filtered("odoo_id"))
        self._invoice(backend, sold)

    def _create_orders(self, backend, drafts):
        orders = self.env["pos.order"].create(
            [self._order_values(backend, draft) for draft in drafts]
        )
        # By itself: addons of countries look at orders when they become paid.
        orders.write({"state": "paid"})
        for draft, order in zip(drafts, orders, strict=True):
            draft.order = order

    def _number(self, drafts):
        """Give tickets that are not numbered a number of ours: Odoo's own sequence of each register
        would make imports wait for one another."""
        nameless = [draft for draft in drafts if not draft.ticket.sequence]
        self.env.cr.execute(NUMBERS, [len(nameless)])
        for draft, (number,) in zip(nameless, self.env.cr.fetchall(), strict=True):
            draft.sequence = number

    # Orders

    def _order_values(self, backend, draft):
        ticket, config = draft.ticket, draft.config
        reference = ticket.number or ticket.external_id
        number = ticket.sequence or draft.sequence
        return {
            "uuid": record_uuid(backend.key, ticket.external_id),
            "access_token": str(uuid4()),
            "name": self._order_name(draft, reference),
            "pos_reference": reference,
            "tracking_number": f"{number % 1000:03d}",
            "sequence_number": number,
            "session_id": draft.session.id,
            "config_id": config.id,
            "company_id": backend.company_id.id,
            "pricelist_id": config.pricelist_id.id,
            # The register's taxes count: nothing may translate them.
            "fiscal_position_id": False,
            "date_order": naive_utc(ticket.sold_at),
            "user_id": draft.cashier.id if draft.cashier else self.env.uid,
            "partner_id": draft.partner.id if draft.partner else False,
            "general_customer_note": ticket.note or False,
            "to_invoice": self._may_invoice(draft),
            **self._amount_values(draft),
            "lines": [
                Command.create(self._line_values(backend, draft, line, position))
                for position, line in enumerate(draft.lines, 1)
            ],
            "payment_ids": [
                Command.create(self._payment_values(backend, draft, tender, position))
                for position, tender in enumerate(draft.tenders, 1)
            ],
        }

    def _order_name(self, draft, reference):
        """Return what Odoo calls an order of this receipt number."""
        refunded = next((line.refunded_line for line in draft.lines if line.refunded_line), None)
        if refunded:
            name = refunded.order_id.name
            return self.env._("%(refunded_order)s REFUND", refunded_order=name)
        sequence = draft.config.order_seq_id
        suffix = f" - {sequence.suffix}" if sequence.suffix else ""
        last = reference.split("-")[-1]
        return f"{sequence.prefix or draft.config.name} - {last}{suffix}"

    def _amount_values(self, draft):
        """Return the order's amounts. Where change is given, Odoo computes them once more."""
        paid, total = float(draft.paid), float(draft.due)
        values = {"amount_return": 0.0}
        if any(tender.is_change for tender in draft.tenders):
            rounds_all = draft.config.cash_rounding and not draft.config.only_round_cash_method
            total = paid if rounds_all else total
            back = sum(tender.amount for tender in draft.tenders if tender.amount < 0)
            values = {
                "amount_return": float(-back),
                "amount_difference": draft.currency.round(paid - total),
            }
        return {
            **values,
            "amount_paid": paid,
            "amount_total": total,
            "amount_tax": float(draft.amount_tax),
            "is_refund": draft.is_refund,
            "is_tipped": bool(draft.ticket.tip),
            "tip_amount": float(draft.ticket.tip),
        }

    # Lines

    def _line_values(self, backend, draft, line, position):
        told = line.source
        return {
            "name": f"{draft.ticket.number or draft.ticket.external_id}/{position}",
            "uuid": record_uuid(backend.key, draft.ticket.external_id, f"line {line.external_id}"),
            "product_id": line.product.id,
            "full_product_name": line.title,
            "qty": float(line.quantity),
            "price_unit": line.price_unit,
            "discount": line.discount,
            "tax_ids": [Command.set(line.taxes.ids)],
            "extra_tax_data": line.extra_tax_data,
            "price_subtotal": line.subtotal,
            "price_subtotal_incl": line.subtotal_incl,
            "refunded_orderline_id": line.refunded_line.id if line.refunded_line else False,
            "notice": ", ".join(told.promotions) if told and told.promotions else False,
            "customer_note": (told and told.note) or False,
            "retail_seller_id": draft.sellers[line.external_id].id
            if line.external_id in draft.sellers
            else False,
            **self._cost_values(draft, line),
            **line.values,
        }

    def _cost_values(self, draft, line):
        """Return what the goods cost, as far as Odoo knows it before they are moved."""
        product = line.product
        if product.is_storable and product.cost_method in ("fifo", "average"):
            return {"total_cost": 0.0, "is_total_cost_computed": False}
        cost = product.sudo().cost_currency_id._convert(
            product.standard_price,
            draft.currency,
            draft.config.company_id,
            naive_utc(draft.ticket.sold_at),
            round=False,
        )
        return {"total_cost": float(line.quantity) * cost, "is_total_cost_computed": True}

    # Payments

    def _payment_values(self, backend, draft, tender, position):
        told = tender.source
        part = f"tender {position} {told.external_id}"
        return {
            "uuid": record_uuid(backend.key, draft.ticket.external_id, part),
            "name": self.env._("return") if tender.is_change else False,
            "amount": float(tender.amount),
            "payment_method_id": tender.method.id,
            "payment_date": naive_utc(draft.ticket.sold_at),
            "is_change": tender.is_change,
            "payment_ref_no": told.reference or False,
            "payment_status": "pending" if told.state.value == "pending" else False,
            **tender.values,
        }

    # Bindings

    def _binding_values(self, backend, draft):
        ticket = draft.ticket
        posted = draft.posted_day if draft.posted_day != draft.day else None
        return {
            "backend_id": backend.id,
            "company_id": backend.company_id.id,
            "external_id": ticket.external_id,
            "odoo_id": draft.order.id if draft.order else False,
            "register_id": draft.register.id,
            "day_id": draft.day.id,
            "posted_day_id": posted.id if posted else False,
            "number": ticket.number,
            "sequence": ticket.sequence or 0,
            "has_sequence": ticket.sequence is not None,
            "sold_at": naive_utc(ticket.sold_at),
            "offline": ticket.offline,
            "currency_id": draft.currency.id,
            **self._told_values(draft),
        }

    def _told_values(self, draft):
        """Return what a binding keeps of the register's last word."""
        ticket = draft.ticket
        return {
            **self.env["retail.pos.ticket"]._state_values(draft.item),
            "voided": ticket.voided,
            "pending": draft.pending,
            "amount_total": float(ticket.total),
            "amount_tax": float(ticket.total_tax),
            "snapshot": ticket.model_dump(mode="json"),
        }
