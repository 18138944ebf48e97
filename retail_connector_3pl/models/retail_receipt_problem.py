from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.decisions.fingerprint import fingerprint_of
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.receipt_split import is_over
from .retail_warehouse_inbound import SELLABLE


class RetailReceipt(models.Model):
    """What a person learns of goods that are not what was expected. They are in stock by then."""

    _inherit = "retail.receipt"

    def _report_differences(self):
        """Report what differs, and resolve what does not differ any more.

        Each depends on what has come in all, not on the order in which it was told.
        """
        exceptions = self.env["retail.exception"].sudo()
        for found, problem, record in self._differences():
            if found:
                exceptions._report(self.backend_id, problem, record=record)
            else:
                exceptions._solved(self.backend_id, [fingerprint_of(problem)])

    def _differences(self):
        """Yield (whether it is so, problem, document) for all that may differ."""
        came = self.line_ids.filtered("quantity")
        unknown = came.filtered(lambda line: not self._announced_lines(line))
        damaged = came.filtered(lambda line: line.condition not in SELLABLE)
        announcement = self.announcement_id
        if announcement:
            over, short = announcement._over_lines(), announcement._short_lines()
            off = came if announcement.state == "cancelled" else came.browse()
            yield over, self._over_problem(over), announcement
            yield short, self._short_problem(short), announcement
            yield off, self._cancelled_problem(off), announcement
            yield unknown, self._unexpected_problem(unknown), self
        else:
            yield came, self._unannounced_problem(came), self
        yield damaged, self._damaged_problem(damaged), self

    def _problem(self, code, subject, title, cause, amount, comparison=()):
        return Problem(
            error_class=ErrorClass.DATA,
            code=code,
            subject=subject,
            title=title,
            cause=cause,
            fix="open_record",
            amount=Decimal(str(round(amount, 2))),
            currency=self.company_id.currency_id.name,
            comparison=tuple(comparison),
        )

    def _over_problem(self, lines):
        announcement = self.announcement_id
        return self._problem(
            "receipt_over",
            announcement.name,
            self.env._("More came than was announced as %(name)s", name=announcement.name),
            self.env._(
                "All of it is in stock. Ask the supplier whether it is a gift or will be charged, "
                "then close this."
            ),
            sum(line._value(line.received_quantity - line.quantity) for line in lines),
            _rows(lines),
        )

    def _short_problem(self, lines):
        announcement = self.announcement_id
        return self._problem(
            "receipt_short",
            announcement.name,
            self.env._("Less came than was announced as %(name)s", name=announcement.name),
            self.env._(
                "The warehouse says that nothing more comes. Claim what is missing from the "
                "supplier or the carrier, then close this."
            ),
            sum(line._value(line.quantity - line.received_quantity) for line in lines),
            _rows(lines),
        )

    def _cancelled_problem(self, lines):
        return self._problem(
            "receipt_cancelled",
            self.external_id,
            self.env._("Goods came that were announced and taken back"),
            self.env._(
                "%(name)s was taken back, and its goods came all the same. They are in stock. "
                "Decide with the supplier what becomes of them, then close this.",
                name=self.announcement_id.name,
            ),
            sum(line._value() for line in lines),
        )

    def _unexpected_problem(self, lines):
        return self._problem(
            "receipt_unexpected",
            self.external_id,
            self.env._("Receipt %(name)s has items that were not announced", name=self.external_id),
            self.env._("They are in stock. Ask the supplier what they are, then close this."),
            sum(line._value() for line in lines),
            ((line.product_id.display_name, f"{line.quantity:g}", "0") for line in lines),
        )

    def _unannounced_problem(self, lines):
        reference = self.announcement_reference
        return self._problem(
            "receipt_unannounced",
            self.external_id,
            self.env._("Receipt %(name)s was not announced", name=self.external_id),
            self.env._(
                "The warehouse names “%(reference)s”, which is no delivery on its way. Its goods "
                "are in stock. Find out whose they are, then close this.",
                reference=reference,
            )
            if reference
            else self.env._(
                "The warehouse took in goods that nobody expected. They are in stock. Find out "
                "whose they are, then close this."
            ),
            sum(line._value() for line in lines),
            ((line.product_id.display_name, f"{line.quantity:g}", "0") for line in lines),
        )

    def _damaged_problem(self, lines):
        return self._problem(
            "receipt_damaged",
            self.external_id,
            self.env._("Goods of receipt %(name)s cannot be sold", name=self.external_id),
            self.env._(
                "They arrived damaged, opened or wrong, and are kept as the warehouse's policy "
                "says. Claim them from the supplier or the carrier, then close this."
            ),
            sum(line._value() for line in lines),
            (
                (line.product_id.display_name, f"{line.quantity:g} {line.condition}", "")
                for line in lines
            ),
        )


def _rows(lines):
    return [
        (line.product_id.display_name, f"{line.received_quantity:g}", f"{line.quantity:g}")
        for line in lines
    ]


class RetailAnnouncement(models.Model):
    """What differs from what was announced."""

    _inherit = "retail.announcement"

    def _over_lines(self):
        """Return the lines of which more came than is tolerated."""
        tolerance = Decimal(str(self.warehouse_id.receipt_tolerance))
        return self.line_ids.filtered(
            lambda line: is_over(
                Decimal(str(line.quantity)), Decimal(str(line.received_quantity)), tolerance
            )
        )

    def _short_lines(self):
        """Return the lines of which less came, once nothing more comes."""
        if not self._is_closed():
            return self.line_ids.browse()
        return self.line_ids.filtered(
            lambda line: line.product_id.uom_id.compare(line.received_quantity, line.quantity) < 0
        )


class RetailAnnouncementLine(models.Model):
    """What a line is worth."""

    _inherit = "retail.announcement.line"

    def _value(self, quantity):
        """Return what units are worth at cost, in the company's currency."""
        return quantity * self.product_id.with_company(self.company_id).standard_price
