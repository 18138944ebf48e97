from odoo import fields, models
from odoo.tools import LazyTranslate

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.decisions.return_state import REFUSED
from odoo.addons.retail_connector_base.models.retail_return_settle import exact
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.return_receipt import Came, Trouble, troubles

_lt = LazyTranslate(__name__)

DISPUTED = "return_disputed"
ELSEWHERE = "return_disposition_changed"
WITHOUT_ORDER = "return_order_unknown"
EXCHANGE = "return_exchange_unknown"

RECORDED = _lt("The goods are booked where they lie; decide what becomes of them.")
# Title and cause by code.
WORDS = {
    Trouble.WRONG_ITEM.value: (
        _lt("%(name)s: not what was sold came back for %(product)s"),
        _lt("Nothing is given back for it by itself."),
    ),
    Trouble.DAMAGED.value: (
        _lt("%(name)s: %(product)s came back damaged"),
        _lt("Look at it before the money goes back."),
    ),
    Trouble.UNKNOWN_ITEM.value: (
        _lt("%(name)s: an item that nobody knows came back (%(product)s)"),
        _lt("Open the return, press “Came…” and say which product it is."),
    ),
    Trouble.MORE_THAN_SENT.value: (
        _lt("%(name)s: more of %(product)s came back than was sent"),
        _lt("What is beyond belongs to no delivery."),
    ),
    Trouble.MORE_THAN_AUTHORIZED.value: (
        _lt("%(name)s: more of %(product)s came back than was authorised"),
        _lt("Press “Accept What Came” to give it back, too."),
    ),
    Trouble.UNAUTHORIZED.value: (
        _lt("%(name)s: nobody had authorised the return of %(product)s"),
        _lt("Press “Accept What Came” where it is right."),
    ),
    Trouble.REFUSED.value: (
        _lt("%(name)s: %(product)s came back although the return was refused"),
        None,
    ),
    DISPUTED: (
        _lt("%(name)s: %(surplus)s of %(product)s are booked beyond what came"),
        _lt(
            "Those who tell of it do not agree, or corrected themselves. Count, then correct the "
            "stock by hand."
        ),
    ),
    ELSEWHERE: (
        _lt("%(name)s: %(product)s was put away, and is told to belong elsewhere"),
        _lt("What was put away may be sold already. Move it by hand where it is right."),
    ),
    WITHOUT_ORDER: (
        _lt("%(name)s: its order %(order)s is not known"),
        _lt(
            "It is tied by itself once the order is there. Else say which backend's orders this "
            "system means, in the backend's form, or tie it by hand."
        ),
    ),
    EXCHANGE: (
        _lt("%(name)s: what the customer wants instead is not known"),
        _lt("Create or bind the product, then let the return be told again."),
    ),
}
# What of it says that the goods are booked all the same.
BOOKED = {each.value for each in Trouble} - {Trouble.UNKNOWN_ITEM.value}


class RetailReturn(models.Model):
    """Shows what is wrong with what came. The goods are recorded all the same."""

    _inherit = "retail.return"

    troubles = fields.Json(readonly=True, help="What was shown to a person, by problem.")

    def _report_troubles(self):
        """Report what is newly wrong, and close what is right by now."""
        found = {} if self.state == "completed" else self._find_troubles()
        known = set(self.troubles or ())
        exceptions = self.env["retail.exception"]
        for key in sorted(found.keys() - known):
            exceptions._report(self.backend_id, found[key], record=self)
        gone = [f"{key.partition('|')[0]}|{self.name}|{key.partition('|')[2]}"
                for key in known - found.keys()]  # fmt: skip
        if gone:
            exceptions._solved(self.backend_id, gone)
        if known != found.keys():
            self.troubles = sorted(found)

    def _find_troubles(self):
        """Return problems by ``code|line``."""
        found = {}
        for line in self.line_ids:
            counted = line.goods_ids.filtered(lambda row: row.counts and row.quantity > 0)
            came = Came(
                received=exact(line.received_quantity),
                authorized=exact(line.quantity),
                sent=line._sent_units() if line.sale_line_id else None,
                conditions=frozenset(counted.mapped("condition")),
                is_known=all(row.product_id for row in counted),
            )
            for each in troubles(came, self.unannounced, self.state in REFUSED):
                found[f"{each.value}|{line.id}"] = self._line_problem(each, line, came)
        if self.order_external_id and not self.order_id:
            found[f"{WITHOUT_ORDER}|"] = self._problem(WITHOUT_ORDER, "")
        unknown = self.exchange_ids.filtered(lambda one: not one.product_id)
        if unknown:
            found[f"{EXCHANGE}|"] = self._problem(EXCHANGE, "")
        return found | self._goods_troubles()

    def _goods_troubles(self):
        plan, found = self._plan(), {}
        for line_id in plan.surplus:
            line = self.line_ids.filtered(lambda one, key=line_id: one.id == key)
            found[f"{DISPUTED}|{line_id}"] = self._disputed(line, plan.surplus[line_id])
        rows = {row.id: row for row in self.goods_ids}
        for part in plan.stays:
            found[f"{ELSEWHERE}|{part.key}"] = self._problem(
                ELSEWHERE, part.key, product=rows[part.key].product_id.display_name
            )
        return found

    # In words

    def _line_problem(self, trouble, line, came):
        rows = (
            (self.env._("Came"), f"{came.received:f}", ""),
            (self.env._("Authorised"), "", f"{came.authorized:f}"),
            (self.env._("Sent"), "", f"{came.sent or 0:f}"),
        )
        return self._problem(
            trouble.value, line.id, rows, product=line.product_id.display_name or line.sku or "?"
        )

    def _disputed(self, line, surplus):
        rows = tuple(
            (
                row.binding_id.backend_id.name or self.env._("A person"),
                f"{row.quantity:g}",
                f"{row.moved_quantity:g}",
            )
            for row in line.goods_ids
        )
        return self._problem(
            DISPUTED, line.id, rows, product=line.description, surplus=f"{surplus:f}"
        )

    def _problem(self, code, key, rows=(), **words):
        title, cause = self._words(code)
        words = {"name": self.display_name, "order": self.order_external_id or "–", **words}
        return Problem(
            error_class=ErrorClass.DATA,
            code=code,
            subject=f"{self.name}|{key}",
            title=title % words,
            cause=cause % words,
            fix="open_record",
            fix_values={"res_model": self._name, "res_id": self.id},
            comparison=rows,
        )

    def _words(self, code):
        """Return title and cause of a problem, with placeholders."""
        title, cause = WORDS[code]
        words = self.env._(cause) if cause else ""
        if code in BOOKED:
            words = f"{words} {self.env._(RECORDED)}".strip()
        return self.env._(title), words
