import logging

from psycopg2 import OperationalError

from odoo import api, fields, models

from ..decisions.reconciliation import Leg, compare
from .retail_reconciliation import LEGS

_logger = logging.getLogger(__name__)

LOCK_SPACE = 0x52435F52
NEXT = dict(zip([leg for leg, _l in LEGS], [*[leg for leg, _l in LEGS][1:], False], strict=True))
# The row stays locked, so that nobody signs or locks the run meanwhile.
CLAIM = (
    "SELECT next_leg FROM retail_reconciliation WHERE id = %s AND next_leg IS NOT NULL FOR UPDATE"
)


class RetailReconciliationRunner(models.AbstractModel):
    """Computes runs: one lane each, a leg at a time, each in a transaction of its own."""

    _name = "retail.reconciliation.runner"
    _description = "Retail Connector: reconciliation runs"
    _inherit = ["retail.lane.mixin"]

    _lane_job = "_job_compute"

    def _lane_user(self, run_id):
        return self.env.ref("retail_connector_base.user_integration")

    def _lane_title(self, run_id):
        run = self.env["retail.reconciliation"].sudo().browse(run_id)
        return self.env._("Reconcile %(run)s", run=run.name)

    @api.model
    def _sweep(self):
        """Wake the lane of every run that is not computed to its end; every minute."""
        self.env.cr.execute("SELECT id FROM retail_reconciliation WHERE next_leg IS NOT NULL")
        for (run_id,) in self.env.cr.fetchall():
            self._wake_after_commit(run_id)

    def _job_compute(self, run_id):
        """Compute what is left of a run."""
        with self._lane_to_itself((LOCK_SPACE, run_id), run_id):
            self._run_chunks(run_id)

    def _more_waits(self, cr, run_id):
        """Override."""
        cr.execute(
            "SELECT FROM retail_reconciliation WHERE id = %s AND next_leg IS NOT NULL", [run_id]
        )
        return bool(cr.rowcount)

    def _try_chunk(self, run_id):
        """Override: compute the next leg; return whether there was any."""
        self.env.cr.execute(CLAIM, [run_id])
        found = self.env.cr.fetchone()
        if not found:
            return False
        run = self._working(run_id)
        try:
            with self.env.cr.savepoint():
                run._compute_leg(found[0])
                run.write({"next_leg": NEXT[found[0]], "problem": False})
        except OperationalError:
            raise
        except Exception as error:
            _logger.exception("reconciliation %s: %s", run_id, found[0])
            self.env.invalidate_all(flush=False)
            run.write({"next_leg": False, "problem": str(error)[:500]})
            return False
        if not run.next_leg:
            run._complete()
        return True

    def _working(self, run_id):
        company = self.env["retail.reconciliation"].browse(run_id).company_id
        context = {"allowed_company_ids": company.ids, "active_test": False}
        runs = self.env["retail.reconciliation"].with_company(company).with_context(**context)
        return runs.browse(run_id)


class RetailReconciliation(models.Model):
    """Computing a run."""

    _inherit = "retail.reconciliation"

    def _compute_leg(self, leg):
        """Compare the two sides of a leg and keep the result."""
        self._check_not_locked()
        self.env.flush_all()
        here, there, days = {
            Leg.ORDERS.value: self._sides_of_orders,
            Leg.CLEARING.value: self._sides_of_clearing,
            Leg.BANK.value: self._sides_of_bank,
        }[leg]()
        self.env["retail.reconciliation.line"]._keep(self, leg, compare(here, there, days))

    def _complete(self):
        self._note_figures()
        self.write({"state": "computed", "computed_at": fields.Datetime.now()})
        user = self.computed_by_id or self.env.user
        self.env["retail.audit"].with_user(user)._log(
            "reconciliation.computed", self, detail=self.checkpoint
        )


class RetailInboxSweeper(models.AbstractModel):
    """Computes runs too."""

    _inherit = "retail.inbox.sweeper"

    @api.model
    def _sweep(self):
        """Override: wake the runs that are not computed to their end."""
        result = super()._sweep()
        self.env["retail.reconciliation.runner"]._sweep()
        return result
