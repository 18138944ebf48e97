from odoo import fields, models


class RetailException(models.Model):
    """Where the buttons of an exception lead."""

    _inherit = "retail.exception"

    entity_keys = fields.Char(
        compute="_compute_entity_keys", string="Affects", help="What waits for the solution."
    )

    def _compute_entity_keys(self):
        for exception in self:
            waiting = exception._waiting_messages().mapped("entity_key")
            keys = waiting + exception._waiting_commands().mapped("entity_key")
            shown = ", ".join(dict.fromkeys(keys[:5]))
            exception.entity_keys = f"{shown}, …" if len(keys) > 5 else shown

    def action_open_messages(self):
        """Open the messages of this exception."""
        self.ensure_one()
        action = self.backend_id.action_open_messages()
        return action | {"domain": [("exception_id", "=", self.id)]}

    def action_open_document(self):
        """Open what the exception is about."""
        self.ensure_one()
        self.check_access("read")
        return self._fix_open_record()
