from decimal import ROUND_HALF_UP, Decimal

from odoo import api, models
from odoo.fields import Command

from odoo.addons.retail_connector_base.canonical import minor_unit

from ..decisions.refund_credit import Part, spread_tax


class RetailCreditLine(models.AbstractModel):
    """Writes the lines of a credit note: the invoice line's taxes and account, the channel's money.

    Odoo would round taxes anew; what the channel gave back is kept where it is a correct rounding,
    in the form that Odoo's own tax engine reads.
    """

    _name = "retail.credit.line"
    _description = "Retail Connector: lines of credit notes"

    @api.model
    def _complete(self, binding, draft):
        """Find the taxes of a draft's lines, and their values."""
        for number, line in enumerate(draft.lines, 1):
            exact = self._exact_taxes(draft, line)
            unit = minor_unit(draft.currency.name)
            taxes = {tax_id: tax for tax_id, (_base, tax) in exact.items()}
            if line.tax is None:
                line.tax = sum(taxes.values(), Decimal(0)).quantize(unit, ROUND_HALF_UP)
            line.tax_amounts = spread_tax(line.tax, taxes, unit)
            line.bases = {tax_id: base for tax_id, (base, _tax) in exact.items()}
            line.values = self._values(binding, draft, line, number)

    def _exact_taxes(self, draft, line):
        """Return what lies within a line's gross amount by its rates: {tax id: (base, tax)}."""
        template = line.template
        if not template.tax_ids:
            return {}
        details = template.tax_ids._get_tax_details(
            float(line.gross),
            1.0,
            precision_rounding=draft.currency.rounding,
            rounding_method="round_globally",
            product=template.product_id,
            product_uom=template.product_uom_id,
            special_mode="total_included",
        )
        return {
            data["tax"].id: (data["base_amount"], Decimal(str(round(data["tax_amount"], 9))))
            for data in details["taxes_data"]
        }

    def _values(self, binding, draft, line, number):
        template = line.template
        price, discount = self._price(draft, line)
        return {
            "sequence": number,
            "name": template.name if line.takes_units else line.label,
            **self._product(line),
            "account_id": template.account_id.id,
            "analytic_distribution": template.analytic_distribution,
            "quantity": float(line.quantity),
            "price_unit": price,
            "discount": discount,
            "tax_ids": [Command.set(template.tax_ids.ids)],
            # Amounts without units leave the order line's invoiced quantity alone.
            "sale_line_ids": [Command.set(template.sale_line_ids.ids if line.takes_units else [])],
            "extra_tax_data": self._extra_tax_data(binding, draft, line, number, price, discount),
        }

    def _product(self, line):
        """Return the product; an amount over all goods is none of them, and costs nothing."""
        none = line.kind == Part.AMOUNT.value
        return {
            "product_id": False if none else line.template.product_id.id,
            "product_uom_id": False if none else line.template.product_uom_id.id,
        }

    def _price(self, draft, line):
        """Return unit price and discount: the invoice's where they give the amount."""
        template, basis = line.template, self._basis(line)
        if line.takes_units:
            reduced = template.price_unit * (1 - template.discount / 100)
            theirs = draft.currency.round(reduced * float(line.quantity))
            if draft.currency.compare_amounts(theirs, float(basis)) == 0:
                return template.price_unit, template.discount
        return float(basis / line.quantity), 0.0

    def _basis(self, line):
        """Return the amount that the unit price is of: with taxes where prices hold them."""
        included = line.template.tax_ids.flatten_taxes_hierarchy().mapped("price_include")
        return line.gross if any(included) else line.gross - line.tax

    def _extra_tax_data(self, binding, draft, line, number, price, discount):
        """Return Odoo's own form of a line with given taxes, ``None`` where it has none."""
        if not line.tax_amounts:
            return None
        untaxed = float(line.gross - line.tax)
        return {
            # Keeps the line's rounding apart from the other lines'.
            "computation_key": f"retail_refund,{binding.id},{number}",
            "manual_total_excluded_currency": untaxed,
            "manual_tax_amounts": {
                str(tax_id): {
                    "tax_amount_currency": float(amount),
                    "base_amount_currency": self._base(draft, untaxed, line.bases[tax_id]),
                }
                for tax_id, amount in line.tax_amounts.items()
            },
            "currency_id": draft.currency.id,
            "price_unit": price,
            "discount": discount,
            "quantity": float(line.quantity),
        }

    def _base(self, draft, untaxed, base):
        """Return a tax's base: the line's, unless other taxes are taxed as well."""
        own = abs(base - untaxed) > draft.currency.rounding
        return draft.currency.round(base) if own else untaxed
