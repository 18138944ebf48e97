from odoo import fields, models


class RetailReturnReason(models.Model):
    """Why goods come back: the words that reports and policies use, whatever systems call it."""

    _name = "retail.return.reason"
    _description = "Reason of a Return"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: all companies say it this way."
    )
