from odoo import fields, models


class StockWarehouse(models.Model):
    """Where goods lie that customers sent back, beside what can be sold."""

    _inherit = "stock.warehouse"

    retail_return_location_id = fields.Many2one(
        "stock.location", string="Returns to Decide", check_company=True, ondelete="restrict",
        copy=False, help="Empty: a location of its own is made with the first return.",
    )  # fmt: skip
    retail_refurbish_location_id = fields.Many2one(
        "stock.location", string="Returns to Refurbish", check_company=True, ondelete="restrict",
        copy=False, help="Empty: a location of its own is made with the first such return.",
    )  # fmt: skip
    retail_vendor_location_id = fields.Many2one(
        "stock.location", string="Returns for Vendors", check_company=True, ondelete="restrict",
        copy=False, help="Empty: they leave to the vendors.",
    )  # fmt: skip

    def _retail_place(self, disposition):
        """Return where goods with a disposition lie; scrap and vendors' go on from “undecided”."""
        self.ensure_one()
        if disposition == "restock":
            return self.lot_stock_id
        if disposition == "refurbish":
            return self._retail_own_place("retail_refurbish_location_id", self.env._("Refurbish"))
        if disposition == "vendor":
            return self.retail_vendor_location_id or self.env.ref("stock.stock_location_suppliers")
        return self._retail_own_place("retail_return_location_id", self.env._("Returns"))

    def _retail_own_place(self, field, name):
        """Return a location of the warehouse outside of its shelves, made where there is none."""
        if not self[field]:
            values = {
                "name": name,
                "usage": "internal",
                "location_id": self.view_location_id.id,
                "company_id": self.company_id.id,
            }
            self.sudo()[field] = self.env["stock.location"].sudo().create(values)
        return self[field]
