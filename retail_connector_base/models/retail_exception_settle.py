from odoo import api, fields, models
from odoo.fields import Domain

# Answered by a partial index: what came through long ago costs nothing.
WAITED_FOR = """
    SELECT exception.id FROM retail_exception exception
     WHERE exception.id = ANY(%s) AND EXISTS (
           SELECT FROM retail_inbox_message message
            WHERE message.exception_id = exception.id
              AND message.state NOT IN ('done', 'superseded', 'ignored')
           UNION ALL
           SELECT FROM retail_outbox_command command
            WHERE command.exception_id = exception.id
              AND command.state NOT IN ('done', 'cancelled'))
"""
WAITED_FOR_AT_ALL = """
    SELECT exception_id FROM retail_inbox_message
     WHERE exception_id IS NOT NULL AND state NOT IN ('done', 'superseded', 'ignored')
     UNION
    SELECT exception_id FROM retail_outbox_command
     WHERE exception_id IS NOT NULL AND state NOT IN ('done', 'cancelled')
"""


class RetailException(models.Model):
    """How exceptions go away by themselves."""

    _inherit = "retail.exception"

    @api.model
    def _resolve_for(self, messages):
        """Resolve the exceptions of these messages or commands that nothing waits for any more."""
        messages.sudo().exception_id._settle()

    def _settle(self):
        """Resolve those that are open and whose last message or command came through."""
        candidates = self.filtered(lambda exception: exception.state == "open")
        solved = candidates - candidates._still_waited_for()
        solved._close("resolved", self.env._("All that waited for it came through."))

    def _still_waited_for(self):
        """Return those with a message or command that is not at rest."""
        self._flush_tied()
        self.env.cr.execute(WAITED_FOR, [self.ids])
        return self.browse(row[0] for row in self.env.cr.fetchall())

    @api.model
    def _solved(self, backend, problems):
        """Resolve the exceptions of problems that are gone, e.g. when a poll works again.

        ``problems`` are fingerprints; for problems that no message waits for.
        """
        found = self.sudo()._by_fingerprint(backend, problems).values()
        open_ones = self.sudo().union(*found).filtered(lambda found: found.state == "open")
        open_ones._close("resolved", self.env._("The problem is gone."))

    def _close(self, state, resolution, user=None):
        if not self:
            return
        self.write(
            {
                "state": state,
                "resolution": resolution,
                "resolved_by_id": user.id if user else False,
                "resolved_at": fields.Datetime.now(),
                "amount_at_risk": 0,
            }
        )
        self.activity_ids.unlink()
        self.env["retail.audit"]._log(f"exception.{state}", self, detail={"note": resolution})

    @api.model
    def _sweep(self):
        """Make good what concurrent transactions could not see of each other; every minute."""
        self._flush_tied()
        self.env.cr.execute(WAITED_FOR_AT_ALL)
        waiting = self.browse(row[0] for row in self.env.cr.fetchall())
        for exception in waiting.filtered(lambda exception: exception.state == "resolved"):
            exception.write({"state": "open", "reopen_count": exception.reopen_count + 1})
        has_tied = Domain("inbox_message_ids", "!=", False) | Domain(
            "outbox_command_ids", "!=", False
        )
        tied = self.search(Domain("state", "=", "open") & has_tied)
        (tied - waiting)._settle()
        (tied & waiting)._refresh(sweep=True)
        (tied & waiting)._retry_mapped()

    def _flush_tied(self):
        self.env["retail.inbox.message"].flush_model(["exception_id", "state"])
        self.env["retail.outbox.command"].flush_model(["exception_id", "state"])

    def _retry_mapped(self):
        """Retry what waits for a value that is mapped by now: its import did not see that yet."""
        about = self.filtered(lambda exception: exception.res_model == "retail.mapping")
        mappings = self.env["retail.mapping"].browse(about.mapped("res_id")).exists()
        known = mappings.filtered(lambda mapping: mapping.state != "unmapped")
        about.filtered(lambda exception: exception.res_id in known.ids)._retry(self.env.user)
