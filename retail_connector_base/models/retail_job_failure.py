from odoo import api, models

from ..decisions.problem import Problem
from ..providers import ErrorClass

MODELS = ("retail.inbox.drain", "retail.poll", "retail.reservation", "retail.outbox.sender")


class RetailJobFailure(models.AbstractModel):
    """Turns jobs that died into exceptions.

    queue_job ends a job whose worker was killed too often by plain SQL: no hook is called.
    """

    _name = "retail.job.failure"
    _description = "Retail Connector: dead jobs"

    @api.model
    def _report_all(self):
        """Report every failed job of ours once, and cancel it: its work is woken by state."""
        jobs = self.env["queue.job"].search(
            [("state", "=", "failed"), ("model_name", "in", self._model_names())], limit=200
        )
        for job in jobs:
            self._report(job)
        jobs.write({"state": "cancelled"})

    @api.model
    def _model_names(self):
        """Return the models whose jobs are watched; other addons add theirs."""
        return list(MODELS)

    def _report(self, job):
        backend = self._backend_of(job)
        if not backend:
            return
        problem = Problem(
            error_class=ErrorClass.BUG,
            code="job_failed",
            subject=f"{job.model_name}.{job.method_name}",
            title=self.env._("The job “%(name)s” failed", name=job.name),
            cause=job.exc_name or self.env._("Its worker was killed too often."),
            fix="retry",
        )
        self.env["retail.exception"]._report(backend, problem)

    def _backend_of(self, job):
        argument = (job.args or [None])[0]
        if job.model_name == "retail.poll" and job.method_name == "_job_poll":
            return self.env["retail.flow"].browse(argument).exists().backend_id
        if job.model_name == "retail.reservation":
            company = self.env["stock.warehouse"].browse(argument).exists().company_id
            return self.env["retail.backend"].search([("company_id", "in", company.ids)], limit=1)
        return self.env["retail.backend"].browse(argument).exists()
