import random
from datetime import timedelta

from odoo import api, fields, models

from ..decisions.event_retry import FAILURES, after_delivery_failure
from ..decisions.problem import Problem
from ..providers import ErrorClass

# Lanes note that a subscriber is well in one row: not more often than this.
NOTED_EVERY = timedelta(minutes=1)
WELL = {"failures": 0, "failing_since": False, "rests_until": False, "last_error": False}


class RetailSubscription(models.Model):
    """How a subscriber is: one that does not answer rests, and is given up in the end.

    Each has a breaker of its own, so that a dead endpoint takes no worker's time from the other
    subscriptions of its backend.
    """

    _inherit = "retail.subscription"

    def _takes(self):
        """Return how many deliveries may be begun now: none, one that tries it, or any (None)."""
        self.ensure_one()
        if self.state != "active" or (self.rests_until or MOMENT_0) > fields.Datetime.now():
            return 0
        return 1 if self.failures >= FAILURES else None

    def _note_delivered(self):
        """Note that it took something; what it did not take before is sent at once."""
        now = fields.Datetime.now()
        for subscription in self:
            recovered = bool(subscription.failures)
            noted = subscription.last_success_at
            if recovered or not noted or noted + NOTED_EVERY < now:
                subscription.write({**WELL, "last_success_at": now})
            if recovered:
                subscription._after_commit("_release", subscription.id, True)

    def _note_failed(self, status, text):
        """Note that it did not take something; let it rest, or give it up."""
        self.ensure_one()
        now = fields.Datetime.now()
        since = self.failing_since or now
        patience = timedelta(hours=self.patience_hours)
        health = after_delivery_failure(self.failures, status, now - since, patience, random)
        rest = now + timedelta(seconds=health.rest) if health.rest else False
        self.write(
            {
                "failures": health.failures,
                "failing_since": since,
                "rests_until": rest,
                "last_failure_at": now,
                "last_error": text,
            }
        )
        if rest:
            self.env["retail.outbox.command"]._hold(self)
            self.env["retail.inbox.sweeper"]._sweep_at(rest)
        if health.dead and self.state == "active":
            self._give_up(health.dead, text)

    # Giving up, and going on

    def _give_up(self, why, text):
        """Pause it by itself and tell a person; events are kept meanwhile."""
        gone = why == "gone"
        reason = (
            self.env._("The receiver says that it is gone (410).")
            if gone
            else self.env._("Nothing was delivered for %(hours)s hours.", hours=self.patience_hours)
        )
        self.write({"state": "dead", "paused_reason": reason})
        self.env["retail.outbox.command"]._hold(self)
        self.env["retail.exception"]._report(
            self.backend_id, self._problem(reason, text), record=self
        )

    def _problem(self, reason, text):
        return Problem(
            error_class=ErrorClass.TRANSIENT,
            code="subscription_dead",
            subject=str(self.id),
            title=self.env._("“%(name)s” hears no events any more", name=self.name),
            cause=self.env._(
                "%(reason)s The last answer: %(text)s Events are kept for %(days)s days and sent "
                "in order once you resume it. Ask who runs the endpoint, correct the address if "
                "need be, then resume.",
                reason=reason,
                text=text,
                days=self.keep_days,
            ),
            fix="resume_subscription",
        )

    def _pause(self, reason):
        self.filtered(lambda found: found.state == "active").write(
            {"state": "paused", "paused_reason": reason}
        )
        self.env["retail.outbox.command"]._hold(self)

    def _resume(self):
        """Go on as if nothing had happened: what was kept is sent in order."""
        for subscription in self:
            subscription.write({**WELL, "state": "active", "paused_reason": False})
            self.env["retail.exception"]._solved(
                subscription.backend_id, [subscription._problem("", "").fingerprint]
            )
            subscription._after_commit("_release", subscription.id, True)
        commands = self.env["retail.outbox.command"]
        dead = commands.search([("subscription_id", "in", self.ids), ("state", "=", "blocked")])
        dead._replay()

    # What waits for it

    @api.model
    def _release(self, subscription_id, at_once=False):
        """Let what was held go on, in a transaction that sees what was held by then.

        ``at_once``: also what would have to wait for its next attempt.
        """
        subscription = self.sudo().browse(subscription_id).exists()
        takes = subscription._takes() if subscription else 0
        if takes == 0:
            return
        self.env["retail.outbox.command"]._let_go(subscription, takes, at_once)

    @api.model
    def _sweep(self):
        """Let go on what waits for a subscriber that may be tried (again); every minute."""
        for subscription in self.env["retail.outbox.command"]._subscriptions_that_wait():
            self._release(subscription.id)


MOMENT_0 = fields.Datetime.to_datetime("1970-01-01 00:00:00")
