from decimal import ROUND_HALF_UP, Decimal

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.retail_connector_base.canonical import RestockKind, minor_unit

from ..decisions.refund_credit import (
    Invoiced,
    Part,
    gross_of,
    part_of,
    spread,
    units_of,
)
from ..decisions.refund_tie import Account
from .retail_credit_draft import CreditDraft, CreditLine

NOTHING = Decimal(0)


class RetailCreditPlan(models.AbstractModel):
    """Finds what of a refund a credit note shows: which invoice lines, units and amounts."""

    _name = "retail.credit.plan"
    _description = "Retail Connector: plans of credit notes"

    @api.model
    def _plan(self, binding, transactions, again=False):
        """Return the draft of a refund's credit note; ``again``: it has one, which does not count.

        Raises ``UserError`` where currencies do not fit.
        """
        without = binding.odoo_id if again else None
        view = self.env["retail.credit.view"]._of(binding, without)
        draft = self._begin(view, transactions)
        for line in view.refund.lines:
            self._add_units(view, draft, line)
        for adjustment in view.refund.adjustments:
            amount, tax = view.side(adjustment.amount), view.side(adjustment.tax)
            gross = gross_of(amount, tax, view.taxes_included)
            part, key = part_of(adjustment.reason), adjustment.external_id
            self._add_amount(view, draft, part, key, gross, tax or None, adjustment.reason)
        if draft.paid and not (view.refund.lines or view.refund.adjustments):
            self._add_amount(view, draft, Part.AMOUNT, "", draft.amount, None, "")
        if not draft.told and not draft.paid:
            draft.lines, draft.waits = [], False
        self.env["retail.credit.line"]._complete(binding, draft)
        return draft

    # What it comes to

    def _begin(self, view, transactions):
        """Start a draft with what was told and what went back, compared in one currency."""
        currency, paid = view.currency, transactions.paid
        told = view.told()
        name = next(iter(paid), currency.name)
        if len(paid) > 1 or (view.has_parts and name not in told):
            raise UserError(self._currency_text(view, paid))
        if not view.has_parts:
            if name != currency.name:
                raise UserError(self._currency_text(view, paid))
            told = {name: paid.get(name, NOTHING)}
        back = paid.get(name, NOTHING)
        return CreditDraft(
            currency=currency,
            told=told[name],
            paid=back,
            told_currency=name,
            amount=told[currency.name],
            paid_amount=back if name == currency.name else NOTHING,
            account=self._account(view),
            sets_off=bool(view.refund.return_external_id),
        )

    def _currency_text(self, view, paid):
        return self.env._(
            "Money went back in %(found)s, but the order is in %(currency)s.",
            found=", ".join(sorted(paid)),
            currency=view.currency.name,
        )

    def _account(self, view):
        """Return what the customer owes for the order and has paid."""
        order, unit = view.order, minor_unit(view.currency.name)
        total = Decimal(str(order.amount_total)).quantize(unit)
        return Account(total, view.credited_in_all(), view.paid_net().quantize(unit))

    # Lines

    def _add_units(self, view, draft, line):
        """Add refunded units that were invoiced; let the draft wait for those that will be."""
        gross = gross_of(view.side(line.subtotal), view.side(line.tax), view.taxes_included)
        sale_line = view.sale_line(line.order_line_external_id)
        if not gross or not line.quantity:
            return
        units = units_of(line.restock, line.quantity, self._invoiced(view, line, sale_line))
        if units.missing and not view.is_over:
            draft.waits = True
        if units.credit <= 0:
            return
        share = units.credit / line.quantity
        unit = minor_unit(view.currency.name)
        draft.lines.append(
            CreditLine(
                kind="cancel" if line.restock is RestockKind.CANCEL else "units",
                key=line.order_line_external_id,
                label=sale_line.display_name,
                template=view.invoice_line(sale_line),
                quantity=units.credit,
                gross=(gross * share).quantize(unit, ROUND_HALF_UP),
                tax=(view.side(line.tax) * share).quantize(unit, ROUND_HALF_UP),
                takes_units=True,
            )
        )

    def _invoiced(self, view, line, sale_line):
        key = line.order_line_external_id
        return Invoiced(
            invoiced=view.units(sale_line, "out_invoice"),
            credited=view.units(sale_line, "out_refund"),
            cancelled=view.cancelled(key),
            wanted=view.wanted(key, sale_line),
        )

    # Amounts without units

    def _add_amount(self, view, draft, part, key, gross, tax, label):
        """Add an amount: to what was charged for it, or over all goods by their taxes."""
        if not gross:
            return
        charged = view.charges(part) if part is not Part.AMOUNT else None
        if not charged:
            shares = self._over_goods(view, gross)
        else:
            shares = self._over_charges(view, part, charged, gross)
        if not shares:
            draft.waits = draft.waits or not view.is_over
        for template, amount in shares:
            draft.lines.append(
                CreditLine(
                    kind=part.value,
                    key=f"{template.sale_line_ids[:1].id}",
                    label=label or self.env._("Refund"),
                    template=template,
                    quantity=Decimal(1),
                    gross=amount,
                    tax=tax if len(shares) == 1 else None,
                )
            )

    def _over_charges(self, view, part, charged, gross):
        """Return (invoice line, amount): each charge up to what is left of it, the rest on one."""
        lines = [line for line in map(view.invoice_line, charged) if line]
        if not lines:
            return []
        left, shares = gross, {line: NOTHING for line in lines}
        for line in lines:
            amount = max(min(left, view.room(part, line)), NOTHING)
            shares[line], left = amount, left - amount
        shares[lines[0]] += left
        return [(line, amount) for line, amount in shares.items() if amount]

    def _over_goods(self, view, gross):
        """Return (invoice line, amount): spread over what has the same taxes, by its value."""
        groups = {}
        for line in view.goods_lines():
            groups.setdefault(tuple(line.tax_ids.ids), []).append(line)
        if not groups:
            return []
        unit = minor_unit(view.currency.name)
        totals = [[abs(view.exact(line.price_total)) for line in each] for each in groups.values()]
        largest = [max(each, key=lambda line: line.price_total) for each in groups.values()]
        amounts = spread(gross, [sum(each, NOTHING) for each in totals], unit)
        return [(line, amount) for line, amount in zip(largest, amounts, strict=True) if amount]
