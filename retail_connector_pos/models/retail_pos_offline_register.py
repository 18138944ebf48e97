from odoo import fields, models


class RetailPosRegister(models.Model):
    """What is known of a register's clock."""

    _inherit = "retail.pos.register"

    clock_skew = fields.Integer(
        string="Clock Off by (Minutes)",
        readonly=True,
        help="Positive: it is ahead. 0: nothing says that it is wrong.",
    )
