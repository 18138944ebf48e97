from odoo import fields, models


class RetailApiTokenShow(models.AbstractModel):
    """Shows a token once. It has no table: the token is never stored."""

    _name = "retail.api.token.show"
    _description = "API Token, Shown Once"

    # Without it the form could not be filled with the value that the action carries.
    id = fields.Id()
    token = fields.Char(readonly=True)
