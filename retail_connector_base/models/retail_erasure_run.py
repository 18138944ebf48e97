from datetime import timedelta

from odoo import api, fields, models

LOCK_SPACE = 0x52435F45
# In this order: the marks first, so that nothing new is kept while the stores are gone through.
STEPS = (
    "marks",
    "inbox",
    "outbox",
    "bindings",
    "documents",
    "partners",
    "chatter",
    "files",
    "jobs",
    "our_tables",
)
WAIT_HOURS = 24


class RetailErasure(models.Model):
    """Carrying a request out: step by step, each in a transaction of its own, safe to repeat."""

    _inherit = "retail.erasure"

    @api.model
    def _start(self, erasure_id):
        """Enqueue the work, in a transaction of its own."""
        erasure = self.sudo().browse(erasure_id).exists()
        if not erasure:
            return
        user = erasure.backend_id.user_id or self.env.ref("base.user_root")
        self._enqueue(
            user,
            "_job_carry_out",
            erasure_id,
            identity_key=f"retail.erasure:{erasure_id}",
            description=erasure.name,
        )

    @api.model
    def _job_carry_out(self, erasure_id):
        """Carry a request out."""
        with self._exclusive(LOCK_SPACE, erasure_id, seconds=30):
            for step in ("begin", *STEPS, "end"):
                after = 0
                while after is not None:
                    after = self._in_transaction(erasure_id, step, after)
                    if after == "wait":
                        return

    def _in_transaction(self, erasure_id, step, after):
        """Do a step on a fresh cursor and commit it; return where it goes on."""
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, self.env.uid, {}, su=True)
            return env[self._name].browse(erasure_id)._do_step(step, after)

    def _carry_out(self):
        """Do all steps in this transaction."""
        for step in ("begin", *STEPS, "end"):
            after = 0
            while after is not None:
                after = self._do_step(step, after)
                if after == "wait":
                    return

    def _do_step(self, step, after):
        """Do (a part of) a step; return where it goes on, ``None`` when it is done."""
        self.env.flush_all()
        result = getattr(self, f"_step_{step}")(after)
        self.env.cr.flush()  # what Odoo tracks of it, too
        self.env.invalidate_all()
        return result

    # Beginning and end

    def _step_begin(self, after):
        if self.state not in ("approved", "waiting", "running"):
            return "wait"
        if self.type == "access":
            self._hand_over()
            return "wait"
        reasons = self._reasons_to_wait(self._subject())
        if reasons:
            self._wait_for(" ".join(reasons))
            return "wait"
        self.line_ids.unlink()
        found = self._subject().dump()
        values = {"found": found, "waits_for": False, "next_run_at": False}
        self.write({"state": "running", **values})
        return None

    def _step_end(self, after):
        pending = self._pending_count()
        if pending:
            text = self.env._(
                "%(count)s messages or commands about the person are still in the queue or wait "
                "for a decision. Everything else is erased.",
                count=pending,
            )
            self._wait_for(text, hours=1)
            return "wait"
        self._forget_subject()
        self.message_id._drop_payload("erasure")
        self.write({"state": "done", "done_at": fields.Datetime.now(), "waits_for": False})
        self._audit("done", erased=self.erased_count, kept=self.kept_count)
        return None

    def _wait_for(self, text, hours=WAIT_HOURS):
        at = fields.Datetime.now() + timedelta(hours=hours)
        self.write({"state": "waiting", "waits_for": text, "next_run_at": at})
        self._audit("waits")

    def _note(self, store, erased, kept=0, note=None):
        """Add to the result of a store."""
        line = self.line_ids.filtered(lambda line: line.store == store)
        if not line:
            line = line.create({"erasure_id": self.id, "store": store})
        line.write(
            {"erased": line.erased + erased, "kept": line.kept + kept, "note": note or line.note}
        )

    @api.model
    def _sweep(self):
        """Start what is due; called by the cron."""
        due = self.search(
            [("state", "in", ("approved", "waiting")), ("next_run_at", "<=", fields.Datetime.now())]
        )
        stuck = self.search(
            [
                ("state", "=", "running"),
                ("write_date", "<", fields.Datetime.now() - timedelta(hours=1)),
            ]
        )
        for erasure in due | stuck:
            erasure._after_commit("_start", erasure.id)
