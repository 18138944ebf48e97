from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.retail_connector_base.canonical import RestockKind
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.models.retail_return_settle import exact
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

NOTHING = Decimal(0)
TWICE = "return_refunded_twice"


class RetailRefundBinding(models.Model):
    """What a channel gave back of its own accord for goods that came back."""

    _inherit = "retail.refund.binding"

    return_id = fields.Many2one(
        "retail.return", readonly=True, index="btree_not_null",
        ondelete="set null",
    )  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        """Override: before its credit note is made, take back what we were about to give."""
        bindings = super().create(vals_list)
        bindings._tie_returns()
        return bindings

    def write(self, vals):
        """Override: it may find its order only now, and a return goes on with it."""
        result = super().write(vals)
        if "order_binding_id" in vals:
            self._tie_returns()
        if "state" in vals and not self.env.context.get("retail_return_ties"):
            self.return_id.sudo()._settle()
        return result

    def _tie_returns(self):
        """Tie these refunds to the returns that they give money back for."""
        orders = self.order_binding_id.odoo_id
        if orders:
            returns = self.env["retail.return"].sudo().search([("order_id", "in", orders.ids)])
            returns._tie_channel_refunds(self)

    def _units(self):
        """Return the units that came back, or will, by order line, in the product's unit."""
        lines = self.order_binding_id.line_ids.filtered(lambda line: line.part == "line")
        by_name = {line.external_id: line.odoo_id for line in lines}
        units = {}
        for each in self._refund().lines:
            sale_line = by_name.get(each.order_line_external_id)
            if sale_line and each.restock is not RestockKind.CANCEL:
                quantity = exact(sale_line._in_product_unit(float(each.quantity)))
                units[sale_line] = units.get(sale_line, NOTHING) + quantity
        return units


class RetailReturn(models.Model):
    """Money that the channel gives back itself is not given back twice."""

    _inherit = "retail.return"

    channel_refund_ids = fields.One2many(
        "retail.refund.binding", "return_id", string="Channel Refunds", readonly=True
    )

    def _channel_refunds(self):
        return self.channel_refund_ids

    def _see_to_refund(self):
        """Override: look first whether the channel gave it back already."""
        domain = [
            ("order_binding_id", "in", self.order_id.retail_binding_ids.ids),
            ("return_id", "=", False),
        ]
        if self.order_id:
            self._tie_channel_refunds(self.env["retail.refund.binding"].sudo().search(domain))
        return super()._see_to_refund()

    def _tie_channel_refunds(self, bindings):
        """Tie those of some refunds that are for one of these returns."""
        for binding in bindings.filtered(lambda one: not one.return_id):
            named = self._named_by(binding)
            found = named or self._paid_by(binding)
            if found:
                binding.with_context(retail_return_ties=True).return_id = found
                found._channel_gave(binding)
                found._settle()

    def _named_by(self, binding):
        name = binding._refund().return_external_id
        told = self.binding_ids.filtered(
            lambda one: one.backend_id == binding.backend_id and one.external_id == name
        )
        return told[:1].odoo_id if name else self.browse()

    def _paid_by(self, binding):
        """Return the only return whose goods a refund without a name pays for."""
        if binding._refund().return_external_id:
            return self.browse()
        units = binding._units()
        fitting = self.filtered(
            lambda one: (
                units
                and one.order_id == binding.order_binding_id.odoo_id
                and one.state not in ("rejected", "cancelled")
                and not one.channel_refund_ids
                and all(
                    quantity <= sum(
                        (exact(max(line.quantity, line.received_quantity))
                         for line in one.line_ids if line.sale_line_id == sale_line),
                        NOTHING,
                    )
                    for sale_line, quantity in units.items()
                )
            )
        )  # fmt: skip
        return fitting if len(fitting) == 1 else self.browse()

    def _channel_gave(self, binding):
        """Note units that the channel paid for; take back what we were about to pay."""
        if self._is_our_echo(binding):
            return
        for sale_line, quantity in binding._units().items():
            line = self.line_ids.filtered(lambda one, found=sale_line: one.sale_line_id == found)
            if line:
                asked = max(exact(line[0].asked_quantity), quantity)
                line[0].asked_quantity = float(asked)
        self.refund_by = "channel"
        self._take_ours_back()

    def _is_our_echo(self, binding):
        names = {each.external_id for each in binding._refund().transactions}
        return bool(names & set(self.refund_ids.mapped("external_id")))

    def _take_ours_back(self):
        """Call off our requests that have not left; show the others."""
        open_ones = self.refund_ids.filtered(
            lambda one: one.state not in ("failed", "rejected", "cancelled")
        )
        for refund in open_ones.filtered(lambda one: one._is_recallable()):
            refund._take_back(self.env.user)
            open_ones -= refund
        drafts = self.credit_move_ids.filtered(lambda move: move.state == "draft")
        drafts.button_cancel()
        if open_ones:
            self._report_twice(open_ones)
        else:
            self.asked_amount = 0.0

    def _report_twice(self, refunds):
        amount = Decimal(str(sum(refunds.mapped("amount"))))
        problem = Problem(
            error_class=ErrorClass.FINANCE,
            code=TWICE,
            subject=self.name,
            title=self.env._("%(name)s may be given back twice", name=self.display_name),
            cause=self.env._(
                "The channel gave money back for it, and so did we: our request has left already. "
                "Compare both; ask for the money that went twice."
            ),
            fix="open_record",
            amount=amount,
            currency=self.currency_id.name,
        )
        self.env["retail.exception"]._report(self.backend_id, problem, record=self)
