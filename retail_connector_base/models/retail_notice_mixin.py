from odoo import models


class RetailNoticeMixin(models.AbstractModel):
    """Tells people what a button has started."""

    _name = "retail.notice.mixin"
    _description = "Retail Connector: notices"

    def _notify(self, message):
        """Return the action that shows a message and reads the form again."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "sticky": False,
                # A notification alone would leave the form as it was.
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
