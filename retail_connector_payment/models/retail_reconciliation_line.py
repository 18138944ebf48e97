from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..decisions.reconciliation import Verdict
from .retail_reconciliation import LEGS

VERDICTS = [
    (Verdict.MATCHED.value, "Matched"),
    (Verdict.AMOUNT.value, "Another Amount"),
    (Verdict.DATE.value, "Another Day"),
    (Verdict.MISSING_HERE.value, "Missing Here"),
    (Verdict.MISSING_THERE.value, "Missing There"),
]
STATUSES = [("matched", "Matched"), ("different", "Different"), ("explained", "Explained")]


class RetailReconciliationLine(models.Model):
    """One thing that both sides know, or that one of them lacks.

    ``key`` and currency name it, whenever the run is computed again. An explanation holds for the
    figures that it was given for: when they change the line is different again.
    """

    _name = "retail.reconciliation.line"
    _description = "Reconciliation Line"
    # What is left to do first; the legs from the order to the bank.
    _order = "status, leg desc, abs_difference desc, key, id"
    _rec_name = "label"

    run_id = fields.Many2one(
        "retail.reconciliation", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    run_state = fields.Selection(related="run_id.state", string="Run")
    leg = fields.Selection(LEGS, required=True, readonly=True)
    key = fields.Char(required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    label = fields.Char(readonly=True, string="What")
    day = fields.Date(readonly=True)
    verdict = fields.Selection(VERDICTS, required=True, readonly=True, string="Found")
    status = fields.Selection(STATUSES, required=True, readonly=True, index=True)
    amount_here = fields.Monetary(readonly=True, string="Here")
    amount_there = fields.Monetary(readonly=True, string="There")
    difference = fields.Monetary(readonly=True, help="What we have more than they.")
    abs_difference = fields.Monetary(readonly=True)
    count_here = fields.Integer(readonly=True)
    count_there = fields.Integer(readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    other_model = fields.Char(readonly=True)
    other_id = fields.Many2oneReference(model_field="other_model", readonly=True)
    explanation = fields.Char(help="Why it is so, and what is done about it.")
    explained_by_id = fields.Many2one("res.users", readonly=True)
    explained_at = fields.Datetime(readonly=True)
    explained_verdict = fields.Char(readonly=True)
    explained_here = fields.Monetary(readonly=True)
    explained_there = fields.Monetary(readonly=True)
    computation = fields.Integer(readonly=True, help="In which computation it was found last.")

    _key_unique = models.UniqueIndex(
        "(run_id, leg, key, currency_id)", "A thing stands in a run once."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override: lines are computed, and not for a locked run."""
        lines = super().create(vals_list)
        lines.run_id._check_not_locked()
        return lines

    def write(self, vals):
        """Override: people explain, until the run is signed; a locked run does not change."""
        self.run_id._check_not_locked()
        if "explanation" in vals and "status" not in vals:
            return self._explain(vals["explanation"])
        if not self.env.su:
            raise AccessError(self.env._("Of a line only the explanation is written."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unlocked(self):
        self.run_id._check_not_locked()

    # Explaining

    def _explain(self, text):
        """Explain differences, or take an explanation back where the text is empty."""
        self.check_access("write")
        self._check_can_explain()
        text = " ".join((text or "").split())
        for line in self:
            line.sudo().write(line._explained(text))
        self.run_id.sudo()._note_figures()
        for line in self:
            detail = {"line": line.label, "leg": line.leg, "explanation": text}
            self.env["retail.audit"]._log("reconciliation.explained", line.run_id, detail=detail)
        return True

    def _check_can_explain(self):
        if not (self.env.su or self.env.user.has_group("retail_connector_base.group_accountant")):
            raise AccessError(self.env._("Only an accountant explains differences."))
        if any(line.run_id.state != "computed" for line in self):
            raise UserError(self.env._("The run is signed. Reopen it first."))
        if any(line.verdict == "matched" for line in self):
            raise UserError(self.env._("What is matched needs no explanation."))

    def _explained(self, text):
        return {
            "status": "explained" if text else "different",
            "explanation": text or False,
            "explained_by_id": self.env.uid if text else False,
            "explained_at": fields.Datetime.now() if text else False,
            "explained_verdict": self.verdict if text else False,
            "explained_here": self.amount_here if text else 0,
            "explained_there": self.amount_there if text else 0,
        }

    # Opening

    def action_open(self):
        """Open the document that it is about."""
        self.ensure_one()
        self.check_access("read")
        for model, number in ((self.res_model, self.res_id), (self.other_model, self.other_id)):
            if model and self.env[model].browse(number).exists():
                return {
                    "type": "ir.actions.act_window",
                    "res_model": model,
                    "res_id": number,
                    "view_mode": "form",
                }
        raise UserError(self.env._("There is no document of it."))
