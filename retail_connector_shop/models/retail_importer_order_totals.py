from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.canonical import is_whole, minor_unit
from odoo.addons.retail_connector_base.decisions.discount import PriceExpression, express
from odoo.addons.retail_connector_base.decisions.order_amounts import LineAmounts
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.decisions.tax_check import is_rounding_of
from odoo.addons.retail_connector_base.decisions.tie_out import (
    Totals,
    channel_totals,
    comparison,
    rounding_needed,
)
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from .order_draft import LineDraft


class RetailImporterOrder(models.AbstractModel):
    """The amounts of an order: in Odoo they are the channel's, or the order is not made."""

    _inherit = "retail.importer.order"

    def _tie_out(self, backend, draft):
        """Price the lines such that Odoo computes the channel's totals, or note that it cannot."""
        if not all(self._price_line(draft, line) for line in draft.lines):
            return
        theirs = channel_totals(draft.order, draft.presentment)
        ours = self._odoo_totals(backend, draft)
        if ours.tax != theirs.tax and self._keep_channel_taxes(draft):
            ours = self._odoo_totals(backend, draft)
        rounding = rounding_needed(
            theirs, ours, draft.currency_code, backend.rounding_tolerance, len(draft.lines)
        )
        if rounding is None:
            draft.fail(self._mismatch(draft, theirs, ours))
        elif rounding:
            draft.lines.append(self._rounding_line(backend, draft, rounding))

    def _price_line(self, draft, line):
        """Write a line's price so that Odoo's amount is exact; return whether that is possible.

        Where prices hold the tax on one side only, the taxes are added or taken off.
        """
        target, amounts = line.amounts.net, line.amounts
        included = set(line.taxes.flatten_taxes_hierarchy().mapped("price_include"))
        if len(included) > 1:
            draft.fail(self._mixed_taxes_problem(draft, line))
            return False
        if line.taxes and included != {draft.order.taxes_included}:
            taxes = sum(line.tax_amounts.values())
            target += -taxes if draft.order.taxes_included else taxes
        digits = self.env["decimal.precision"].precision_get("Discount")
        line.price = express(amounts.gross, amounts.net, target, amounts.quantity, digits)
        return True

    # What Odoo computes

    def _base_line(self, draft, line):
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            {"extra_tax_data": line.extra_tax_data},
            currency_id=draft.currency,
            product_id=line.product,
            product_uom_id=line.product.uom_id,
            tax_ids=line.taxes,
            quantity=float(line.amounts.quantity),
            price_unit=line.price.price_unit,
            discount=line.price.discount,
        )

    def _odoo_totals(self, backend, draft):
        """Return the totals that Odoo will compute for the order, by its own engine."""
        engine, company = self.env["account.tax"], backend.company_id
        base_lines = [self._base_line(draft, line) for line in draft.lines]
        engine._add_tax_details_in_base_lines(base_lines, company)
        engine._round_base_lines_tax_details(base_lines, company)
        details = [base_line["tax_details"] for base_line in base_lines]
        untaxed = sum(
            d["total_excluded_currency"] + d["delta_total_excluded_currency"] for d in details
        )
        tax = sum(data["tax_amount_currency"] for d in details for data in d["taxes_data"])
        return Totals(self._exact(draft, untaxed), self._exact(draft, tax))

    def _exact(self, draft, amount):
        """Return an amount that Odoo computed as the decimal it stands for."""
        return Decimal(str(amount)).quantize(minor_unit(draft.currency_code))

    # The channel's own roundings

    def _keep_channel_taxes(self, draft):
        """Put the channel's tax amounts on the lines, where each is a correct rounding of Odoo's.

        Shops round per line, companies often over the whole document. Return whether it was done.
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
            line.reduced_price,
            float(line.amounts.quantity),
            precision_rounding=draft.currency.rounding,
            rounding_method="round_globally",
            product=line.product,
            product_uom=line.product.uom_id,
        )
        return {
            data["tax"].id: (data["base_amount"], data["tax_amount"])
            for data in details["taxes_data"]
        }

    def _is_rounding(self, draft, line, raw):
        unit = minor_unit(draft.currency_code)
        return line.tax_amounts.keys() == raw.keys() and all(
            is_whole(amount, draft.currency_code)
            and is_rounding_of(amount, Decimal(str(raw[tax_id][1])), unit)
            for tax_id, amount in line.tax_amounts.items()
        )

    def _extra_tax_data(self, draft, line, raw):
        """Return Odoo's own form of a line with given tax amounts, which its invoice line gets too.

        Its ``computation_key`` keeps the line's rounding apart from the other lines'.
        """
        total = round(line.reduced_price * float(line.amounts.quantity), 9)
        taxes = float(sum(line.tax_amounts.values()))
        included = any(line.taxes.flatten_taxes_hierarchy().mapped("price_include"))
        untaxed = draft.currency.round(total - taxes if included else total)
        return {
            "computation_key": f"retail,{draft.order.external_id},{line.part},{line.external_id}",
            "manual_total_excluded_currency": untaxed,
            "manual_tax_amounts": {
                str(tax_id): self._manual_tax(draft, untaxed, raw[tax_id][0], amount)
                for tax_id, amount in line.tax_amounts.items()
            },
            "currency_id": draft.currency.id,
            "price_unit": line.price.price_unit,
            "discount": line.price.discount,
            "quantity": float(line.amounts.quantity),
        }

    def _manual_tax(self, draft, untaxed, base, amount):
        """Return a tax's amounts; its base is the line's unless other taxes are taxed as well."""
        own_base = abs(base - untaxed) > draft.currency.rounding
        return {
            "tax_amount_currency": float(amount),
            "base_amount_currency": draft.currency.round(base) if own_base else untaxed,
        }

    # Differences

    def _rounding_line(self, backend, draft, rounding):
        amounts = LineAmounts(Decimal(1), rounding, Decimal(0), rounding, ())
        return LineDraft(
            part="rounding",
            external_id="rounding",
            source=None,
            title=self.env._("Rounding"),
            amounts=amounts,
            product=backend.rounding_product_id,
            taxes=self.env["account.tax"],
            price=PriceExpression(float(rounding), 0.0),
        )

    def _check_amounts(self, drafts):
        """Compare what Odoo has stored with the channel's totals; note every order that differs."""
        for draft in drafts:
            order, theirs = draft.binding.odoo_id, channel_totals(draft.order, draft.presentment)
            ours = Totals(
                self._exact(draft, order.amount_untaxed), self._exact(draft, order.amount_tax)
            )
            if ours != theirs and not (draft.plan and draft.plan.is_empty):
                draft.fail(self._mismatch(draft, theirs, ours))

    def _mismatch(self, draft, theirs, ours):
        """Return the problem of an order that does not tie, with both computations side by side."""
        return Problem(
            error_class=ErrorClass.FINANCE,
            code="total_mismatch",
            subject=draft.order.external_id,
            title=self.env._("The totals of order %(name)s do not tie", name=draft.order.name),
            cause=self.env._(
                "Odoo would compute other amounts than the channel. Nothing of the order was "
                "imported. Compare the taxes of its lines, correct their mapping, then retry."
            ),
            fix="retry",
            amount=draft.total,
            currency=draft.currency_code,
            comparison=comparison(theirs, ours, draft.currency_code) + self._line_rows(draft),
        )

    def _line_rows(self, draft):
        """Return the rows of the taxes of each line: the channel's amount, and Odoo's."""
        rows = []
        for line in draft.lines:
            raw = self._raw_taxes(draft, line) if line.taxes and line.price else {}
            for tax in line.taxes:
                theirs, ours = line.tax_amounts.get(tax.id), raw.get(tax.id, (0, 0))[1]
                rows.append((f"{line.title}: {tax.name}", str(theirs), f"{ours:.4f}"))
        return tuple(rows)

    def _mixed_taxes_problem(self, draft, line):
        names = ", ".join(line.taxes.mapped("name"))
        return Problem(
            error_class=ErrorClass.CONFIGURATION,
            code="mixed_taxes",
            subject=names,
            title=self.env._("%(taxes)s cannot be on one line", taxes=names),
            cause=self.env._(
                "Some of these taxes are included in the price and some are not. Map the channel's "
                "taxes to taxes of one kind."
            ),
            fix="retry",
            amount=draft.total,
            currency=draft.currency_code,
        )
