from odoo import fields, models

STOCK_STATES = [
    ("none", "Nothing Moves"),
    ("waiting", "Waiting"),
    ("done", "Moved"),
    ("failed", "Failed"),
]


class RetailPosTicket(models.Model):
    """A ticket of a register, and the order of Odoo's point of sale that it became.

    Amounts are in the ticket's currency. Voided tickets have no order; what is voided after its
    import keeps it, and is taken back by ``reversal_id``.
    """

    _name = "retail.pos.ticket"
    _description = "Retail Ticket"
    _inherit = ["retail.binding"]
    _order = "sold_at desc, id desc"
    _rec_name = "number"

    _canonical_kind = "pos_ticket"

    odoo_id = fields.Many2one(
        "pos.order", string="Order", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    reversal_id = fields.Many2one(
        "pos.order", string="Taken Back By", readonly=True, index="btree_not_null",
        ondelete="restrict",
    )  # fmt: skip
    register_id = fields.Many2one(
        "retail.pos.register", required=True, readonly=True, index=True, ondelete="restrict"
    )
    store_id = fields.Many2one(related="register_id.store_id", store=True, index=True)
    day_id = fields.Many2one(
        "retail.pos.day", string="Business Day", required=True, readonly=True, index=True,
        ondelete="restrict",
    )  # fmt: skip
    posted_day_id = fields.Many2one(
        "retail.pos.day", string="Posted On", readonly=True, index="btree_not_null",
        ondelete="restrict", help="Another day than its own when that was closed already.",
    )  # fmt: skip
    number = fields.Char(readonly=True, index="btree_not_null")
    sequence = fields.Integer(readonly=True)
    has_sequence = fields.Boolean(readonly=True)
    sold_at = fields.Datetime(readonly=True)
    received_at = fields.Datetime(readonly=True, default=fields.Datetime.now)
    offline = fields.Boolean(readonly=True)
    voided = fields.Boolean(readonly=True)
    pending = fields.Boolean(
        string="Card Pending", readonly=True,
        help="A card was taken offline, and whether its money comes is not known yet.",
    )  # fmt: skip
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount_total = fields.Monetary(readonly=True, help="What the register says, with tax.")
    amount_tax = fields.Monetary(readonly=True)
    stock_state = fields.Selection(
        STOCK_STATES, required=True, readonly=True, default="none", index=True
    )
    snapshot = fields.Json(readonly=True, help="The ticket as it was told.")
