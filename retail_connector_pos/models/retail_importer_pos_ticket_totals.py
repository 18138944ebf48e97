from collections import defaultdict
from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.canonical import is_whole, minor_unit
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.decisions.tax_check import is_rounding_of
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.ticket_price import line_price
from ..decisions.ticket_totals import TicketTotals, comparison, rounded, ties, told_totals


class RetailImporterPosTicket(models.AbstractModel):
    """The amounts of a ticket: in Odoo they are the register's, or the order is not made.

    First as the register tells prices and discounts, which is what Odoo's own point of sale would
    do; then with each line rounded to the minor unit; then with the register's own roundings of
    the taxes, each of which must be a correct rounding of what Odoo computes.
    """

    _inherit = "retail.importer.pos_ticket"

    def _price_lines(self, backend, drafts):
        """Write the prices of lines as the register tells them."""
        for draft in drafts:
            if not draft.is_void:
                self._price(draft, whole=False)

    def _tie_out(self, backend, drafts):
        """Let Odoo compute the register's totals, or note that it does not."""
        for draft in drafts:
            if not (draft.is_void or draft.error):
                self._tie(backend, draft)

    def _tie(self, backend, draft):
        theirs = self._told_totals(draft)
        ours = self._odoo_totals(backend, draft)
        for attempt in (self._round_lines, self._keep_register_taxes):
            if ties(theirs, ours):
                break
            if attempt(draft):
                ours = self._odoo_totals(backend, draft)
        if ties(theirs, ours):
            draft.amount_tax = ours.tax
        else:
            draft.fail(self._mismatch(draft, theirs, ours))

    def _told_totals(self, draft):
        taxes = defaultdict(Decimal)
        for line in draft.lines:
            for tax_id, amount in line.tax_amounts.items():
                taxes[tax_id] += amount
        return told_totals(draft.due, draft.ticket.total_tax, taxes, draft.ticket.currency)

    # Prices

    def _price(self, draft, whole):
        for line in draft.lines:
            if line.source is not None and not self._price_line(draft, line, whole):
                return

    def _price_line(self, draft, line, whole):
        """Write a line's price; ``whole`` is to round what it comes to. Return whether it works.

        Where prices hold the tax on one side only, the register's taxes are added or taken off.
        """
        included = set(line.taxes.flatten_taxes_hierarchy().mapped("price_include"))
        if len(included) > 1:
            draft.fail(self._mixed_taxes_problem(draft, line))
            return False
        target = None
        other_side = bool(line.taxes) and included != {draft.ticket.taxes_included}
        if whole or other_side:
            target = rounded(line.gross - line.reduction, draft.ticket.currency)
        if other_side:
            taxes = sum(line.tax_amounts.values())
            target += -taxes if draft.ticket.taxes_included else taxes
        price = line_price(line.gross, line.reduction, line.quantity, target)
        line.price_unit, line.discount = price.price_unit, price.discount
        return True

    def _round_lines(self, draft):
        """Let each line come to whole minor units, as most registers print them."""
        self._price(draft, whole=True)
        return True

    # What Odoo computes

    def _base_line(self, draft, line):
        """Return a line for Odoo's engine, as the order's line will be one."""
        sign = -1 if draft.is_refund else 1
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            {"extra_tax_data": line.extra_tax_data},
            currency_id=draft.currency,
            product_id=line.product,
            tax_ids=line.taxes,
            quantity=float(line.quantity) * sign,
            price_unit=line.price_unit,
            discount=line.discount,
            is_refund=float(line.quantity) * line.price_unit < 0,
        )

    def _odoo_totals(self, backend, draft):
        """Return the totals that Odoo computes, by its own engine; keep those of each line."""
        engine, company = self.env["account.tax"], backend.company_id
        base_lines = [self._base_line(draft, line) for line in draft.lines]
        engine._add_tax_details_in_base_lines(base_lines, company)
        engine._round_base_lines_tax_details(base_lines, company)
        total, taxes = 0.0, defaultdict(float)
        for line, base_line in zip(draft.lines, base_lines, strict=True):
            details = base_line["tax_details"]
            line.subtotal = draft.currency.round(details["total_excluded_currency"])
            line.subtotal_incl = draft.currency.round(details["total_included_currency"])
            total += details["total_excluded_currency"] + details["delta_total_excluded_currency"]
            for data in details["taxes_data"]:
                taxes[data["tax"].id] += data["tax_amount_currency"]
        sign = -1 if draft.is_refund else 1
        exact = {key: self._exact(draft, amount * sign) for key, amount in taxes.items()}
        tax = sum(exact.values(), Decimal(0))
        return TicketTotals(self._exact(draft, total * sign) + tax, tax, exact)

    def _exact(self, draft, amount):
        """Return an amount that Odoo computed as the decimal it stands for."""
        return rounded(Decimal(str(round(amount, 6))), draft.ticket.currency)

    # The register's own roundings

    def _keep_register_taxes(self, draft):
        """Put the register's tax amounts on the lines, where each is a correct rounding of Odoo's.

        Registers round per line, companies often over the whole document. Return whether it was
        done.
        """
        taxed = [line for line in draft.lines if line.taxes]
        raws = [self._raw_taxes(draft, line) for line in taxed]
        if not all(self._is_rounding(draft, *pair) for pair in zip(taxed, raws, strict=True)):
            return False
        for line, raw in zip(taxed, raws, strict=True):
            line.extra_tax_data = self._extra_tax_data(draft, line, raw)
        return bool(taxed)

    def _raw_taxes(self, draft, line):
        """Return what Odoo computes for each tax of a line, unrounded: {tax id: (base, tax)}."""
        details = line.taxes._get_tax_details(
            line.price_unit * (1 - line.discount / 100),
            float(line.quantity),
            precision_rounding=draft.currency.rounding,
            rounding_method="round_globally",
            product=line.product,
        )
        return {
            data["tax"].id: (data["base_amount"], data["tax_amount"])
            for data in details["taxes_data"]
        }

    def _is_rounding(self, draft, line, raw):
        currency = draft.ticket.currency
        return line.tax_amounts.keys() == raw.keys() and all(
            is_whole(amount, currency)
            and is_rounding_of(amount, Decimal(str(raw[tax_id][1])), minor_unit(currency))
            for tax_id, amount in line.tax_amounts.items()
        )

    def _extra_tax_data(self, draft, line, raw):
        """Return Odoo's own form of a line with given tax amounts; signed as in its engine.

        The ``computation_key`` keeps the line's rounding apart from the other lines'.
        """
        sign = -1 if draft.is_refund else 1
        price = line.price_unit * (1 - line.discount / 100)
        total = round(price * float(line.quantity), 9)
        taxes = float(sum(line.tax_amounts.values()))
        included = any(line.taxes.flatten_taxes_hierarchy().mapped("price_include"))
        untaxed = draft.currency.round(total - taxes if included else total)
        return {
            "computation_key": f"retail,{draft.ticket.external_id},{line.external_id}",
            "manual_total_excluded_currency": untaxed * sign,
            "manual_tax_amounts": {
                str(tax_id): self._manual_tax(draft, untaxed, raw[tax_id][0], amount, sign)
                for tax_id, amount in line.tax_amounts.items()
            },
            "currency_id": draft.currency.id,
            "price_unit": line.price_unit,
            "discount": line.discount,
            "quantity": float(line.quantity) * sign,
        }

    def _manual_tax(self, draft, untaxed, base, amount, sign):
        """Return a tax's amounts; its base is the line's unless other taxes are taxed as well."""
        own_base = abs(base - untaxed) > draft.currency.rounding
        return {
            "tax_amount_currency": float(amount) * sign,
            "base_amount_currency": (draft.currency.round(base) if own_base else untaxed) * sign,
        }

    # Differences

    def _mismatch(self, draft, theirs, ours):
        """Return the problem of a ticket that does not tie, with both computations."""
        ticket = draft.ticket
        taxes = self.env["account.tax"].browse([*(theirs.taxes.keys() | ours.taxes.keys())])
        names = {tax.id: tax.display_name for tax in taxes}
        return Problem(
            error_class=ErrorClass.FINANCE,
            code="total_mismatch",
            subject=ticket.external_id,
            title=self.env._("The totals of ticket %(ticket)s do not tie", ticket=ticket.number),
            cause=self.env._(
                "Odoo would compute other amounts than the register. Nothing of the ticket was "
                "imported. Compare the taxes of its lines, correct their mapping, then retry."
            ),
            fix="retry",
            amount=abs(ticket.total) or max(abs(theirs.total), abs(ours.total)),
            currency=ticket.currency,
            comparison=comparison(theirs, ours, ticket.currency, names) + self._line_rows(draft),
        )

    def _line_rows(self, draft):
        """Return a row for each line: what the register tells and what Odoo computes."""
        sign = -1 if draft.is_refund else 1
        return tuple(
            (line.title, f"{line.gross - line.reduction:f}", f"{line.subtotal_incl * sign:f}")
            for line in draft.lines
        )

    def _mixed_taxes_problem(self, draft, line):
        names = ", ".join(line.taxes.mapped("name"))
        return Problem(
            error_class=ErrorClass.CONFIGURATION,
            code="mixed_taxes",
            subject=names,
            title=self.env._("%(taxes)s cannot be on one line", taxes=names),
            cause=self.env._(
                "Some of these taxes are included in the price and some are not. Map the "
                "register's taxes to taxes of one kind."
            ),
            fix="retry",
            amount=abs(draft.ticket.total),
            currency=draft.ticket.currency,
        )
