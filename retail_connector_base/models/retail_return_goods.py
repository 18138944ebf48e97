from odoo import api, fields, models

from ..canonical.goods_return import Condition, Disposition

CONDITIONS = [
    (Condition.SELLABLE.value, "Sellable"),
    (Condition.OPENED.value, "Opened"),
    (Condition.DAMAGED.value, "Damaged"),
    (Condition.DEFECTIVE.value, "Defective"),
    (Condition.WRONG_ITEM.value, "Wrong Item"),
    (Condition.UNKNOWN.value, "Not Told"),
]
DISPOSITIONS = [
    (Disposition.UNDECIDED.value, "To Decide"),
    (Disposition.RESTOCK.value, "Back into Stock"),
    (Disposition.REFURBISH.value, "Refurbish"),
    (Disposition.SCRAP.value, "Scrap"),
    (Disposition.VENDOR.value, "Back to the Vendor"),
]
# What a source's figures are worth. Whoever has the goods in his hands outweighs everybody.
IMPLIED, TOLD, PERSON, HOLDER = range(4)


class RetailReturnGoods(models.Model):
    """Units that came, as one source tells of them: of one line, one condition and one lot.

    ``quantity`` is all that the source has told so far. ``moved_quantity`` of it have moved in
    Odoo and lie at ``place``. Of several sources that tell of the same units one moves them.
    """

    _name = "retail.return.goods"
    _description = "Goods of a Return"
    _order = "return_id, id"
    _rec_name = "key"
    _check_company_auto = True

    return_id = fields.Many2one(
        "retail.return", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="return_id.company_id", store=True)
    backend_id = fields.Many2one(related="return_id.backend_id")
    line_id = fields.Many2one(
        "retail.return.line", required=True, readonly=True, index=True, ondelete="cascade"
    )
    binding_id = fields.Many2one(
        "retail.return.binding", string="Told By", readonly=True, index="btree_not_null",
        ondelete="set null", help="Empty: a person of ours.",
    )  # fmt: skip
    key = fields.Char(required=True, readonly=True, help="The line in the source's words.")
    rank = fields.Integer(readonly=True, required=True, default=TOLD)
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    sku = fields.Char(string="SKU", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True, ondelete="restrict")
    lot_name = fields.Char(string="Lot/Serial", readonly=True)
    quantity = fields.Float(string="Came", digits="Product Unit", readonly=True)
    counts = fields.Boolean(readonly=True, default=True, help="Not told better by somebody else.")
    condition = fields.Selection(
        CONDITIONS, required=True, readonly=True, default=Condition.UNKNOWN.value
    )
    told_disposition = fields.Selection(
        DISPOSITIONS, required=True, readonly=True, default=Disposition.UNDECIDED.value
    )
    chosen_disposition = fields.Selection(DISPOSITIONS, readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    disposition = fields.Selection(
        DISPOSITIONS, required=True, readonly=True, default=Disposition.UNDECIDED.value
    )
    note = fields.Char(readonly=True)
    moved_quantity = fields.Float(string="Moved", digits="Product Unit", readonly=True)
    place = fields.Selection(
        DISPOSITIONS, string="Lies In", readonly=True, help="As what the units were put away."
    )

    _source_unique = models.UniqueIndex(
        "(return_id, binding_id, key) WHERE binding_id IS NOT NULL",
        "A source tells of a line once.",
    )

    def _decide(self):
        """Find the disposition of goods that have none: a person's, the source's, or a rule's."""
        rules = self.env["retail.return.rule"]
        for goods in self:
            found = rules._disposition_of(goods)
            if goods.disposition != found:
                goods.disposition = found

    # Buttons

    def action_restock(self):
        """Sell these goods again."""
        return self._choose(Disposition.RESTOCK)

    def action_refurbish(self):
        """Have these goods put right."""
        return self._choose(Disposition.REFURBISH)

    def action_scrap(self):
        """Throw these goods away."""
        return self._choose(Disposition.SCRAP)

    def action_vendor(self):
        """Send these goods back to the vendor."""
        return self._choose(Disposition.VENDOR)

    @api.model
    def _may_choose(self, goods):
        return goods.disposition == Disposition.UNDECIDED.value

    def _choose(self, disposition):
        self.check_access("read")
        self.return_id._check_operator()
        chosen = self.sudo().filtered(lambda one: one.place in (False, one.disposition))
        chosen = chosen.filtered(self._may_choose)
        values = {"chosen_disposition": disposition.value, "decided_by_id": self.env.uid}
        chosen.write(values)
        self.env["retail.audit"]._log(
            "return.disposition", chosen.return_id, detail={"disposition": disposition.value}
        )
        chosen._decide()
        chosen.return_id._changed()
        return True
