from decimal import Decimal

from odoo import api, models

from ..decisions.problem import Problem
from ..providers.errors import ErrorClass

PERCENT_DIGITS = Decimal("0.0001")


class RetailTaxResolver(models.AbstractModel):
    """Finds the taxes that a channel charged, over a whole batch.

    As they are mapped; a new word is mapped to the only tax that fits it, where the backend's
    policy allows.
    """

    _name = "retail.tax.resolver"
    _description = "Retail Connector: taxes"

    @api.model
    def _taxes(self, backend, needs):
        """Return ``{word: tax}`` of what is known; what is deliberately ignored is empty."""
        words = {need.word: need for need in needs}
        taxes = self.env["retail.mapping"]._resolve(backend, "tax", list(words))
        unknown = [need for word, need in words.items() if word not in taxes]
        return taxes | self._match(backend, unknown)

    def _match(self, backend, needs):
        """Map new words to the only tax that fits them; return ``{word: tax}`` of those."""
        if not needs or backend.tax_policy != "match":
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
        for need in needs:
            found = candidates.filtered(lambda tax, n=need: self._fits(company, n, tax))
            if len(found) == 1 and not need.channel_liable:
                matched[need] = found
        self._keep(backend, matched)
        return {need.word: tax for need, tax in matched.items()}

    def _fits(self, company, need, tax):
        country = need.country or company.account_fiscal_country_id.code
        percent = Decimal(str(tax.amount)).quantize(PERCENT_DIGITS)
        return (
            percent == (need.rate * 100).quantize(PERCENT_DIGITS)
            and tax.price_include == need.included
            and tax.country_id.code == country
        )

    def _keep(self, backend, matched):
        """Keep what was found, visible and open to correction."""
        mappings = self.env["retail.mapping"]
        rows = mappings._note_unmapped(backend, [self._fix_values(need) for need in matched])
        for row, tax in zip(rows, matched.values(), strict=True):
            row.write({"tax_id": tax.id, "origin": "automatic"})

    def _fix_values(self, need):
        return self.env["retail.mapping"]._problem_values(
            "tax",
            need.word,
            label=need.label,
            title=need.title,
            rate=str(need.rate),
            included=need.included,
            country=need.country,
        )

    @api.model
    def _problem(self, need, amount, currency):
        """Return the problem of a tax that is not known; ``amount`` (``currency``) is at risk."""
        return Problem(
            error_class=ErrorClass.MAPPING,
            code="unmapped_tax",
            subject=need.word,
            title=self.env._("The tax “%(tax)s” is not mapped", tax=need.label),
            cause=self.env._(
                "Odoo has no tax, or several, of this rate, country and price inclusion. Choose "
                "which it is; what waits for it is imported then."
            ),
            fix="map_value",
            fix_values=self._fix_values(need),
            amount=amount,
            currency=currency,
        )
