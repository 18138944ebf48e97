from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.retail_connector_base.decisions.fingerprint import fingerprint_of
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.posting import cause_key, pause_after

FAILED, NOT_READY, UNSET = "posting_failed", "gateway_not_ready", "gateway_unset"
CODES = (FAILED, NOT_READY, UNSET)

AT_RISK = """
    SELECT entry.problem_key, max(entry.error), currency.name, sum(abs(entry.amount))
      FROM retail_ledger_entry entry JOIN res_currency currency ON currency.id = entry.currency_id
     WHERE entry.gateway_id = %s AND entry.problem_key IS NOT NULL
     GROUP BY entry.problem_key, currency.name
"""
UNBOOKED = """
    SELECT entry.gateway_id, currency.name, sum(abs(entry.amount))
      FROM retail_ledger_entry entry JOIN res_currency currency ON currency.id = entry.currency_id
      JOIN retail_gateway gateway ON gateway.id = entry.gateway_id
     WHERE entry.state = 'to_post' AND gateway.booking = 'unset'
       AND (%(gateways)s IS NULL OR gateway.id = ANY(%(gateways)s))
     GROUP BY entry.gateway_id, currency.name
"""


class RetailLedgerPoster(models.AbstractModel):
    """What cannot be posted: tried again, shown once for each cause, forgotten when it is gone."""

    _inherit = "retail.ledger.poster"

    def _put_off(self, gateway, entries, code, text):
        """Try entries again later, and note why they failed."""
        key = fingerprint_of(self._trouble(gateway, code, text))
        now = fields.Datetime.now()
        for entry in entries:
            attempts = entry.attempts + 1
            entry.write(
                {
                    "attempts": attempts,
                    "next_attempt_at": now + pause_after(attempts),
                    "error": text[:200],
                    "problem_key": key,
                }
            )

    def _trouble(self, gateway, code, text="", amount=None):
        """Return the problem of a gateway; code and text make its identity."""
        name = gateway.name
        titles = {
            FAILED: self.env._("%(gateway)s: journal entries cannot be posted", gateway=name),
            NOT_READY: self.env._("%(gateway)s: its set-up lacks something", gateway=name),
            UNSET: self.env._("Set up the gateway %(gateway)s", gateway=name),
        }
        return Problem(
            error_class=ErrorClass.FINANCE,
            code=code,
            subject=f"{gateway.id}:{cause_key(text)}" if text else str(gateway.id),
            title=titles[code],
            cause=text or self._unset_text(),
            fix="open_record",
            amount=amount,
            currency=gateway.company_id.currency_id.name,
        )

    def _unset_text(self):
        return self.env._(
            "Money moves at this gateway, and nobody has said yet how it is booked. Set up its "
            "journal and accounts, or say that another gateway's reports are booked. Until then "
            "nothing of it is posted."
        )

    # Showing

    def _report_troubles(self, gateway):
        """Show each cause that entries wait for, with the amount at risk; solve the others."""
        self.env["retail.ledger.entry"].flush_model()
        self.env.cr.execute(AT_RISK, [gateway.id])
        found = {}
        for key, text, currency, amount in self.env.cr.fetchall():
            sums = found.setdefault(key, (text, []))[1]
            sums.append((currency, amount))
        shown = self._shown(gateway, (FAILED, NOT_READY))
        for key, (text, sums) in found.items():
            code = key.split("|")[0]
            self._show(gateway, code, text, sums)
        gone = shown.filtered(lambda exception: exception.fingerprint not in found)
        if gone:
            fingerprints = gone.mapped("fingerprint")
            self._exceptions()._solved(gateway.backend_id, fingerprints)

    def _exceptions(self):
        # The lane is quiet, a person's task is not.
        loud = {"mail_activity_automation_skip": False, "tracking_disable": False}
        return self.env["retail.exception"].with_context(**loud).sudo()

    def _shown(self, gateway, codes):
        """Return the open exceptions of a gateway."""
        return self._exceptions().search(
            [
                ("backend_id", "=", gateway.backend_id.id),
                ("state", "=", "open"),
                ("code", "in", codes),
                ("res_model", "=", "retail.gateway"),
                ("res_id", "=", gateway.id),
            ]
        )

    def _show(self, gateway, code, text, sums):
        """Report a problem, or bring the amount at risk of the open one up to date."""
        exceptions = self._exceptions()
        backend = gateway.backend_id
        rates = exceptions._rates(backend, {currency for currency, _amount in sums})
        risk = gateway.company_id.currency_id.round(
            sum(float(amount) * rates.get(currency, 1.0) for currency, amount in sums)
        )
        problem = self._trouble(gateway, code, text, amount=Decimal(str(risk)))
        exception = exceptions._by_fingerprint(backend, [fingerprint_of(problem)])
        found = next(iter(exception.values()), exceptions)
        if found.state != "open":
            found = exceptions._report(backend, problem, record=gateway)
        if found.amount_at_risk != risk:
            found.amount_at_risk = risk

    # Gateways that are not set up

    @api.model
    def _report_unset(self, gateways):
        """Ask a person to set up gateways, once something waits for it.

        One that is asked for already is left to the sweep: many imports would write one row.
        """
        asked = gateways.filtered(lambda gateway: self._shown(gateway, (UNSET,)))
        self._show_unset((gateways - asked).ids)

    @api.model
    def _sweep_unset(self):
        """Bring the amounts at risk up to date that wait for a set-up; every minute."""
        waiting = self._show_unset(None)
        domain = [("code", "=", UNSET), ("state", "=", "open"), ("res_id", "not in", waiting)]
        for exception in self._exceptions().search(domain):
            self._exceptions()._solved(exception.backend_id, [exception.fingerprint])

    def _show_unset(self, gateway_ids):
        if gateway_ids == []:
            return []
        self.env["retail.ledger.entry"].flush_model()
        self.env["retail.gateway"].flush_model(["booking"])
        self.env.cr.execute(UNBOOKED, {"gateways": gateway_ids})
        sums = {}
        for gateway_id, currency, amount in self.env.cr.fetchall():
            sums.setdefault(gateway_id, []).append((currency, amount))
        for gateway in self.env["retail.gateway"].sudo().browse(sums):
            self._show(gateway, UNSET, "", sums[gateway.id])
        return list(sums)

    @api.model
    def _solve_troubles(self, gateway):
        """Forget that a gateway has to be set up once it is, and all when it is not booked."""
        if gateway.booking == "unset":
            return
        shown = self._shown(gateway, (UNSET,) if gateway._is_booked() else CODES)
        if shown:
            self._exceptions()._solved(gateway.backend_id, shown.mapped("fingerprint"))
