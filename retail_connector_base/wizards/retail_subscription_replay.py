from odoo import api, fields, models
from odoo.exceptions import UserError

AT_ONCE = 10_000


class RetailSubscriptionReplay(models.TransientModel):
    """Delivers the events of some time once more, after showing how many they are."""

    _name = "retail.subscription.replay"
    _description = "Deliver Events Again"

    subscription_id = fields.Many2one("retail.subscription", required=True)
    what = fields.Selection(
        [
            ("all", "Everything"),
            ("failed", "What was not delivered"),
            ("delivered", "What was delivered"),
        ],
        required=True,
        default="all",
    )
    happened_from = fields.Datetime(
        string="From",
        required=True,
        default=lambda self: fields.Datetime.subtract(fields.Datetime.now(), days=1),
    )
    happened_to = fields.Datetime(string="To", required=True, default=fields.Datetime.now)
    event_type_ids = fields.Many2many("retail.event.type", string="Only Events")
    delivery_count = fields.Integer(compute="_compute_delivery_count", string="Found")

    @api.depends("subscription_id", "what", "happened_from", "happened_to", "event_type_ids")
    def _compute_delivery_count(self):
        for wizard in self:
            found = self.env["retail.outbox.command"].search_count(wizard._domain())
            wizard.delivery_count = found

    def _domain(self):
        """Return the deliveries; of an event that was delivered several times, all of them."""
        self.ensure_one()
        states = {
            "all": ("done", "cancelled", "blocked"),
            "failed": ("cancelled", "blocked"),
            "delivered": ("done",),
        }
        domain = [
            ("subscription_id", "=", self.subscription_id.id),
            ("state", "in", states[self.what or "all"]),
            # What was dropped for privacy cannot be told again.
            ("payload_dropped_at", "=", False),
            ("create_date", ">=", self.happened_from),
            ("create_date", "<=", self.happened_to),
        ]
        if self.event_type_ids:
            domain.append(("event_type", "in", self.event_type_ids.mapped("code")))
        return domain

    def action_replay(self):
        """Owe the events found once more, each once."""
        self.ensure_one()
        found = self.env["retail.outbox.command"].search(self._domain(), order="id", limit=AT_ONCE)
        if not found:
            raise UserError(self.env._("No event was found: widen the range."))
        first = {}
        for command in found:
            first.setdefault(command.event_id, command.id)
        return found.browse(first.values()).action_deliver_again()
