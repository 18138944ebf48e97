from odoo import fields, models


class PosSession(models.Model):
    """Sessions that hold an external register's tickets."""

    _inherit = "pos.session"

    retail_day_id = fields.Many2one(
        "retail.pos.day", string="Business Day", readonly=True, index="btree_not_null", copy=False,
        ondelete="restrict",
    )  # fmt: skip

    # Two lanes that open a day's session at the same moment: the second is run again.
    _retail_day_unique = models.UniqueIndex(
        "(retail_day_id) WHERE retail_day_id IS NOT NULL AND state != 'closed'",
        "A business day has one open session.",
    )
    _retail_config_unique = models.UniqueIndex(
        "(config_id) WHERE retail_day_id IS NOT NULL AND rescue IS NOT TRUE AND state != 'closed'",
        "A point of sale has one open session; those of other days are marked.",
    )
