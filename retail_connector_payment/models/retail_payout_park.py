from collections import Counter
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.retail_connector_base.decisions.fingerprint import fingerprint_of, storable_text
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.ledger import Role
from ..decisions.settlement_parts import AWAITED, Cause
from .retail_gateway import ROLE_FIELDS

PARKED = "payout_parked"
STOPPED = "payout_stopped"
SHOWN = 20
AWAIT = """
    UPDATE retail_payout_line SET awaited = id = ANY(%(awaited)s)
     WHERE payout_id = %(payout)s
       AND coalesce(awaited, false) IS DISTINCT FROM (id = ANY(%(awaited)s))
"""


class RetailPayout(models.Model):
    """A payout that does not tie is parked: nothing of it is posted, and one exception says why."""

    _inherit = "retail.payout"

    parked_at = fields.Datetime(readonly=True)

    def _park(self, misfits):
        """Park it for what does not tie, and ask for what is missing."""
        self._await({misfit.line for misfit in misfits if misfit.cause in AWAITED and misfit.line})
        unmapped = self._note_unmapped(misfits)
        self._ask_for_payments(misfits)
        self._park_for(self._explain(misfits), self._fix_of(misfits), unmapped)

    def _park_for(self, text, fix="open_record", fix_values=None):
        problem = self._problem(PARKED, text, fix, fix_values or {})
        parked_at = self.env.cr.now().replace(microsecond=0)
        self.write({"state": "parked", "problem": text, "parked_at": parked_at})
        self._show(problem)

    def _show(self, problem):
        """Report a problem. One that is open already gets the new cause."""
        exception = self.env["retail.exception"]._report(self.backend_id, problem, record=self)
        values = {"cause": storable_text(problem.cause), "fix": problem.fix or False}
        if any(exception[name] != value for name, value in values.items()):
            exception.sudo().write({**values, "fix_values": dict(problem.fix_values)})

    def _unpark(self):
        """Solve what was shown: it ties by now, or needs no tying any more."""
        names = [fingerprint_of(self._problem(code, "")) for code in (PARKED, STOPPED)]
        self.env["retail.exception"]._solved(self.backend_id, names)

    def _report_stop(self, error):
        """Show why a payout stopped while it was being settled, in words for the user."""
        unknown = self.env._("Unexpected error: %(name)s", name=type(error).__name__)
        text = str(error) if isinstance(error, UserError) else unknown
        self.problem = text
        self._show(self._problem(STOPPED, text, "retry"))

    def _problem(self, code, cause, fix="open_record", fix_values=None):
        titles = {
            PARKED: self.env._("Payout %(name)s does not tie", name=self.external_id),
            STOPPED: self.env._("Payout %(name)s cannot be settled", name=self.external_id),
        }
        return Problem(
            error_class=ErrorClass.FINANCE,
            code=code,
            subject=f"{self.gateway_id.id}:{self.external_id}",
            title=titles[code],
            cause=cause,
            fix=fix,
            fix_values=fix_values or {},
            amount=Decimal(str(abs(self.amount))),
            currency=self.currency_id.name,
        )

    # What is missing

    def _await(self, lines):
        self.env["retail.payout.line"].flush_model(["awaited"])
        numbers = [line.number for line in lines]
        self.env.cr.execute(AWAIT, {"payout": self.id, "awaited": numbers})
        self.env["retail.payout.line"].invalidate_model(["awaited"])

    def _note_unmapped(self, misfits):
        """List the words that must be mapped; return what the fix of the first needs to know."""
        mappings = self.env["retail.mapping"].sudo()
        words = dict.fromkeys(
            misfit.expected for misfit in misfits if misfit.cause is Cause.UNMAPPED
        )
        wanted = [mappings._problem_values("balance_type", word) for word in words]
        if wanted:
            mappings._note_unmapped(self.backend_id, wanted)
        return wanted[0] if wanted else {}

    def _fix_of(self, misfits):
        causes = {misfit.cause for misfit in misfits}
        if Cause.UNMAPPED in causes:
            return "map_balance_type"
        return "open_gateway" if Cause.NO_ACCOUNT in causes else "open_record"

    # In words

    def _explain(self, misfits):
        """Say what does not tie and what to do, each cause once with its first examples."""
        texts = [self._words(misfit) for misfit in misfits[:SHOWN]]
        left = len(misfits) - len(texts)
        if left > 0:
            texts.append(self.env._("… and %(count)s more.", count=left))
        counts = Counter(misfit.cause for misfit in misfits)
        advice = [self._advice(cause) for cause in counts]
        return "\n".join([*dict.fromkeys(texts), "", *dict.fromkeys(filter(None, advice))]).strip()

    def _words(self, misfit):
        line = misfit.line
        values = {
            "name": line.external_id if line else self.external_id,
            "what": (line.word or line.category.value) if line else "",
            "key": (line.key or "–") if line else "",
            "expected": self._expected(misfit),
            "found": misfit.found,
        }
        return self._templates()[misfit.cause] % values

    def _expected(self, misfit):
        """Return what was expected, an account by the gateway's own label of it."""
        if misfit.cause is not Cause.NO_ACCOUNT:
            return misfit.expected
        field = self.gateway_id._fields[ROLE_FIELDS[Role(misfit.expected)]]
        return field._description_string(self.env)

    def _templates(self):
        """Return what each cause is called, with the places of its values."""
        env = self.env
        return {
            Cause.SUM: env._("Its transactions add up to %(found)s, not to %(expected)s."),
            Cause.ARITHMETIC: env._(
                "%(name)s (%(what)s): gross less fee is %(expected)s, but its net is %(found)s."
            ),
            Cause.FEE_TAX: env._(
                "%(name)s (%(what)s): a tax of %(found)s cannot be within a fee of %(expected)s."
            ),
            Cause.PRECISION: env._(
                "%(name)s: %(found)s has more than %(expected)s decimal places."
            ),
            Cause.CURRENCY: env._(
                "%(name)s (%(what)s) is in %(found)s, the payout in %(expected)s."
            ),
            Cause.SIGN: env._("%(name)s (%(what)s) cannot be %(found)s: its sign is wrong."),
            Cause.UNMAPPED: env._("%(name)s: “%(expected)s” is not mapped to an account."),
            Cause.NO_ACCOUNT: env._("The gateway has no account for “%(expected)s”."),
            Cause.NO_KEY: env._(
                "%(name)s (%(what)s, %(found)s): the gateway does not say what it settles."
            ),
            Cause.MISSING: env._("%(name)s (%(what)s, %(found)s): nothing is known of %(key)s."),
            Cause.NOT_POSTED: env._("%(name)s (%(what)s, %(found)s): %(key)s is not posted yet."),
            Cause.SETTLED_BEFORE: env._(
                "%(name)s (%(what)s, %(found)s): %(key)s was settled before."
            ),
            Cause.AMOUNT: env._(
                "%(name)s (%(what)s) is %(found)s, but %(key)s was posted with %(expected)s."
            ),
            Cause.TWICE: env._("%(name)s (%(what)s) is in payout %(found)s too."),
        }

    def _advice(self, cause):
        """Return what a person does about a cause."""
        env = self.env
        return {
            Cause.UNMAPPED: env._("Map the gateway's words to accounts: it goes on by itself."),
            Cause.NO_ACCOUNT: env._("Set the missing accounts of the gateway, then settle now."),
            Cause.MISSING: env._(
                "The gateway was asked for what is missing. It goes on by itself once it is posted."
            ),
            Cause.NOT_POSTED: env._("It goes on by itself once the entry is posted."),
            Cause.SETTLED_BEFORE: env._(
                "If an earlier payout came back and these are paid again, take that one back "
                "completely."
            ),
            Cause.TWICE: env._(
                "If the other payout came back and its transactions are paid again, take it back "
                "completely."
            ),
        }.get(
            cause,
            env._("What the gateway told does not agree with itself: fetch the payout again."),
        )
