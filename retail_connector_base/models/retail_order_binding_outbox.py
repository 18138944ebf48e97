from odoo import fields, models


class RetailOrderBinding(models.Model):
    """What the channel is told about an order."""

    _inherit = "retail.order.binding"

    outbox_count = fields.Integer(compute="_compute_outbox_count", string="Commands")

    def _compute_outbox_count(self):
        for binding in self:
            binding.outbox_count = self.env["retail.outbox.command"].search_count(
                binding._entity_domain()
            )

    def action_open_commands(self):
        """Open what the channel is told about this order."""
        self.ensure_one()
        return self.backend_id.action_open_commands() | {"domain": self._entity_domain()}

    def _exceptions(self):
        """Return what messages and commands about these orders wait for."""
        messages = self.env["retail.inbox.message"].search(
            [*self._entity_domain(), ("exception_id", "!=", False)]
        )
        commands = self.env["retail.outbox.command"].search(
            [*self._entity_domain(), ("exception_id", "!=", False)]
        )
        return messages.exception_id | commands.exception_id

    def _compute_exception_count(self):
        """Override: those of commands count as well."""
        for binding in self:
            found = binding._exceptions().filtered(lambda exception: exception.state == "open")
            binding.exception_count = len(found)

    def action_open_exceptions(self):
        """Override: those of commands as well."""
        self.ensure_one()
        action = self.backend_id.action_open_exceptions()
        return action | {"domain": [("id", "in", self._exceptions().ids)]}
