from decimal import Decimal

from odoo import api, models

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.refund_tie import TieVerdict

CODES = ("refund_mismatch", "refund_refused", "refund_waits")


class RetailCreditNote(models.AbstractModel):
    """What people are told of refunds that do not come through by themselves."""

    _inherit = "retail.credit.note"

    @api.model
    def _told(self, binding):
        """Return what a refund comes to, as far as it is known."""
        currency = binding.currency_id
        return Decimal(str(currency.round(binding.amount))) if currency else Decimal(0)

    def _report(self, binding, problem, move=None):
        record = move or binding.odoo_id or binding
        self.env["retail.exception"]._report(binding.backend_id, problem, record=record)

    @api.model
    def _problems_solved(self, bindings):
        """Close the exceptions of refunds that came through."""
        for backend, found in bindings.grouped("backend_id").items():
            keys = [f"{code}|{one.external_id}" for one in found for code in CODES]
            self.env["retail.exception"]._solved(backend, keys)

    def _name_of(self, binding):
        return binding.order_binding_id.name or binding.order_external_id

    def _problem(self, binding, code, title, cause, fix="open_record", rows=()):
        return Problem(
            error_class=ErrorClass.FINANCE,
            code=code,
            subject=binding.external_id,
            title=title,
            cause=cause,
            fix=fix,
            amount=abs(self._told(binding)),
            currency=binding.currency_id.name or None,
            comparison=tuple(rows),
        )

    def _mismatch(self, binding, plan, move=None):
        cause = self.env._(
            "The credit note is left as a draft. Correct it and post it, or correct the refund in "
            "the channel; a draft that ties is posted by itself."
        )
        if not move:
            cause = self.env._(
                "Nothing of it was invoiced, so there is no credit note; but what went back is "
                "not what the channel's lines come to."
            )
        title = self.env._("A refund of order %(name)s does not tie", name=self._name_of(binding))
        paid_less = plan.verdict(move) is TieVerdict.PAID_LESS
        fix, rows = "give_money_back" if paid_less else "open_record", plan.comparison(move)
        return self._problem(binding, "refund_mismatch", title, cause, fix, rows)

    def _refused_problem(self, binding, text):
        title = self.env._(
            "A refund of order %(name)s cannot be credited", name=self._name_of(binding)
        )
        cause = self.env._("%(text)s Correct the cause; it is tried again by itself.", text=text)
        return self._problem(binding, "refund_refused", title, cause)

    def _waiting_problem(self, binding):
        labels = dict(binding._fields["waits_for"]._description_selection(self.env))
        title = self.env._("A refund of order %(name)s waits for days", name=self._name_of(binding))
        cause = self.env._(
            "It waits for: %(what)s. Look it up in the channel. Where it is booked by hand, open "
            "the refund and press “Settled by Hand”.",
            what=labels[binding.waits_for],
        )
        return self._problem(binding, "refund_waits", title, cause)
