from odoo import fields, models


class RetailEventType(models.Model):
    """A kind of event that can be subscribed to; what it tells is in ``canonical/event.py``."""

    _name = "retail.event.type"
    _description = "Retail Event Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, readonly=True)
    code = fields.Char(required=True, readonly=True, help="The type in the event's envelope.")
    sequence = fields.Integer(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, help="Empty: of all companies.")

    _code_unique = models.UniqueIndex("(code)", "An event type exists once.")
