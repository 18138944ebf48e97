import time

from odoo import api, fields, models

LOCK_SPACE = 0x52435F41
# Rows of one transaction. A created product costs a thousand times what a binding costs.
CHUNK = {"adopt": 5000, "create": 100}
# The job's own transaction stays open while it works and holds back vacuum: keep it short.
JOB_SECONDS = 20


class RetailProductAdoption(models.Model):
    """A run over many candidates: how far it has come, and the job that works on it.

    The candidates point to the run that will work on them and are let go chunk by chunk, so that
    a run goes on where it was interrupted.
    """

    _name = "retail.product.adoption"
    _description = "Retail Product Adoption Run"
    _inherit = "retail.job.mixin"
    _order = "id desc"

    backend_id = fields.Many2one(
        "retail.backend", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="backend_id.company_id", store=True, index=True)
    action = fields.Selection(
        [("adopt", "Adopt"), ("create", "Create and adopt")], required=True, readonly=True
    )
    user_id = fields.Many2one("res.users", string="Started by", required=True, readonly=True)
    total_count = fields.Integer(readonly=True, string="Variants")
    done_count = fields.Integer(readonly=True, string="Looked at")
    adopted_count = fields.Integer(readonly=True, string="Adopted")
    started_at = fields.Datetime(readonly=True, default=fields.Datetime.now)
    finished_at = fields.Datetime(readonly=True)
    progress = fields.Float(compute="_compute_progress")

    @api.depends("backend_id", "action", "started_at")
    def _compute_display_name(self):
        labels = dict(self._fields["action"]._description_selection(self.env))
        for run in self:
            run.display_name = f"{run.backend_id.name}: {labels.get(run.action)}"

    @api.depends("done_count", "total_count", "finished_at")
    def _compute_progress(self):
        for run in self:
            share = run.done_count / run.total_count if run.total_count else 0.0
            run.progress = 100.0 if run.finished_at else 100.0 * share

    def action_resume(self):
        """Go on with a run whose job was lost."""
        self.env["retail.product.candidate"]._check_administrator()
        self.check_access("read")
        for run in self.filtered(lambda run: not run.finished_at):
            run._after_commit("_enqueue_run", run.id)

    @api.model
    def _start(self, backend, action, candidates, user):
        """Make a run over candidates of a backend; its job starts after the commit."""
        run = self.create(
            {
                "backend_id": backend.id,
                "action": action,
                "user_id": user.id,
                "total_count": len(candidates),
            }
        )
        run._hold(candidates, run.id)
        self.env["retail.audit"]._log(
            f"products.{action}", backend=backend, detail={"count": len(candidates)}
        )
        self._after_commit("_enqueue_run", run.id)
        return run

    @api.model
    def _enqueue_run(self, run_id):
        backend = self.browse(run_id).backend_id
        self._enqueue(
            backend.user_id,
            "_job_run",
            backend.id,
            run_id,
            identity_key=f"retail.product.adoption:{run_id}",
            description=self.env._("Adopt products of %(backend)s", backend=backend.name),
            channel="root.retail.poll",
        )

    def _job_run(self, backend_id, run_id):
        """Work on a run for some seconds, a transaction a chunk; a successor goes on."""
        deadline = time.monotonic() + JOB_SECONDS
        with self._exclusive(LOCK_SPACE, backend_id, seconds=5):
            while self._in_transaction("_work_on_chunk", run_id):
                if time.monotonic() > deadline:
                    return self._after_commit("_enqueue_run", run_id)

    def _in_transaction(self, method, *args):
        """Run a method of this model on a fresh cursor and commit it."""
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, self.env.uid, dict(self.env.context), su=True)
            return getattr(env[self._name], method)(*args)

    @api.model
    def _work_on_chunk(self, run_id):
        """Work on the next candidates of a run; return whether there were any."""
        run = self.browse(run_id).exists()
        if not run or run.finished_at:
            return False
        chunk = self.env["retail.product.candidate"].search(
            [("adoption_id", "=", run_id)], limit=CHUNK[run.action], order="id"
        )
        if not chunk:
            run.finished_at = fields.Datetime.now()
            return False
        adopted = chunk._adopt() if run.action == "adopt" else chunk._create_products()
        run._hold(chunk, None)
        run.write(
            {
                "done_count": run.done_count + len(chunk),
                "adopted_count": run.adopted_count + len(adopted),
            }
        )
        return True

    def _hold(self, candidates, run_id):
        """Point candidates, any number of them, to the run that will work on them, or to none."""
        candidates.flush_recordset()
        self.env.cr.execute(
            "UPDATE retail_product_candidate SET adoption_id = %s WHERE id = ANY(%s)",
            [run_id, candidates.ids],
        )
        candidates.invalidate_recordset(["adoption_id"])

    def _open(self):
        """Return the action that shows these runs with their progress."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "retail_connector_shop.action_retail_product_adoption"
        )
        return {**action, "domain": [("id", "in", self.ids)]}
