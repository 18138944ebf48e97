from odoo import api, fields, models


class RetailMappingTarget(models.AbstractModel):
    """Tenders and staff: what registers call them."""

    _inherit = "retail.mapping.target"

    kind = fields.Selection(
        selection_add=[("pos_tender", "Tender"), ("pos_staff", "Staff")],
        ondelete={"pos_tender": "cascade", "pos_staff": "cascade"},
    )
    pos_payment_method_id = fields.Many2one(
        "pos.payment.method",
        string="Payment Method",
        check_company=True,
        help="Of cash it says only that it is cash: each register has a drawer of its own.",
    )
    staff_user_id = fields.Many2one("res.users", string="Cashier")

    @api.model
    def _kind_fields(self) -> dict[str, str]:
        """Override: add the kinds of this addon."""
        return {
            **super()._kind_fields(),
            "pos_tender": "pos_payment_method_id",
            "pos_staff": "staff_user_id",
        }

    @api.model
    def _financial_kinds(self) -> set[str]:
        """Override: where a tender is booked is also an accountant's business."""
        return super()._financial_kinds() | {"pos_tender"}
