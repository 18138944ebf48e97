from datetime import timezone

from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.retail_connector_base.decisions.hold import ConfirmOn, payment_suffices
from odoo.addons.retail_connector_base.decisions.order_process import Step


class RetailImporterOrder(models.AbstractModel):
    """Makes sale orders, all of a batch in one go.

    Every value that Odoo would compute is given: computing is what makes orders slow, and some of
    it is quadratic in the batch (the name of a line).
    """

    _inherit = "retail.importer.order"

    def _create_orders(self, backend, drafts):
        """Create the orders of drafts with their bindings."""
        if not drafts:
            return
        shared = self._shared_values(backend)
        pricelists = {
            currency: self._pricelist(backend, currency)
            for currency in {draft.currency for draft in drafts}
        }
        values = [
            self._order_values(backend, draft, shared, pricelists[draft.currency])
            for draft in drafts
        ]
        self._spare_analytic_rules(values)
        orders = self.env["sale.order"].create(values)
        bindings = self.env["retail.order.binding"].create(
            [
                self._new_binding_values(backend, draft, order)
                for draft, order in zip(drafts, orders, strict=True)
            ]
        )
        lines = []
        for draft, binding in zip(drafts, bindings, strict=True):
            draft.binding = binding
            sold = zip(draft.lines, binding.odoo_id.order_line, strict=True)
            lines += [self._line_binding_values(draft, line, record) for line, record in sold]
        self.env["retail.order.line.binding"].create(lines)

    @api.model
    def _shared_values(self, backend):
        """Return the values that all orders of a backend share."""
        return {
            "company_id": backend.company_id.id,
            "warehouse_id": backend._order_warehouse().id,
            "team_id": backend.team_id.id,
            "user_id": backend.order_user_id.id,
            "payment_term_id": backend.payment_term_id.id,
            "picking_policy": "direct",
            "preferred_payment_method_line_id": False,
            # The channel's taxes count: nothing may translate them.
            "fiscal_position_id": False,
            "require_signature": False,
            "require_payment": False,
            "prepayment_percent": 1.0,
            "validity_date": False,
            "journal_id": False,
            **self._unused_defaults(),
        }

    @api.model
    def _unused_defaults(self):
        """Return what other addons would look up for each order and no imported order has."""
        nothing = {"quotation_document_ids": [], "sale_order_template_id": False}
        nothing |= dict.fromkeys(("campaign_id", "medium_id", "source_id"), False)
        known = self.env["sale.order"]._fields
        return {name: value for name, value in nothing.items() if name in known}

    def _spare_analytic_rules(self, values):
        """Keep Odoo from looking for analytic rules, line by line, where there are none."""
        if not self.env["account.analytic.distribution.model"].search_count([], limit=1):
            for order in values:
                for _command, _id, line in order["order_line"]:
                    line["analytic_distribution"] = False

    def _order_values(self, backend, draft, shared, pricelist):
        order = draft.order
        values = {
            **shared,
            "partner_id": draft.partner.id,
            "partner_invoice_id": draft.invoice_partner.id,
            "partner_shipping_id": draft.shipping_partner.id,
            "pricelist_id": pricelist.id,
            "currency_id": draft.currency.id,
            "date_order": _naive(order.placed_at),
            "client_order_ref": order.name,
            "origin": f"{backend.name} {order.name}",
            "note": order.note or False,
            "order_line": [
                Command.create(self._line_values(draft, line, sequence))
                for sequence, line in enumerate(draft.lines, 1)
            ],
        }
        if draft.currency == backend.company_id.currency_id:
            values["currency_rate"] = 1.0
        return values

    def _line_values(self, draft, line, sequence):
        """Return the values of a sale order line; its taxes are the channel's, or none."""
        return {
            "sequence": sequence,
            "product_id": line.product.id,
            "product_uom_id": line.product.uom_id.id,
            "name": line.title,
            "product_uom_qty": float(line.amounts.quantity),
            "customer_lead": line.product.sale_delay,
            "is_delivery": line.part == "shipping",
            "product_no_variant_attribute_value_ids": [],
            "product_custom_attribute_value_ids": [],
            **self._price_values(line),
        }

    def _price_values(self, line):
        return {
            "price_unit": line.price.price_unit,
            # Unlike the price: it was not computed by Odoo, which then never computes it anew.
            "technical_price_unit": line.price.price_unit - 1,
            "discount": line.price.discount,
            "tax_ids": [Command.set(line.taxes.ids)],
            "extra_tax_data": line.extra_tax_data,
        }

    # Bindings

    def _new_binding_values(self, backend, draft, order):
        return {
            "backend_id": backend.id,
            "company_id": backend.company_id.id,
            "external_id": draft.order.external_id,
            "odoo_id": order.id,
            "currency_side": "presentment" if draft.presentment else "shop",
            "currency_id": draft.currency.id,
            "process_log": self._first_steps(backend, draft),
            **self._binding_values(draft),
        }

    def _binding_values(self, draft):
        """Return what a binding keeps of the channel's state, for new and known orders alike."""
        order = draft.order
        other = order.total.side(not draft.presentment)
        return {
            **self.env["retail.order.binding"]._state_values(draft.item),
            "name": order.name,
            "payment_state": draft.binding._counted_payment_state(order.payment_state).value,
            "fulfillment_state": order.fulfillment_state.value,
            "payment_gateways": ", ".join(order.payment_gateways),
            "local_date": order.local_date,
            "amount_total": float(draft.total),
            "amount_tax": float(order.total_tax.side(draft.presentment).amount),
            "other_currency": other.currency,
            "other_amount_total": float(other.amount),
            "tags": ", ".join(order.tags),
            "snapshot": order.model_dump(mode="json"),
        }

    def _first_steps(self, backend, draft):
        now = fields.Datetime.to_string(fields.Datetime.now())
        steps = [(Step.VALIDATED, self.env._("The totals tie."))]
        if self._is_paid(backend, draft):
            steps.append((Step.PAID, draft.order.payment_state.value))
        return [{"step": s.value, "state": "done", "at": now, "note": note} for s, note in steps]

    def _is_paid(self, backend, draft):
        policy = ConfirmOn(backend.confirm_on)
        return payment_suffices(policy, draft.order.payment_state, draft.total == 0)

    def _line_binding_values(self, draft, line, record):
        binding = draft.binding
        return {
            "order_binding_id": binding.id,
            "backend_id": binding.backend_id.id,
            "company_id": binding.company_id.id,
            "part": line.part,
            "external_id": line.external_id,
            "odoo_id": record.id,
            **self._imported_values(line),
        }

    def _imported_values(self, line):
        """Return what is written of a line, for the comparison with later changes."""
        return {
            "discount_amount": float(line.amounts.discount),
            "tax_amount": float(sum(line.tax_amounts.values())),
            "imported_product_id": line.product.id,
            "imported_quantity": float(line.amounts.quantity),
            "imported_price": line.reduced_price,
            "imported_tax_ids": line.taxes.ids,
        }


def _naive(moment):
    """Return a moment as Odoo stores it: UTC, without a time zone and fractions of a second."""
    return fields.Datetime.to_string(moment.astimezone(timezone.utc))
