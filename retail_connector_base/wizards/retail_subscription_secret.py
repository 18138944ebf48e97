from odoo import fields, models


class RetailSubscriptionSecret(models.TransientModel):
    """Shows a signing secret once. Nothing of it is stored: the form is never saved."""

    _name = "retail.subscription.secret"
    _description = "Signing Secret"

    subscription_id = fields.Many2one("retail.subscription", readonly=True)
    # This name is kept out of the server's log (see retail.credential).
    secret_input = fields.Char(string="Secret", store=False, readonly=True)
