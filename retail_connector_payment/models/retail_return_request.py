from odoo import api, fields, models


class RetailRefund(models.Model):
    """Requests to give money back for returns."""

    _inherit = "retail.refund"

    return_id = fields.Many2one(
        "retail.return", readonly=True, index="btree_not_null",
        ondelete="restrict",
    )  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a request belongs to the return that it is for."""
        asking = self.env.context.get("retail_return_asks")
        if asking:
            vals_list = [{**vals, "return_id": asking} for vals in vals_list]
        refunds = super().create(vals_list)
        for refund in refunds.filtered(lambda one: not one.return_id):
            record = refund.former_id.return_id or refund.credit_move_id.retail_return_id
            if record:
                refund.return_id = record
        return refunds

    def write(self, vals):
        """Override: a return goes on as its money does."""
        result = super().write(vals)
        if "state" in vals:
            if vals["state"] in ("approved", "confirmed"):
                self._post_credit_note()
            self.return_id.sudo()._settle()
        return result

    def _post_credit_note(self):
        """Post the credit note of a return once somebody has approved that money goes back."""
        decided = self.filtered(lambda one: one.state in ("approved", "sent", "confirmed"))
        for record in decided.return_id:
            moves = record.sudo().credit_move_ids.filtered(lambda move: move.state == "draft")
            moves._post(soft=False)


class SaleOrderLine(models.Model):
    """What a return's credit note credited is not sold again."""

    _inherit = "sale.order.line"

    def _credited_and_kept(self):
        """Override: units that returns credited and that did not come back yet count as well."""
        kept = super()._credited_and_kept()
        notes = self.invoice_lines.filtered(
            lambda line: (
                line.move_type == "out_refund"
                and line.parent_state != "cancel"
                and line.move_id.sudo().retail_return_id
                and not line.move_id.sudo().retail_refund_binding_ids
            )
        )
        credited = sum(notes.mapped("quantity"))
        if not credited or self.product_id.invoice_policy == "order":
            return kept + credited
        _out, back = self._get_outgoing_incoming_moves()
        done = back.filtered(lambda move: move.state == "done")
        return kept + max(credited - sum(done.mapped("quantity")), 0.0)
