from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.day_tie import Difference, Kind

DIFFERS = "pos_day_differs"
CORRECTED = "pos_day_corrected"
UNREPORTED = "pos_day_unreported"
STUCK = "pos_day_not_closed"
# What is counted, not paid.
NUMBERS = (Kind.COUNT, Kind.SEQUENCE)


class RetailPosDay(models.Model):
    """What people are told about days that do not tie or cannot be closed."""

    _inherit = "retail.pos.day"

    def _show(self, tie, is_news):
        """Report a day that differs, once for each way it differs in; resolve it when it ties."""
        if self.state == "different":
            if is_news or not self._has_problem(DIFFERS):
                self.env["retail.exception"]._report(
                    self.backend_id, self._differs(tie), record=self
                )
        elif self._has_problem(DIFFERS):
            self._solve(DIFFERS)

    def _has_problem(self, code):
        """Tell whether a problem of this day was ever shown, also if somebody dismissed it."""
        fingerprint = f"{code}|{self._subject()}"
        exceptions = self.env["retail.exception"].sudo()
        return bool(exceptions._by_fingerprint(self.backend_id, [fingerprint]))

    def _solve(self, *codes):
        fingerprints = [f"{code}|{self._subject()}" for code in codes]
        self.env["retail.exception"]._solved(self.backend_id, fingerprints)

    def _subject(self):
        return f"{self.register_id.external_id} {self.business_date}"

    def _differs(self, tie):
        hints = [f"– {self._words_of(each)} {self._hint_of(each)}" for each in tie.differences]
        return Problem(
            error_class=ErrorClass.FINANCE,
            code=DIFFERS,
            subject=self._subject(),
            title=self.env._("%(day)s does not tie", day=self.display_name),
            cause="\n".join(
                [
                    *hints,
                    self.env._(
                        "It is compared again with every ticket and report that comes. An "
                        "accountant can sign what remains."
                    ),
                ]
            ),
            fix="sign_day",
            amount=self._at_risk(tie.differences),
            currency=self._currency().name,
            comparison=self._comparison(tie.differences),
        )

    def _at_risk(self, differences):
        """Return the largest amount that differs: a missing ticket differs in several ways."""
        amounts = [abs(each.difference) for each in differences if each.kind not in NUMBERS]
        return max(amounts, default=None)

    def _comparison(self, differences):
        return tuple(
            (self._words_of(each), self._figure(each, each.theirs), self._figure(each, each.ours))
            for each in differences
        )

    def _figure(self, difference, amount):
        if amount is None:
            return "–"
        if difference.kind in NUMBERS:
            return f"{amount:f}"
        return f"{self._decimal(amount)} {self._currency().name}"

    def _words_of(self, difference: Difference):
        """Return what differs, in words."""
        subject = difference.subject
        words = {
            Kind.REPORT: self.env._("The register has not reported this day."),
            Kind.WAITING: self.env._("Tickets wait in the inbox: %(names)s.", names=subject),
            Kind.COUNT: self.env._("Number of tickets."),
            Kind.SEQUENCE: self.env._("Ticket numbers are missing: %(names)s.", names=subject),
            Kind.TOTAL: self.env._("Total of the day."),
            Kind.TAX: self.env._("Tax %(name)s.", name=subject),
            Kind.TENDER: self.env._("Taken by %(tender)s.", tender=subject),
            Kind.COUNTED: self.env._("Counted of %(tender)s.", tender=subject),
            Kind.DRAWER: self.env._("Left in the drawer beyond what can be there."),
            Kind.CURRENCY: self.env._("Currencies of report and point of sale: %(c)s.", c=subject),
        }
        return words[difference.kind]

    def _hint_of(self, difference: Difference):
        """Return what to do about a difference."""
        if difference.kind in (Kind.TENDER, Kind.COUNTED):
            return self._tender_hint(difference)
        hints = {
            Kind.WAITING: self.env._("Solve their exceptions: they are imported then."),
            Kind.COUNT: self._count_hint(difference),
            Kind.SEQUENCE: self.env._("Fetch them, or ask the store to send them again."),
            Kind.REPORT: self.env._("Ask the store for it."),
            Kind.DRAWER: self.env._("Ask the store where the cash came from."),
            Kind.CURRENCY: self.env._("Correct the point of sale."),
        }
        return hints.get(difference.kind, "")

    def _count_hint(self, difference):
        if difference.difference > 0:
            return self.env._("Tickets are missing here: fetch them.")
        return self.env._("Tickets came after the report: the store has to report again.")

    def _tender_hint(self, difference):
        if difference.kind is Kind.COUNTED:
            return self.env._("Signing posts it to the journal's loss or profit account.")
        row = next(
            (row for row in (self.tie or {}).get("tenders", ()) if row["key"] == difference.key),
            None,
        )
        if row and Decimal(row["pending"] or 0):
            return self.env._(
                "Of it %(amount)s was taken offline and may not come.",
                amount=self._money(row["pending"]),
            )
        return self.env._("A ticket is missing or was paid otherwise. Signing posts nothing.")

    # Other problems of a day

    def _note_correction(self, report):
        """Show a report that comes after its day was posted and says something else."""
        if not self.report_id:
            # It was signed without one.
            self.report_id = report
            says_the_same = self._says_what_is_posted(report)
        else:
            told = self.env["retail.pos.report"]._told_content
            says = told(report.correction or report.snapshot)
            says_the_same = says == told(self.report_id.snapshot)
        if says_the_same:
            return
        self.env["retail.exception"]._report(self.backend_id, self._corrected(report), record=self)

    def _says_what_is_posted(self, report):
        """Tell whether a report comes to the figures that this day was posted with."""
        told = report._canonical()
        pairs = ((told.total, self.tie["total"]), (told.total_tax, self.tie["total_tax"]))
        return all(theirs == Decimal(ours) for theirs, ours in pairs)

    def _corrected(self, report):
        told = report.correction or report.snapshot
        return Problem(
            error_class=ErrorClass.FINANCE,
            code=CORRECTED,
            subject=self._subject(),
            title=self.env._(
                "%(day)s was reported again after it was posted", day=self.display_name
            ),
            cause=self.env._(
                "What is posted stays. Book the difference by hand where it is one, then close "
                "this exception."
            ),
            fix="open_record",
            currency=self._currency().name,
            amount=abs(self._decimal(float(told["total"])) - self._decimal(self.imported_total)),
            comparison=(
                (self.env._("Tickets"), str(told["ticket_count"]), str(self.tie["count"])),
                (self.env._("Total"), told["total"], self.tie["total"]),
                (self.env._("Taxes"), told["total_tax"], self.tie["total_tax"]),
            ),
        )

    def _unreported(self):
        return Problem(
            error_class=ErrorClass.FINANCE,
            code=UNREPORTED,
            subject=self._subject(),
            title=self.env._("%(day)s was never reported", day=self.display_name),
            cause=self.env._(
                "Its tickets are imported and not posted. Ask the store for the report, or let an "
                "accountant sign the day without one."
            ),
            fix="sign_day",
            amount=self._decimal(sum(self.ticket_ids.mapped("amount_total"))),
            currency=self._currency().name,
        )

    def _not_closed(self, error):
        return Problem(
            error_class=ErrorClass.FINANCE,
            code=STUCK,
            subject=self._subject(),
            title=self.env._("%(day)s cannot be posted", day=self.display_name),
            cause=str(error),
            fix="retry_day",
            amount=self._decimal(self.imported_total),
            currency=self._currency().name,
        )
