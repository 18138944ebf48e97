from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.canonical import minor_unit
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.decisions.tax_check import is_exempt, tax_key
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

PERCENT_DIGITS = Decimal("0.0001")


class RetailImporterOrder(models.AbstractModel):
    """Which taxes each line of an order has."""

    _inherit = "retail.importer.order"

    def _find_taxes(self, backend, drafts):
        """Give each line its taxes, found in one query; a line without taxes has none at all."""
        words = {}
        for draft in drafts:
            for line in draft.lines:
                words.update(
                    (self._tax_word(draft, tax), (draft, tax)) for tax in _charged(draft, line)
                )
        taxes = self.env["retail.mapping"]._resolve(backend, "tax", list(words))
        taxes |= self._match_taxes(backend, {w: words[w] for w in words.keys() - taxes.keys()})
        for draft in drafts:
            for line in draft.lines:
                self._set_taxes(backend, draft, line, taxes)

    def _tax_word(self, draft, tax):
        included = draft.order.taxes_included
        return tax_key(tax.title, tax.rate, included, draft.country, tax.channel_liable)

    def _set_taxes(self, backend, draft, line, taxes):
        line.taxes = self.env["account.tax"]
        for tax, amount in line.amounts.taxes:
            if tax not in _charged(draft, line):
                continue
            record = taxes.get(self._tax_word(draft, tax))
            if record is None and (tax.rate or amount):
                draft.fail(self._tax_problem(draft, tax))
            elif record:
                line.taxes |= record
                line.tax_amounts[record.id] = line.tax_amounts.get(record.id, 0) + amount

    # Taxes that are not mapped yet

    def _match_taxes(self, backend, words):
        """Map new words to the only tax that fits them; return ``{word: tax}`` of those."""
        if not words or backend.tax_policy != "match":
            return {}
        company = backend.company_id
        candidates = self.env["account.tax"].search(
            [
                *self.env["account.tax"]._check_company_domain(company),
                ("type_tax_use", "=", "sale"),
                ("amount_type", "=", "percent"),
            ]
        )
        matched = {}
        for word, (draft, tax) in words.items():
            found = candidates.filtered(lambda c, d=draft, t=tax: self._fits(company, d, t, c))
            if len(found) == 1 and not tax.channel_liable:
                matched[word] = found
        self._map_taxes(backend, {word: (*words[word], matched[word]) for word in matched})
        return matched

    def _fits(self, company, draft, tax, candidate):
        country = draft.country or company.account_fiscal_country_id.code
        percent = Decimal(str(candidate.amount)).quantize(PERCENT_DIGITS)
        return (
            percent == (tax.rate * 100).quantize(PERCENT_DIGITS)
            and candidate.price_include == draft.order.taxes_included
            and candidate.country_id.code == country
        )

    def _map_taxes(self, backend, found):
        """Keep what was found, visible and open to correction."""
        mappings = self.env["retail.mapping"]
        wanted = [self._tax_fix_values(draft, tax) for draft, tax, _record in found.values()]
        rows = mappings._note_unmapped(backend, wanted)
        for row, (_draft, _tax, record) in zip(rows, found.values(), strict=True):
            row.write({"tax_id": record.id, "origin": "automatic"})

    def _tax_fix_values(self, draft, tax):
        return self.env["retail.mapping"]._problem_values(
            "tax",
            self._tax_word(draft, tax),
            label=f"{tax.title} {tax.rate * 100:f}".rstrip("0").rstrip(".") + " %",
            title=tax.title,
            rate=str(tax.rate),
            included=draft.order.taxes_included,
            country=draft.country,
        )

    def _tax_problem(self, draft, tax):
        word = self._tax_word(draft, tax)
        values = self._tax_fix_values(draft, tax)
        return Problem(
            error_class=ErrorClass.MAPPING,
            code="unmapped_tax",
            subject=word,
            title=self.env._("The tax “%(tax)s” is not mapped", tax=values["label"]),
            cause=self.env._(
                "Odoo has no tax, or several, of this rate, country and price inclusion. Choose "
                "which it is; orders that wait for it are imported then."
            ),
            fix="map_value",
            fix_values=values,
            amount=draft.total,
            currency=draft.currency_code,
        )


def _charged(draft, line):
    """Return the taxes of a line but those that are named and were not charged."""
    amounts, unit = line.amounts, minor_unit(draft.currency_code)
    base = amounts.net - amounts.tax if draft.order.taxes_included else amounts.net
    return [tax for tax, amount in amounts.taxes if not is_exempt(amount, base * tax.rate, unit)]
