from decimal import Decimal

from odoo import models
from odoo.exceptions import RedirectWarning, UserError

from ..canonical import minor_unit
from ..decisions.problem import Problem
from ..decisions.return_refund import (
    Balance,
    ReturnedLine,
    eligible_units,
    rule_for,
    value_of,
)
from ..providers.errors import ErrorClass
from .retail_return_settle import exact

NOTHING = Decimal(0)
DUE = "return_refund_due"
REFUSED = "return_refund_refused"


class RetailReturn(models.Model):
    """What is given back for what came back, and when.

    ``_refund`` proposes it, and ``_refund_progress`` tells what became of that: an addon that can
    give money back overrides both.
    """

    _inherit = "retail.return"

    # How much

    def _due_units(self):
        """Return by line the units that may be given back now and are not asked for yet."""
        self.ensure_one()
        rules, _by = self.env["retail.return.refund.rule"]._of(self)
        is_all_here = self._is_all_here()
        due = {}
        for line in self.line_ids.filtered("sale_line_id"):
            rule = rule_for(rules, self.backend_id.id, line.reason or None)
            units = eligible_units(rule.when, line._facts(), self.state, is_all_here)
            left = units - exact(line.asked_quantity)
            if left > 0:
                due[line] = left
        return due

    def _units_by_hand(self):
        """Return by line the units that are here, and for which a person decides about money."""
        if self.refused_refund or self.refunded_by_hand:
            return {}
        due = {}
        for line in self.line_ids.filtered("sale_line_id"):
            left = exact(line.received_quantity) - exact(line.asked_quantity)
            if left > 0:
                due[line] = left
        return due

    def _value(self, units):
        """Return what units by line cost in the order's currency, with taxes."""
        unit = minor_unit(self.currency_id.name)
        total = NOTHING
        for line, quantity in units.items():
            before, sale_line = exact(line.asked_quantity), line.sale_line_id
            price = Decimal(str(sale_line.price_total))
            ordered = exact(sale_line._in_product_unit(sale_line.product_uom_qty))
            # Parts that are asked for one after the other come to the whole.
            after = value_of(price, ordered, before + quantity, unit)
            total += after - value_of(price, ordered, before, unit)
        return total

    def _balance(self):
        """Return what came back and what the customer gets instead, in the order's currency."""
        unit = minor_unit(self.currency_id.name)
        returned = NOTHING
        for line in self.line_ids.filtered("sale_line_id"):
            sale_line, units = line.sale_line_id, exact(max(line.quantity, line.received_quantity))
            price = Decimal(str(sale_line.price_total))
            ordered = exact(sale_line._in_product_unit(sale_line.product_uom_qty))
            returned += value_of(price, ordered, min(units, ordered), unit)
        instead = self.exchange_order_id.filtered(lambda sale: sale.state != "cancel")
        exchanged = Decimal(str(instead.amount_total or 0)).quantize(unit)
        return Balance(returned, exchanged)

    # Going on

    def _see_to_refund(self):
        """Propose what is due, and note what became of what was proposed."""
        _rules, by = self.env["retail.return.refund.rule"]._of(self)
        if by == "channel" and not self.asked_amount:
            self.refund_by = by
        due = {} if self._refund_is_over() else self._due_units()
        if due and self.refund_by == "here" and not self._waits_for_exchange():
            self._propose(due)
        found = self._refund_progress()
        if found != self.refund_state:
            self.refund_state = found
        if found in ("refunded", "none"):
            self._refund_solved()

    def _waits_for_exchange(self):
        """Tell whether it is not known yet what is set off: the exchange has no order. Hook."""
        return False

    def _refund_is_over(self):
        return self.refused_refund or self.refunded_by_hand

    def _propose(self, units):
        """Have units given back; what is proposed is not proposed again."""
        value = self._value(units)
        before = exact(self.asked_amount)
        # What is set off against other goods stays with us.
        back = min(value, max(self._balance().goes_back - before, NOTHING))
        try:
            with self.env.cr.savepoint():
                # Before it is asked for: what is asked settles the return anew.
                for line, quantity in units.items():
                    line.asked_quantity = float(exact(line.asked_quantity) + quantity)
                self._refund(units, value, back)
        except (UserError, RedirectWarning) as error:
            self._report_refused(str(error), back)

    def _refund(self, units, value, back):
        """Propose to credit some units (by line) and to give money back: here, to a person.

        ``value`` is what the units cost, ``back`` what of it is not set off against an exchange,
        both in the order's currency. Raises ``UserError`` where nothing can be proposed. Overridden
        by the addon that can give money back.
        """
        move = self._credit_draft(units)
        self.asked_amount += float(back)
        if move or back:
            self._report_due(move, back)

    def _refund_progress(self):
        """Return the state of the money as it follows from what was proposed. Overridden, too."""
        if self.refused_refund:
            return "none"
        if self.refunded_by_hand:
            return "refunded"
        if self._due_units():
            return "eligible"
        if not any(self.line_ids.mapped("asked_quantity")):
            return self._nothing_asked()
        return self._asked_progress()

    def _nothing_asked(self):
        gone = self.state in ("rejected", "cancelled", "completed") or self.closed
        came = any(self.line_ids.mapped("received_quantity"))
        return "none" if gone and not came else "not_due"

    def _asked_progress(self):
        """Return how far what was proposed is: a person posts the credit notes."""
        moves = self.credit_move_ids.filtered(lambda move: move.state != "cancel")
        if "draft" in moves.mapped("state") or (self.asked_amount and not moves):
            return "asked"
        return "refunded" if self._is_asked_for_all() else "not_due"

    def _is_asked_for_all(self):
        """Tell whether nothing more may become due."""
        return not self._expected_units()

    # Telling people

    def _report_due(self, move, back):
        problem = Problem(
            error_class=ErrorClass.FINANCE,
            code=DUE,
            subject=self.name,
            title=self.env._("%(name)s is to be given back", name=self.display_name),
            cause=self.env._(
                "%(amount)s %(currency)s of order %(order)s. %(credit)s Give the money back, then "
                "press “Money Is Back” on the return.",
                amount=back,
                currency=self.currency_id.name,
                order=self.order_id.name or "–",
                credit=self._credit_text(move),
            ),
            fix="open_record",
            amount=back,
            currency=self.currency_id.name,
        )
        self.env["retail.exception"]._report(self.backend_id, problem, record=self)
        for user in self.backend_id.owner_id or self._accountants():
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo", summary=problem.title, user_id=user.id
            )

    def _accountants(self):
        """Return those who can decide about the money of these returns."""
        group = self.env.ref("retail_connector_base.group_accountant")
        domain = [
            ("all_group_ids", "in", group.ids),
            ("company_ids", "in", self.company_id.ids),
            ("share", "=", False),
        ]
        return self.env["res.users"].sudo().search(domain, limit=3)

    def _report_refused(self, text, back):
        problem = Problem(
            error_class=ErrorClass.FINANCE,
            code=REFUSED,
            subject=self.name,
            title=self.env._("%(name)s cannot be given back", name=self.display_name),
            cause=self.env._(
                "%(reason)s\nCorrect the cause, then press “Give Money Back” on the return.",
                reason=text,
            ),
            fix="open_record",
            amount=back,
            currency=self.currency_id.name,
        )
        self.env["retail.exception"]._report(self.backend_id, problem, record=self)

    def _credit_text(self, move):
        if not move:
            return self.env._("Nothing of it is invoiced, so there is no credit note.")
        return self.env._("A draft credit note waits for you.")

    def _refund_solved(self):
        keys = [f"{code}|{self.name}" for code in (DUE, REFUSED)]
        self.env["retail.exception"]._solved(self.backend_id, keys)
        self.activity_unlink(["mail.mail_activity_data_todo"])


class RetailReturnLine(models.Model):
    """What decides about the money of a line."""

    _inherit = "retail.return.line"

    def _facts(self) -> ReturnedLine:
        self.ensure_one()
        return ReturnedLine(
            authorized=exact(self.quantity),
            received=exact(self.received_quantity),
            disposed=exact(self.disposed_quantity),
            wrong=exact(self.wrong_quantity),
        )


class SaleOrderLine(models.Model):
    """Order lines as returns see them."""

    _inherit = "sale.order.line"

    def _in_product_unit(self, quantity):
        """Return a quantity of the line's unit in the product's unit."""
        self.ensure_one()
        unit = self.product_uom_id or self.product_id.uom_id
        return unit._compute_quantity(quantity, self.product_id.uom_id, round=False)
