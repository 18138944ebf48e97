from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

VARIANCE, UNREADABLE = "count_variance", "count_unreadable"
UNKNOWN_UNIT = "unknown_unit"
NAMED_AT_MOST = 5
# Causes that nobody has to mend: the line says what is odd, and a person decides about it.
DECIDED_ON_THE_LINE = ("duplicate", "lot")


class RetailSnapshot(models.Model):
    """What people are told of counts: money that nobody can explain, and lines nobody can read."""

    _inherit = "retail.snapshot"

    def _tell(self):
        """Show what needs a person; take back what does not any more."""
        reporter = self.env["retail.exception"].sudo()
        for snapshot in self:
            problems = {
                VARIANCE: snapshot._variance_problem(),
                UNREADABLE: snapshot._unreadable_problem(),
            }
            for problem in filter(None, problems.values()):
                reporter._report(snapshot.backend_id, problem, record=snapshot)
            gone = [f"{code}|{snapshot.id}" for code, problem in problems.items() if not problem]
            reporter._solved(snapshot.backend_id, gone)

    def _variance_problem(self):
        """Return the problem of differences that wait for approval, if they are worth it."""
        waiting = [("snapshot_id", "=", self.id), ("state", "=", "open")]
        lines, risk, names = self._told_of(waiting)
        if not lines or risk < self.warehouse_id.count_alert_above:
            return None
        return Problem(
            error_class=ErrorClass.FINANCE,
            code=VARIANCE,
            subject=str(self.id),
            title=self.env._(
                "%(count)s: %(lines)s items differ without explanation",
                count=self.display_name,
                lines=lines,
            ),
            cause=self.env._(
                "The warehouse counted something else than Odoo expects, in the light of all goods "
                "that were on their way: %(items)s. Approve or reject the differences.",
                items=names,
            ),
            fix="open_record",
            fix_values={"res_model": self._name, "res_id": self.id},
            amount=Decimal(str(risk)),
            currency=self.currency_id.name,
        )

    def _unreadable_problem(self):
        """Return the problem of lines that cannot be compared or applied as they were told."""
        lines, _risk, names = self._told_of(
            [
                ("snapshot_id", "=", self.id),
                ("kind", "=", "problem"),
                ("cause", "not in", DECIDED_ON_THE_LINE),
            ]
        )
        if not lines or self.state in ("rejected", "superseded"):
            return None
        return Problem(
            error_class=ErrorClass.DATA,
            code=UNREADABLE,
            subject=str(self.id),
            title=self.env._(
                "%(count)s: %(lines)s lines cannot be used",
                count=self.display_name,
                lines=lines,
            ),
            cause=self.env._(
                "%(items)s. Each line says why. Give products their codes, map SKUs and units, "
                "then compare again; what the warehouse told wrongly it has to count anew.",
                items=names,
            ),
            fix="open_record",
            fix_values={"res_model": self._name, "res_id": self.id},
        )

    def _told_of(self, domain):
        """Return how many lines there are, their value at risk, and the names of the gravest."""
        found = self.env["retail.snapshot.line"]
        [(lines, risk)] = found._read_group(domain, [], ["__count", "size:sum"])
        first = found.search(domain, order="size desc, id", limit=NAMED_AT_MOST)
        names = ", ".join(first.mapped("display_name"))
        return lines, risk or 0, f"{names}, …" if lines > NAMED_AT_MOST else names


class RetailException(models.Model):
    """Trying again what could not be read in a count."""

    _inherit = "retail.exception"

    def _retry(self, user):
        """Override: open counts are compared again; what is still so is shown again."""
        result = super()._retry(user)
        self._counts_to_compare()._compare_again()
        return result

    def _counts_to_compare(self):
        """Return the open counts that these exceptions are about."""
        own = self.filtered(lambda found: found.code in (VARIANCE, UNREADABLE)).mapped("res_id")
        backends = self.filtered(lambda found: found.code == UNKNOWN_UNIT).backend_id
        counts = self.env["retail.snapshot"].sudo()
        unread = counts.search(
            [
                ("backend_id", "in", backends.ids),
                ("state", "in", ("compared", "to_approve")),
                ("line_ids.cause", "=", "unit"),
            ]
        )
        found = counts.browse(own).exists() | unread
        return found.filtered(lambda count: count.state in ("compared", "to_approve"))
