from odoo import api, models

from odoo.addons.retail_connector_base.models.retail_unimported import DEAD

from .retail_unimported import KIND


class RetailInboxFailure(models.AbstractModel):
    """A ticket that cannot be imported has sold its goods all the same."""

    _inherit = "retail.inbox.failure"

    @api.model
    def _record(self, message, error):
        """Override: the webshop hears of goods that left with a ticket that waits for a person."""
        result = super()._record(message, error)
        if message.kind == KIND and message.state in DEAD:
            self.env["retail.unimported"]._note_gone(message)
        return result
