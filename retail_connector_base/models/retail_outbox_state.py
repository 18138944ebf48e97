from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .retail_outbox_command import SENDABLE

LEASE_SECONDS = 60
POISON_CRASHES = 3

CLAIM = """
    SELECT command.id FROM retail_outbox_command command
      JOIN retail_flow flow ON flow.backend_id = command.backend_id
           AND flow.kind = command.flow_kind AND flow.direction = 'out'
           AND flow.active AND NOT coalesce(flow.paused, false)
     WHERE command.backend_id = %(backend_id)s AND command.lane = %(lane)s
       AND command.state IN ('pending', 'retry', 'unknown') AND command.held IS NOT TRUE
       AND coalesce(command.crashes, 0) < %(poison)s
       AND (command.next_attempt_at IS NULL
            OR command.next_attempt_at <= now() AT TIME ZONE 'UTC')
       AND NOT EXISTS (
           SELECT FROM retail_outbox_command earlier
            WHERE earlier.backend_id = command.backend_id
              AND earlier.entity_key = command.entity_key AND earlier.id < command.id
              AND earlier.state NOT IN ('done', 'cancelled'))
     ORDER BY command.priority, command.id
     LIMIT %(limit)s
       FOR UPDATE OF command
"""
LEASE = """
    UPDATE retail_outbox_command
       SET state = 'leased', lease_owner = %s, fencing_token = fencing_token + 1,
           leased_until = now() AT TIME ZONE 'UTC' + %s * interval '1 second'
     WHERE id = ANY(%s)
"""
# A former holder's snapshot may be older than a new lease: then this fails, or matches nothing.
SETTLE = """
    UPDATE retail_outbox_command
       SET state = %s, lease_owner = NULL, leased_until = NULL
     WHERE id = %s AND state = 'leased' AND fencing_token = %s
 RETURNING id
"""
EXPIRE = """
    UPDATE retail_outbox_command
       SET state = 'unknown', in_doubt = true, crashes = coalesce(crashes, 0) + 1,
           lease_owner = NULL, leased_until = NULL, next_attempt_at = NULL,
           failing_since = coalesce(failing_since, now() AT TIME ZONE 'UTC')
     WHERE state = 'leased' AND leased_until < now() AT TIME ZONE 'UTC' AND %s
"""
FRESH = {
    "attempts": 0,
    "crashes": 0,
    "next_attempt_at": False,
    "failing_since": False,
    "error": False,
    "error_class": False,
}


class RetailOutboxCommand(models.Model):
    """The transitions of a command's state. Nothing else writes it."""

    _inherit = "retail.outbox.command"

    # Leases

    @api.model
    def _claim(self, backend_id, lane, limit):
        """Return what is to be sent next, locked: of each entity its first unfinished command.

        What may have killed a worker before is taken alone, so that the poison among it is known.
        """
        self.env.cr.execute(
            CLAIM,
            {"backend_id": backend_id, "lane": lane, "poison": POISON_CRASHES, "limit": limit},
        )
        found = self.browse(row[0] for row in self.env.cr.fetchall())
        if found[:1].crashes:
            return found[:1]
        return found.filtered(lambda command: not command.crashes)

    def _lease(self, owner):
        """Take commands that are locked. The caller commits before it calls anybody."""
        self.flush_recordset()
        self.env.cr.execute(LEASE, [owner, LEASE_SECONDS, self.ids])
        self.invalidate_recordset()

    @api.model
    def _settle(self, command_id, token, state):
        """End a lease in a new state and return its command; nothing where the lease was lost."""
        self.env.cr.execute(SETTLE, [state, command_id, token])
        command = self.browse(row[0] for row in self.env.cr.fetchall())
        command.invalidate_recordset()
        return command

    @api.model
    def _expire_leases(self, backend_id=None, lane=None):
        """Let commands whose holder was lost be asked about, in one lane or everywhere."""
        where = SQL("true")
        if backend_id:
            where = SQL("backend_id = %s AND lane = %s", backend_id, lane)
        self.flush_model()
        self.env.cr.execute(SQL(EXPIRE, where))
        self.invalidate_model()

    @api.model
    def _poison(self):
        """Return what killed its worker too often."""
        return self.search([("state", "in", SENDABLE), ("crashes", ">=", POISON_CRASHES)])

    # What became of it

    def _finish(self, result):
        """Note the effect."""
        self.write(
            {
                **FRESH,
                "state": "done",
                "in_doubt": False,
                "attempts": self.attempts + 1,
                "external_ids": list(result.external_ids),
                "notes": " ".join(result.notes)[:500] or False,
                "done_at": fields.Datetime.now(),
            }
        )

    def _go_to(self, following, error_class, error):
        """Take a failure's consequence; see ``decisions.outbox.Next``."""
        now = fields.Datetime.now()
        wait = following.seconds
        at = now + timedelta(seconds=wait) if wait is not None else False
        self.write(
            {
                "state": following.state.value,
                "in_doubt": following.in_doubt,
                "attempts": following.attempts,
                "next_attempt_at": at,
                "failing_since": self.failing_since or now,
                "error_class": error_class.value,
                "error": error,
            }
        )
        if at:
            self.env["retail.inbox.sweeper"]._sweep_at(at)

    def _end_refused(self, text):
        """Note that the other side will not have it, and that somebody took that as the answer."""
        self.write(
            {
                **FRESH,
                "state": "cancelled",
                "in_doubt": False,
                "attempts": self.attempts + 1,
                "notes": text[:500],
            }
        )
        self._exporter(self.kind)._flow(self.backend_id)._note_command()
        self.env["retail.outbox.failure"]._resolve(self)
        self._siblings_of_all()._wake_after_commit()

    def _had_no_effect(self):
        """Note that the other side knows nothing of a command: it is sent (again)."""
        self.write({"state": "pending", "in_doubt": False, "next_attempt_at": False})

    # What people decide

    def _replay(self):
        """Send what waits for a person or for its time; what is in doubt is asked about first."""
        stopped = self._locked().filtered(lambda command: command.state in ("blocked", *SENDABLE))
        for command in stopped:
            command.write({**FRESH, "state": "unknown" if command.in_doubt else "pending"})
        stopped._audit("outbox.replay")
        stopped._wake_after_commit()

    def _cancel(self, reason):
        """Give commands up that are not being sent, for good; later ones of their entity go on."""
        waiting = self._locked().filtered(lambda command: command.state in ("blocked", *SENDABLE))
        waiting.write({"state": "cancelled", "notes": reason, "next_attempt_at": False})
        waiting._audit("outbox.cancel", reason=reason)
        for command in waiting:
            self._exporter(command.kind)._on_cancelled(command)
        self.env["retail.outbox.failure"]._resolve(waiting)
        waiting._siblings_of_all()._wake_after_commit()
        return waiting

    def _vouch_for_absence(self):
        """Send blocked commands whatever may have become of them: somebody looked."""
        blocked = self._locked().filtered(lambda command: command.state == "blocked")
        blocked.write({**FRESH, "state": "pending", "in_doubt": False})
        blocked._audit("outbox.vouched")
        blocked._wake_after_commit()

    def _locked(self):
        """Return the same commands, locked: a sender may be about to take them."""
        self.flush_recordset()
        self.env.cr.execute(
            "SELECT id FROM retail_outbox_command WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
            [self.ids],
        )
        self.invalidate_recordset()
        return self

    def _siblings_of_all(self):
        return self.union(*(command._siblings() for command in self)).filtered(
            lambda command: command.state in SENDABLE
        )

    def _check_not_leased(self):
        if any(command.state == "leased" for command in self):
            raise UserError(self.env._("It is being sent just now. Look again in a minute."))

    def _audit(self, action, **detail):
        for backend, commands in self.grouped("backend_id").items():
            keys = commands.mapped("idempotency_key")
            self.env["retail.audit"]._log(
                action, record=backend, backend=backend, detail={"commands": keys, **detail}
            )
