from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.decisions.fingerprint import fingerprint_of
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.invoice_check import State

# Rows of an exception: the rest is on the invoice.
SHOWN = 30


class RetailWarehouseInvoice(models.Model):
    """What a person learns of an invoice that is not what it should be."""

    _inherit = "retail.warehouse.invoice"

    def _report_check(self):
        """Report what differs now, resolve what does not any more."""
        differing = self._differing()
        self._say(not self.ties, self._tie_problem())
        self._say(bool(differing), self._difference_problem(differing))
        self._report_unmapped()

    def _say(self, is_so, problem):
        exceptions = self.env["retail.exception"].sudo()
        if is_so:
            exceptions._report(self.backend_id, problem, record=self)
        else:
            exceptions._solved(self.backend_id, [fingerprint_of(problem)])

    def _solve_all(self):
        """Resolve what was reported: somebody decided."""
        problems = (self._tie_problem(), self._difference_problem(self.line_ids.browse()))
        prints = [fingerprint_of(problem) for problem in problems]
        self.env["retail.exception"].sudo()._solved(self.backend_id, prints)

    def _differing(self):
        """Return the charges that a person is told of: those that cost more than is tolerated."""
        tolerance = max(self.warehouse_id.charge_tolerance, 0.0)
        return self.line_ids.filtered(
            lambda line: (
                line.state != State.MATCH.value
                and self.currency_id.compare_amounts(line.difference, tolerance) > 0
            )
        ).sorted(lambda line: (-line.difference, line.id))

    def _tie_problem(self):
        return Problem(
            error_class=ErrorClass.FINANCE,
            code="warehouse_invoice_sum",
            subject=self.external_id,
            title=self.env._("Invoice %(number)s does not add up", number=self.number),
            cause=self.env._(
                "%(note)s Nothing of it can be approved. Ask the warehouse for a corrected "
                "invoice; it replaces this one.",
                note=self.tie_note or "",
            ),
            fix="open_record",
            amount=abs(Decimal(str(self.amount_total))),
            currency=self.currency_id.name,
        )

    def _difference_problem(self, lines):
        states = dict(lines._fields["state"]._description_selection(self.env))
        return Problem(
            error_class=ErrorClass.FINANCE,
            code="warehouse_invoice_differs",
            subject=self.external_id,
            title=self.env._(
                "Invoice %(number)s charges for more than was done", number=self.number
            ),
            cause=self.env._(
                "%(count)s charges differ. An accountant approves the invoice as it is, or "
                "disputes it with the list of these charges.",
                count=len(lines),
            ),
            fix="open_record",
            amount=Decimal(str(sum(lines.mapped("difference")))),
            currency=self.currency_id.name,
            comparison=tuple(
                (
                    f"{line._reference()}: {states[line.state]}",
                    self.currency_id.format(line.amount),
                    self.currency_id.format(line.expected_amount),
                )
                for line in lines[:SHOWN]
            ),
        )

    def _report_unmapped(self):
        """Ask for the account of each service that has none."""
        services = set(self.line_ids.mapped("service"))
        mapped = self.env["retail.mapping"]._resolve(self.backend_id, "warehouse_service", services)
        for service in sorted(service for service in services if not mapped.get(service)):
            self.env["retail.exception"].sudo()._report(
                self.backend_id, self._account_problem(service)
            )

    def _account_problem(self, service):
        label = dict(self.line_ids._fields["service"].selection)[service]
        lines = self.line_ids.filtered(lambda line: line.service == service)
        return Problem(
            error_class=ErrorClass.MAPPING,
            code="warehouse_service_account",
            subject=service,
            title=self.env._("Which account is “%(service)s” of a warehouse?", service=label),
            cause=self.env._("Without it, its invoices cannot become bills."),
            fix="map_value",
            fix_values=self.env["retail.mapping"]._problem_values(
                "warehouse_service", service, label=label
            ),
            amount=abs(Decimal(str(sum(lines.mapped("amount"))))),
            currency=self.currency_id.name,
        )

    def _report_changed(self, told):
        """Show that a decided invoice was sent again with other content."""
        problem = Problem(
            error_class=ErrorClass.FINANCE,
            code="warehouse_invoice_changed",
            subject=f"{self.external_id}|{told.content_hash()[:16]}",
            title=self.env._("Invoice %(number)s changed after it was decided", number=self.number),
            cause=self.env._(
                "It was %(state)s here, and the warehouse sent it again with other content. "
                "Nothing was changed. Ask the warehouse for a credit note or another number.",
                state=dict(self._fields["state"]._description_selection(self.env))[self.state],
            ),
            fix="open_record",
            amount=abs(told.total.amount - Decimal(str(self.amount_total))),
            currency=told.total.currency,
            comparison=((self.env._("Total"), str(told.total.amount), str(self.amount_total)),),
        )
        self.env["retail.exception"].sudo()._report(self.backend_id, problem, record=self)
