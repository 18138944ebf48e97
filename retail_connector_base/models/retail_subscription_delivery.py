import uuid

from odoo import api, fields, models

from ..canonical import DeliverEvent, Event
from ..decisions.event_filter import Wish
from ..decisions.fingerprint import storable_json
from ..decisions.lane import lane_of
from .retail_outbox_command import IDENTITY, SENDABLE

EXPORTER = "retail.exporter.deliver_event"
# Held rows are what a dead endpoint leaves behind: they must cost the lane's claims nothing.
HOLD = """
    UPDATE retail_outbox_command SET held = true
     WHERE subscription_id = ANY(%s) AND state IN ('pending', 'retry', 'unknown')
       AND held IS NOT TRUE
"""
LET_GO = """
    UPDATE retail_outbox_command command
       SET held = false,
           next_attempt_at = CASE WHEN %(at_once)s THEN NULL ELSE next_attempt_at END
     WHERE command.id IN (
           SELECT waiting.id FROM retail_outbox_command waiting
            WHERE waiting.subscription_id = %(subscription_id)s AND waiting.held
              AND (NOT %(one)s OR (
                   (waiting.next_attempt_at IS NULL
                    OR waiting.next_attempt_at <= now() AT TIME ZONE 'UTC')
                   AND NOT EXISTS (
                       SELECT FROM retail_outbox_command earlier
                        WHERE earlier.backend_id = waiting.backend_id
                          AND earlier.entity_key = waiting.entity_key
                          AND earlier.id < waiting.id
                          AND earlier.state NOT IN ('done', 'cancelled'))))
            ORDER BY waiting.id
            LIMIT CASE WHEN %(one)s THEN 1 END)
 RETURNING command.lane
"""


class RetailOutboxCommand(models.Model):
    """Deliveries: commands that tell a subscription of an event."""

    _inherit = "retail.outbox.command"

    subscription_id = fields.Many2one("retail.subscription", readonly=True, ondelete="set null")
    event_type = fields.Char(readonly=True)
    event_id = fields.Char(
        readonly=True, string="Event ID", help="The same in every delivery of the event."
    )
    event_subject = fields.Char(readonly=True, string="Subject")
    last_status = fields.Integer(readonly=True, string="Last Answer", help="HTTP status; 0: none.")

    _subscription_index = models.Index("(subscription_id, id) WHERE subscription_id IS NOT NULL")
    _held_index = models.Index("(subscription_id, id) WHERE held")
    _event_index = models.Index("(event_id) WHERE event_id IS NOT NULL")

    # Writing down what subscribers are to hear

    @api.model
    def _put_events(self, deliveries):
        """Owe deliveries, in the transaction of the business change, by one statement.

        They are tuples of a wish, an entity, an event and the document that it is about.
        """
        commands = self.sudo()
        # Rows are inserted in the order of their keys: it must be that of the events.
        batch = uuid.uuid4().hex
        rows = [
            commands._event_values(f"msg_{batch}_{number:06}", *delivery)
            for number, delivery in enumerate(deliveries)
        ]
        if not rows:
            return commands
        made = commands._insert_once(IDENTITY, rows)
        commands._wake_lanes({(row["backend_id"], row["lane"]) for row in rows})
        return made

    def _event_values(self, key: str, wish: Wish, entity: str, event: Event, record):
        command = DeliverEvent(subscription=wish.subscription_id, entity=entity, event=event)
        lanes = self.env["retail.backend"]._lane_count_of(wish.backend_id)
        return {
            "backend_id": wish.backend_id,
            "company_id": wish.company_id,
            "kind": command.kind,
            "flow_kind": self.env[EXPORTER]._flow_kind,
            "entity_key": command.entity_key,
            "lane": lane_of(command.entity_key, lanes),
            "priority": self.env[EXPORTER]._priority(wish.backend_id),
            "idempotency_key": key,
            "payload": storable_json(command.model_dump(mode="json")),
            "res_model": record._name if record else None,
            "res_id": record.id if record else None,
            "subscription_id": wish.subscription_id,
            "event_type": event.type,
            "event_id": event.id,
            "event_subject": event.subject,
            "state": "pending",
            "in_doubt": False,
            "held": False,
            "attempts": 0,
            "asked_count": 0,
            "crashes": 0,
            "fencing_token": 0,
            "correlation_id": str(uuid.uuid4()),
        }

    @api.model
    def _wake_lanes(self, lanes):
        sender = self.env["retail.outbox.sender"]
        for backend_id, lane in sorted(lanes):
            if self.env[EXPORTER]._runs(backend_id):
                sender._wake_after_commit(backend_id, lane)

    def _deliver_again(self):
        """Owe these deliveries once more, in their order: new deliveries of the same events."""
        again = []
        for command in self.sorted("id"):
            found, subscription = command._command(), command.subscription_id
            again.append((subscription._wish(), found.entity, found.event, command._document()))
        return self._put_events(again)

    # Holding back

    @api.model
    def _hold(self, subscriptions):
        """Keep what these subscriptions are to hear, until they are released."""
        self.flush_model(["state", "held", "subscription_id"])
        self.env.cr.execute(HOLD, [subscriptions.ids])
        self.invalidate_model(["held"])

    @api.model
    def _let_go(self, subscription, limit, at_once):
        """Send what was held: one delivery that tries the subscriber, or all."""
        self.flush_model(["state", "held", "next_attempt_at"])
        values = {"subscription_id": subscription.id, "one": limit == 1, "at_once": at_once}
        self.env.cr.execute(LET_GO, values)
        self._wake_lanes({(subscription.backend_id.id, row[0]) for row in self.env.cr.fetchall()})
        self.invalidate_model(["held", "next_attempt_at"])

    @api.model
    def _subscriptions_that_wait(self):
        """Return the subscriptions that may hear something of what is held."""
        self.flush_model(["held", "subscription_id"])
        self.env.cr.execute(
            """
            SELECT subscription.id FROM retail_subscription subscription
             WHERE subscription.state = 'active'
               AND (subscription.rests_until IS NULL
                    OR subscription.rests_until <= now() AT TIME ZONE 'UTC')
               AND EXISTS (SELECT FROM retail_outbox_command command
                            WHERE command.subscription_id = subscription.id AND command.held)
            """
        )
        return self.env["retail.subscription"].browse(row[0] for row in self.env.cr.fetchall())

    def _let_fall(self, reason):
        """Cancel many deliveries at once: nobody waits for them any more."""
        open_ones = self._locked().filtered(lambda found: found.state in (*SENDABLE, "blocked"))
        if open_ones:
            open_ones.write({"state": "cancelled", "held": False, "notes": reason})
            open_ones._audit("outbox.cancel", reason=reason)
            self.env["retail.outbox.failure"]._resolve(open_ones)

    @api.autovacuum
    def _gc_kept_events(self):
        """Give up what a paused subscriber did not ask for in time."""
        now = fields.Datetime.now()
        for subscription in self.env["retail.subscription"].search(
            [("state", "in", ("paused", "dead"))]
        ):
            old = fields.Datetime.subtract(now, days=subscription.keep_days)
            kept = self.search(
                [
                    ("subscription_id", "=", subscription.id),
                    ("state", "in", (*SENDABLE, "blocked")),
                    ("create_date", "<", old),
                ],
                limit=5000,
            )
            kept._let_fall(self.env._("It was kept for as long as the subscription says."))
