from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

OPERATOR = "retail_connector_base.group_operator"


class RetailReturnEntry(models.TransientModel):
    """Enters a return by hand: what of an order may come back, and where to."""

    _name = "retail.return.entry"
    _description = "Enter a Return"

    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    order_id = fields.Many2one(
        "sale.order",
        required=True,
        domain="[('state', '=', 'sale'), ('company_id', '=', company_id)]",
    )
    backend_id = fields.Many2one(
        "retail.backend",
        required=True,
        compute="_compute_from_order",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('company_id', '=', company_id)]",
        help="Whose problems and rules it belongs to.",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Goes To",
        required=True,
        compute="_compute_from_order",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('company_id', '=', company_id)]",
    )
    rma = fields.Char(string="RMA Number", help="The number on the label, if there is one.")
    note = fields.Char()
    line_ids = fields.One2many(
        "retail.return.entry.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        string="Lines",
    )

    @api.depends("order_id")
    def _compute_from_order(self):
        for wizard in self:
            order = wizard.order_id
            backends = self.env["retail.backend"].search(
                [("company_id", "=", wizard.company_id.id)], limit=2
            )
            known = order.sudo().retail_binding_ids.backend_id[:1]
            wizard.backend_id = known or (backends if len(backends) == 1 else False)
            wizard.warehouse_id = order.warehouse_id

    @api.depends("order_id")
    def _compute_line_ids(self):
        for wizard in self:
            lines = wizard.order_id.order_line.filtered(
                lambda line: not line.display_type and line.product_id.type == "consu"
            )
            wizard.line_ids = [
                (5, 0, 0),
                *((0, 0, {"sale_line_id": line.id, "quantity": 0.0}) for line in lines),
            ]

    def action_enter(self):
        """Make the return, authorised; open it."""
        self.ensure_one()
        if not (self.env.su or self.env.user.has_group(OPERATOR)):
            raise AccessError(self.env._("Only an operator enters returns."))
        self.order_id.check_access("read")
        lines = self.line_ids.filtered(lambda line: line.quantity > 0)
        if not lines:
            raise UserError(self.env._("Enter how many units come back."))
        record = self._make(lines)
        self.env["retail.audit"]._log("return.entered", record)
        return record._open_record(record)

    def _make(self, lines):
        record = self.env["retail.return"]._make(
            self.backend_id,
            rma=self.rma,
            note=self.note,
            order_id=self.order_id.id,
            order_binding_id=self.order_id.sudo().retail_binding_ids[:1].id,
            warehouse_id=self.warehouse_id.id,
        )
        self.env["retail.return.line"].sudo().create(
            [
                {
                    "return_id": record.id,
                    "sale_line_id": line.sale_line_id.id,
                    "product_id": line.sale_line_id.product_id.id,
                    "quantity": line.quantity,
                    "manual_quantity": line.quantity,
                    "reason": line.reason,
                }
                for line in lines
            ]
        )
        record._advance("authorized")
        record._changed()
        return record.with_env(self.env)


class RetailReturnEntryLine(models.TransientModel):
    """Units of an order line that come back."""

    _name = "retail.return.entry.line"
    _description = "Enter a Return: Line"

    wizard_id = fields.Many2one("retail.return.entry", required=True, ondelete="cascade")
    sale_line_id = fields.Many2one("sale.order.line", string="Order Line", required=True)
    delivered = fields.Float(related="sale_line_id.qty_delivered", string="Delivered")
    quantity = fields.Float(
        string="Comes Back", digits="Product Unit", help="In the product's unit."
    )
    reason = fields.Char()
