from odoo import models
from odoo.fields import Command

from odoo.addons.retail_connector_base.decisions.return_state import REFUSED
from odoo.addons.retail_connector_base.models.stock_move import DEFER


class RetailReturn(models.Model):
    """Orders of what customers get instead.

    The value of what comes back is set off against it: what is dearer is paid before it is
    confirmed, what is cheaper is paid back, what is equal goes out once the goods are due.
    """

    _inherit = "retail.return"

    def _see_to_exchange(self):
        """Make the order of what the customer gets instead, and let it go on."""
        self.ensure_one()
        if not self.exchange_ids or self.state == "requested" or self._is_channels_own():
            return
        if not self.exchange_order_id and self._can_exchange():
            self._make_exchange()
        sale = self.exchange_order_id
        if sale.state not in ("draft", "sent"):
            return
        if self.state in REFUSED:
            sale._action_cancel()
        elif self._is_due() and not self._balance().is_owed:
            sale.with_context(**{DEFER: True}).action_confirm()

    def _is_channels_own(self):
        """Tell whether the order's channel adds what goes out to the order itself."""
        channels = self.order_id.retail_binding_ids.backend_id
        return bool(channels & self.binding_ids.backend_id)

    def _can_exchange(self):
        known = all(one.product_id for one in self.exchange_ids)
        return bool(known and self.order_id and self.state not in REFUSED)

    def _is_due(self):
        """Tell whether what comes back counts already, by the rule of its refund."""
        asked = any(self.line_ids.mapped("asked_quantity"))
        return bool(asked or self._due_units())

    def _make_exchange(self):
        origin = self.order_id
        sale = self.env["sale.order"].with_company(self.company_id).create(
            {
                "partner_id": origin.partner_id.id,
                "partner_invoice_id": origin.partner_invoice_id.id,
                "partner_shipping_id": origin.partner_shipping_id.id,
                "company_id": self.company_id.id,
                "pricelist_id": origin.pricelist_id.id,
                "warehouse_id": origin.warehouse_id.id,
                "fiscal_position_id": origin.fiscal_position_id.id,
                "team_id": origin.team_id.id,
                "origin": self.env._(
                    "%(order)s, exchange %(name)s", order=origin.name, name=self.display_name
                ),
                "order_line": [
                    Command.create(
                        {"product_id": one.product_id.id, "product_uom_qty": one.quantity}
                    )
                    for one in self.exchange_ids
                ],
            }
        )  # fmt: skip
        self.exchange_order_id = sale
        for one, line in zip(self.exchange_ids, sale.order_line, strict=True):
            one.sale_line_id = line

    def _waits_for_exchange(self):
        """Override: what goes back depends on what the customer gets instead."""
        wanted = self.exchange_ids and not self._is_channels_own()
        return bool(wanted and not self.exchange_order_id)


class SaleOrder(models.Model):
    """Orders that stand instead of what came back."""

    _inherit = "sale.order"

    def write(self, vals):
        """Override: a return goes on with its exchange."""
        result = super().write(vals)
        if "state" in vals:
            domain = [("exchange_order_id", "in", self.ids)]
            returns = self.env["retail.return"].sudo().search(domain)
            if returns:
                returns._settle()
        return result
