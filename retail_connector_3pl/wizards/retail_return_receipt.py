from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.retail_connector_base.models.retail_return_goods import (
    CONDITIONS,
    DISPOSITIONS,
    PERSON,
)


class RetailReturnReceipt(models.TransientModel):
    """Enters by hand what came back, and completes what was told without product or lot."""

    _name = "retail.return.receipt"
    _description = "What Came Back"

    return_id = fields.Many2one("retail.return", required=True, readonly=True)
    company_id = fields.Many2one(related="return_id.company_id")
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Came To",
        required=True,
        domain="[('company_id', '=', company_id)]",
    )
    line_ids = fields.One2many("retail.return.receipt.line", "wizard_id", string="Came")
    is_last = fields.Boolean(string="Nothing More Will Come")

    @api.model
    def _open_for(self, record):
        """Open the wizard; propose what is expected and what is to be completed."""
        wizard = self.create(
            {
                "return_id": record.id,
                "warehouse_id": record.warehouse_id.id,
                "line_ids": [(0, 0, values) for values in self._proposal(record.sudo())],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Came Back"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _proposal(self, record):
        lines = [
            {"line_id": line.id, "product_id": line.product_id.id, "quantity": 0.0}
            for line in record.line_ids
            if line.quantity > line.received_quantity
        ]
        told = record.goods_ids.filtered(
            lambda row: row.counts and row.quantity > row.moved_quantity
        )
        return lines + [
            {
                "line_id": row.line_id.id,
                "goods_id": row.id,
                "product_id": row.product_id.id,
                "quantity": row.quantity,
                "condition": row.condition,
                "disposition": row.disposition,
                "lot_name": row.lot_name,
            }
            for row in told
        ]

    def action_enter(self):
        """Book what came."""
        self.ensure_one()
        self.check_access("read")
        record = self.return_id
        record._check_operator()
        record = record.sudo()
        entered = [line._enter(record) for line in self.line_ids]
        if not any(entered) and not self.is_last:
            raise UserError(self.env._("Enter what came."))
        if self.is_last:
            record.closed = True
        if any(entered) and record.state == "requested":
            record._advance("authorized")
        self.env["retail.audit"]._log("return.came", self.return_id)
        record._changed()
        return True


class RetailReturnReceiptLine(models.TransientModel):
    """Units that came, or the rest of what is known of them."""

    _name = "retail.return.receipt.line"
    _description = "What Came Back: Line"

    wizard_id = fields.Many2one("retail.return.receipt", required=True, ondelete="cascade")
    return_id = fields.Many2one(related="wizard_id.return_id")
    line_id = fields.Many2one("retail.return.line")
    goods_id = fields.Many2one("retail.return.goods", string="Told")
    product_id = fields.Many2one("product.product", domain="[('type', '=', 'consu')]")
    quantity = fields.Float(digits="Product Unit")
    condition = fields.Selection(CONDITIONS, required=True, default="unknown")
    disposition = fields.Selection(DISPOSITIONS, required=True, default="undecided")
    lot_name = fields.Char(
        string="Lots/Serials", help="Several with a comma: A1, A2. With units: A1=3, A2=2."
    )

    def _enter(self, record):
        """Write down one line; return whether it said anything."""
        row = self.goods_id.sudo()
        if row:
            return bool(row.return_id == record and self._complete(row))
        if self.quantity <= 0:
            return False
        line = self.line_id.sudo().filtered(lambda one: one.return_id == record)
        line = line or self._new_line(record)
        self.env["retail.return.goods"].sudo().create(
            {
                "return_id": record.id,
                "line_id": line.id,
                "key": f"person:{self.id}",
                "rank": PERSON,
                "product_id": (self.product_id or line.product_id).id,
                "warehouse_id": self.wizard_id.warehouse_id.id,
                "quantity": self.quantity,
                "condition": self._condition(line),
                "lot_name": self.lot_name,
                **self._decision(),
            }
        )._decide()
        return True

    def _condition(self, line):
        other = self.product_id and line.product_id and self.product_id != line.product_id
        return "wrong_item" if other else self.condition

    def _decision(self):
        if self.disposition == "undecided":
            return {}
        return {"chosen_disposition": self.disposition, "decided_by_id": self.env.uid}

    def _new_line(self, record):
        return self.env["retail.return.line"].sudo().create(
            {"return_id": record.id, "product_id": self.product_id.id}
        )  # fmt: skip

    def _complete(self, row):
        """Say of goods that were told what was not told with them."""
        values = {}
        if not row.moved_quantity:
            if self.product_id and self.product_id != row.product_id:
                values["product_id"] = self.product_id.id
            if self.lot_name and self.lot_name != row.lot_name:
                values["lot_name"] = self.lot_name
        if self.disposition not in ("undecided", row.disposition):
            values |= self._decision()
        if values:
            row.write(values)
            if row.product_id and not row.line_id.product_id:
                row.line_id.product_id = row.product_id
            row._decide()
        return bool(values)
