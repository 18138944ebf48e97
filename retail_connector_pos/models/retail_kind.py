from odoo import api, models


class RetailKind(models.AbstractModel):
    """What people call what registers send."""

    _inherit = "retail.kind"

    @api.model
    def _words(self):
        """Override: add the kinds of this addon."""
        return {
            **super()._words(),
            "pos_closing": self.env._("Day Reports"),
            "pos_item": self.env._("Register Feed"),
            "pos_ticket": self.env._("Tickets"),
        }
