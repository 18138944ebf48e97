from odoo import models

from ..decisions.fingerprint import fingerprint_of
from ..decisions.problem import Problem
from ..providers import ErrorClass


class RetailProjection(models.AbstractModel):
    """What channels refuse: shown by reason, until nothing is refused for it any more."""

    _inherit = "retail.projection"

    def _report_refused(self, backend_id, rows):
        """Show refusals, those of one reason together."""
        backend = self.env["retail.backend"].browse(backend_id)
        reports = {}
        for row in rows:
            reports.setdefault((row.verdict, row.error), row)
        for (verdict, text), row in reports.items():
            problem = self._refusal(
                verdict,
                text,
                title=self._refusal_title(row),
                cause=text or self.env._("The channel does not know it any more."),
                fix="open_record",
            )
            self.env["retail.exception"]._report(backend, problem, record=row)

    def _refusal_title(self, row):
        return self.env._(
            "%(backend)s refuses %(name)s (%(kind)s)",
            backend=row.backend_id.name,
            kind=self.env["retail.kind"]._word(self._flow_kind),
            name=row.binding_id.odoo_id.display_name or row.display_name,
        )

    def _solve_refusals(self, backend):
        """Resolve the exceptions of refusals whose last row is in step."""
        codes = [f"{self._flow_kind}_refused", f"{self._flow_kind}_missing"]
        found = self.env["retail.exception"].search(
            [("backend_id", "=", backend.id), ("state", "=", "open"), ("code", "in", codes)]
        )
        if not found:
            return
        groups = self.env[self._state_model]._read_group(
            [("backend_id", "=", backend.id), ("verdict", "in", ("refused", "missing"))],
            ["verdict", "error"],
        )
        left = {fingerprint_of(self._refusal(*group)) for group in groups}
        solved = found.filtered(lambda exception: exception.fingerprint not in left)
        self.env["retail.exception"]._solved(backend, solved.mapped("fingerprint"))

    def _refusal(self, verdict, text, title="", cause="", **values):
        """Return what a person is told of a refusal; verdict and text name it."""
        return Problem(
            error_class=ErrorClass.DATA,
            code=f"{self._flow_kind}_{verdict}",
            subject=text or verdict,
            title=title,
            cause=cause,
            **values,
        )
