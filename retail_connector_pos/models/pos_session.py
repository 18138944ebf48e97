from odoo import fields, models


class PosSession(models.Model):
    """Sessions that hold an external register's tickets."""

    _inherit = "pos.session"

    retail_day_id = fields.Many2one(
        "retail.pos.day", string="Business Day", readonly=True, index="btree_not_null", copy=False,
        ondelete="restrict",
    )  # fmt: skip
