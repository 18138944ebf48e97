from markupsafe import Markup

from odoo import fields, models

from ..decisions.order_process import RULES, Step, StepState, progress

ICONS = {
    StepState.DONE: "fa-check text-success",
    StepState.READY: "fa-arrow-right text-primary",
    StepState.WAITING: "fa-clock-o text-muted",
    StepState.COMPENSATED: "fa-undo text-warning",
}


class RetailOrderProcessMixin(models.AbstractModel):
    """The steps that an order went through, and what was taken back of them."""

    _name = "retail.order.process.mixin"
    _description = "Retail Order Process"

    process_log = fields.Json(
        readonly=True, help="What was done and taken back: step, state, time, note."
    )
    process_html = fields.Html(compute="_compute_process_html", compute_sudo=True, string="Process")

    def _record_steps(self, *steps, state=StepState.DONE, note=""):
        """Note that steps were done or taken back; what is noted already is not noted again."""
        now = fields.Datetime.to_string(fields.Datetime.now())
        for record in self:
            log = list(record.process_log or ())
            news = [
                {"step": step.value, "state": state.value, "at": now, "note": note}
                for step in steps
                if record._latest(log, step) != state
            ]
            if news:
                record.process_log = log + news

    @staticmethod
    def _latest(log, step):
        states = [entry["state"] for entry in log if entry["step"] == step.value]
        return StepState(states[-1]) if states else None

    def _facts(self):
        """Return what Odoo's own documents show of the steps, beside what was noted."""
        order = self.odoo_id
        lines = order.order_line
        pickings = order.picking_ids.filtered(lambda picking: picking.state != "cancel")
        ready = bool(pickings) and all(p.state in ("assigned", "done") for p in pickings)
        facts = {
            Step.RESERVED: ready,
            Step.SHIPPED: bool(pickings) and all(p.state == "done" for p in pickings),
            Step.INVOICED: order.invoice_status == "invoiced",
            Step.SETTLED: bool(lines.invoice_lines)
            and all(
                move.payment_state in ("paid", "in_payment") for move in lines.invoice_lines.move_id
            ),
        }
        return {step for step, holds in facts.items() if holds}

    def _progress(self):
        """Return the state of each step."""
        self.ensure_one()
        latest = {step: self._latest(self.process_log or (), step) for step in Step}
        compensated = {step for step, at in latest.items() if at is StepState.COMPENSATED}
        done = {step for step, at in latest.items() if at is StepState.DONE} | self._facts()
        return progress(done, compensated)

    def _compute_process_html(self):
        row = Markup('<li><i class="fa %s" role="img" title="%s"></i> %s <small>%s</small></li>')
        for record in self:
            items = [
                row % (ICONS[state], state.value, step.value.title(), RULES[step].compensation)
                for step, state in record._progress().items()
            ]
            record.process_html = Markup('<ul class="list-unstyled">%s</ul>') % Markup().join(items)
