import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ..canonical import Order
from ..decisions.erasure import stripped
from ..decisions.retention import cutoff

_logger = logging.getLogger(__name__)

BATCH = 1000
# Each run takes so many batches of a class at most; the cron comes back for the rest.
BATCHES = 200
MESSAGES_AT_REST = "('done', 'superseded', 'ignored')"
NOW = SQL("now() AT TIME ZONE 'UTC'")
# Which lines a command was about is needed as long as its order may change.
REDUCED = SQL(
    "CASE WHEN kind = 'deliver_event' THEN '{}'::jsonb ELSE payload - 'trackings' - 'note' END"
)
# Where each class is kept: its table, what of it is due for nothing else than its age, and what
# that is counted from.
KEPT = {
    "inbox_payload": (
        "retail_inbox_message",
        (
            f"t.payload_dropped_at IS NULL AND t.state IN {MESSAGES_AT_REST} "
            "AND t.backend_id = ANY(%(backends)s)"
        ),
        "t.finished_at",
    ),
    "inbox_unread": (
        "retail_inbox_message",
        (
            "t.payload_dropped_at IS NULL AND t.state = 'unsupported' "
            "AND t.backend_id = ANY(%(backends)s)"
        ),
        "t.received_at",
    ),
    "outbox_payload": (
        "retail_outbox_command",
        (
            "t.payload_dropped_at IS NULL AND t.state IN ('done', 'cancelled') "
            "AND t.backend_id = ANY(%(backends)s)"
        ),
        "coalesce(t.done_at, t.write_date)",
    ),
    "exception_text": (
        "retail_exception",
        (
            "t.state != 'open' AND t.backend_id = ANY(%(backends)s) "
            "AND (t.cause IS NOT NULL OR t.comparison IS NOT NULL OR t.fix_values IS NOT NULL)"
        ),
        "t.resolved_at",
    ),
    "order_snapshot": (
        "retail_order_binding",
        (
            "t.state IN ('closed', 'cancelled') AND t.snapshot IS NOT NULL "
            "AND t.personal_dropped_at IS NULL AND t.backend_id = ANY(%(backends)s)"
        ),
        "coalesce(t.last_seen_at, t.write_date)",
    ),
    "data_export": (
        "ir_attachment",
        (
            "t.res_model = 'retail.erasure' AND t.res_field = 'export_file' AND t.res_id "
            "IN (SELECT id FROM retail_erasure WHERE company_id = %(company)s)"
        ),
        "t.create_date",
    ),
    "queue_job": (
        "queue_job",
        (
            "t.model_name LIKE 'retail.%%' AND t.state IN ('done', 'failed', 'cancelled') "
            "AND (t.company_id = %(company)s OR t.company_id IS NULL)"
        ),
        "coalesce(t.date_done, t.date_cancelled, t.date_created)",
    ),
    "api_answer": (
        "retail_api_request",
        "t.status IS NOT NULL AND t.company_id = %(company)s",
        "t.created_at",
    ),
}


class RetailRetention(models.Model):
    """Dropping what is due: in bounded batches, each one statement and one commit."""

    _inherit = "retail.retention"

    @api.model
    def _run(self):
        """Drop what is due everywhere; called by the cron, which commits after each batch."""
        self._ensure()
        policies = self.search([])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(policies))
        for policy in policies:
            for _batch in range(BATCHES):
                count = policy._drop_batch()
                if not cron._commit_progress() or count < BATCH:
                    break
            if not cron._commit_progress(1):
                break

    def _drop_all(self):
        """Drop what is due of these policies; return how much it was."""
        total = 0
        for policy in self:
            dropped = [policy._drop_batch()]
            while dropped[-1] >= BATCH and len(dropped) < BATCHES:
                dropped.append(policy._drop_batch())
            policy.last_dropped = sum(dropped)
            total += sum(dropped)
        return total

    def _drop_batch(self):
        """Drop one batch of what is due; return its size."""
        self.ensure_one()
        due = self._due()
        if due is None:
            return 0
        self.env.flush_all()
        count = getattr(self, f"_drop_{self.data_class}")(due)
        self.env.invalidate_all()
        now = fields.Datetime.now()
        fresh = not self.last_run_at or (now - self.last_run_at).total_seconds() > 3600
        self.write(
            {"last_run_at": now, "last_dropped": count + (0 if fresh else self.last_dropped)}
        )
        return count

    # What is due

    def _backend_ids(self):
        """Return the backends that this policy is for."""
        if self.backend_id:
            return self.backend_id.ids
        own = self.with_context(active_test=False).search(
            [("backend_id", "!=", False), ("data_class", "=", self.data_class)]
        )
        backends = self.env["retail.backend"].with_context(active_test=False)
        return backends.search(
            [("company_id", "=", self.company_id.id), ("id", "not in", own.backend_id.ids)]
        ).ids

    def _kept(self):
        """Return (table, condition, moment) of what is kept of this class; ``None``: no table."""
        found = KEPT.get(self.data_class)
        if not found:
            return None
        table, condition, moment = found
        known = {"backends": self._backend_ids(), "company": self.company_id.id}
        return table, SQL(condition, **known), SQL(moment)

    def _due(self):
        """Return the ids that are due as a query of one batch, ``None`` where nothing is kept.

        Take it as ``ARRAY(...)``: within ``IN`` a plan may run it once per row, each time with the
        next ones that are not locked.
        """
        kept = self._kept()
        if not kept or (self.backend_id and self.data_class in ("data_export", "queue_job")):
            return None
        table, condition, moment = kept
        before = cutoff(fields.Datetime.now(), self.days)
        return SQL(
            "SELECT t.id FROM %s t WHERE %s AND %s < %s ORDER BY t.id LIMIT %s "
            "FOR UPDATE SKIP LOCKED",
            SQL.identifier(table), condition, moment, before, BATCH,
        )  # fmt: skip

    def _count(self):
        """Return how much is kept, how much of it is due, and since when the oldest is there."""
        kept = self._kept()
        if not kept:
            return 0, 0, None
        table, condition, moment = kept
        before = cutoff(fields.Datetime.now(), self.days or 1)
        self.env.cr.execute(
            SQL(
                "SELECT count(*), count(*) FILTER (WHERE %s < %s), min(%s) FROM %s t WHERE %s",
                moment,
                before,
                moment,
                SQL.identifier(table),
                condition,
            )
        )
        return self.env.cr.fetchone()

    # One statement each

    def _execute(self, query):
        self.env.cr.execute(query)
        return self.env.cr.rowcount

    def _drop_inbox_payload(self, due):
        return self._execute(
            SQL(
                "UPDATE retail_inbox_message SET body = NULL, headers = NULL, "
                "payload_dropped_at = %s, payload_dropped_why = 'retention' "
                "WHERE id = ANY(ARRAY(%s))",
                NOW,
                due,
            )
        )

    _drop_inbox_unread = _drop_inbox_payload

    def _drop_outbox_payload(self, due):
        return self._execute(
            SQL(
                "UPDATE retail_outbox_command SET payload = %s, payload_dropped_at = %s "
                "WHERE id = ANY(ARRAY(%s))",
                REDUCED,
                NOW,
                due,
            )
        )

    def _drop_exception_text(self, due):
        return self._execute(
            SQL(
                "UPDATE retail_exception SET cause = NULL, comparison = NULL, fix = NULL, "
                "fix_values = NULL WHERE id = ANY(ARRAY(%s))",
                due,
            )
        )

    def _drop_order_snapshot(self, due):
        self.env.cr.execute(due)
        bindings = self.env["retail.order.binding"].browse(row[0] for row in self.env.cr.fetchall())
        bindings._strip_snapshots()
        return len(bindings)

    def _drop_api_answer(self, due):
        return self._execute(SQL("DELETE FROM retail_api_request WHERE id = ANY(ARRAY(%s))", due))

    def _drop_data_export(self, due):
        self.env.cr.execute(due)
        files = self.env["ir.attachment"].browse(row[0] for row in self.env.cr.fetchall())
        files.unlink()
        return len(files)

    def _drop_queue_job(self, due):
        return self._execute(SQL("DELETE FROM queue_job WHERE id = ANY(ARRAY(%s))", due))


class RetailOrderBinding(models.Model):
    """Snapshots without the person: what later changes are compared with stays."""

    _inherit = "retail.order.binding"

    personal_dropped_at = fields.Datetime(
        readonly=True, copy=False, help="Since then the snapshot tells nothing about the customer."
    )

    def _strip_snapshots(self):
        """Take the customer out of the snapshots; the version guard knows them all the same."""
        now = fields.Datetime.now()
        for binding in self:
            values = {"personal_dropped_at": now, "tags": False}
            if binding.snapshot:
                order = stripped(Order.model_validate(binding.snapshot))
                values["snapshot"] = order.model_dump(mode="json")
                values["external_hash"] = order.content_hash()
            binding.write(values)
