import logging

from psycopg2 import OperationalError

from odoo import api, fields, models

from odoo.addons.retail_connector_base.fail_points import reach

from ..decisions.ledger import AT_ONCE, Role
from .retail_gateway import ROLE_FIELDS

_logger = logging.getLogger(__name__)


class RetailLedgerPoster(models.AbstractModel):
    """Makes journal entries of what happened at a gateway: one each, many in one go."""

    _name = "retail.ledger.poster"
    _description = "Retail Connector: journal entries of gateways"

    @api.model
    def _post(self, gateway, entries):
        """Post entries of a gateway that is booked; return those that are posted now.

        What cannot be posted is found by halving, put off, and shown to a person with the amount at
        risk. Raises ``OperationalError`` only: then nothing is done, and the caller runs it again.
        """
        poster = self.with_env(gateway.env)
        ready = poster._set_aside(gateway, entries)
        posted = poster._halve(gateway, ready, poster._post_together)
        poster._report_troubles(gateway)
        poster._tie(posted)
        return posted

    def _set_aside(self, gateway, entries):
        """Return the entries whose accounts are there; the others wait for the set-up."""
        known = self._known_currencies(gateway, entries.currency_id)
        lacking = {}
        for entry in entries:
            text = self._lacks(gateway, entry, known)
            lacking[text] = lacking.get(text, entries.browse()) | entry
        ready = lacking.pop("", entries.browse())
        for text, waiting in lacking.items():
            self._put_off(gateway, waiting, "gateway_not_ready", text)
        return ready

    # Finding what cannot be posted

    def _halve(self, gateway, entries, work):
        """Do ``work`` for entries together; halve them to find what fails alone.

        ``work`` returns what it did.
        """
        if not entries:
            return entries
        try:
            with self.env.cr.savepoint():
                return work(gateway, entries)
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 the job boundary of one entry
            return self._split(gateway, entries, work, error)

    def _split(self, gateway, entries, work, error):
        if len(entries) == 1:
            _logger.warning("posting entry %s: %s", entries.id, type(error).__name__)
            self._put_off(gateway, entries, "posting_failed", str(error))
            return entries.browse()
        middle = len(entries) // 2
        first = self._halve(gateway, entries[:middle], work)
        return first | self._halve(gateway, entries[middle:], work)

    # Posting

    def _post_together(self, gateway, entries):
        """Make and post the journal entries of entries, all or none."""
        rates = {}
        values = [self._move_values(gateway, entry, rates) for entry in entries]
        moves = self.env["account.move"].create(values)
        reach("ledger.posting", [f"gateway:{gateway.id}"])
        moves._post(soft=False)
        by_entry = {move.retail_ledger_entry_id: move for move in moves}
        state = "posted" if gateway._is_settled_by_payouts() else "settled"
        for entry in entries:
            clearing, contra = self._lines_of(by_entry[entry])
            entry.write(
                {
                    "state": state,
                    "move_id": by_entry[entry].id,
                    "clearing_line_id": clearing.id,
                    "contra_line_id": contra.id,
                    "booked_order_id": entry.order_binding_id.id,
                    "next_attempt_at": False,
                    "error": False,
                    "problem_key": False,
                }
            )
        # Read by SQL further on, and a violated constraint belongs to this savepoint.
        self.env["retail.ledger.entry"].flush_model()
        return entries

    def _lines_of(self, move):
        """Return the two lines of a move that this model made, the clearing or source one first."""
        first, second = move.line_ids.sorted("sequence")
        return first, second

    def _tie(self, entries):
        """Reconcile what now stands on the customers' accounts with their invoices."""
        self.env["retail.invoicing"]._tie(entries.order_binding_id)

    # Which account

    def _role_of(self, entry):
        """Return the role of the line against the clearing account."""
        role = AT_ONCE[entry._category()]
        matched = role is not Role.RECEIVABLE or entry.order_binding_id
        return role if matched else Role.UNMATCHED

    def _lacks(self, gateway, entry, known):
        """Return what is missing to post an entry, in words, or nothing."""
        journal = gateway.journal_id
        if not journal or not journal.active:
            return self.env._("The gateway has no journal, or it is archived.")
        for role in (Role.CLEARING, self._role_of(entry)):
            if role is not Role.RECEIVABLE and not gateway._role_account(role).active:
                label = gateway._fields[ROLE_FIELDS[role]]._description_string(self.env)
                return self.env._(
                    "The gateway has no account for “%(role)s”, or it is archived.", role=label
                )
        if entry.currency_id not in known:
            return self.env._("No rate of %(currency)s is known.", currency=entry.currency_id.name)
        return ""

    def _known_currencies(self, gateway, currencies):
        """Return those that have a rate: without one they would count one to one."""
        company = gateway.company_id
        companies = (False, company.root_id.id)
        rates = self.env["res.currency.rate"]._read_group(
            [("currency_id", "in", currencies.ids), ("company_id", "in", companies)],
            ["currency_id"],
        )
        return company.currency_id.union(*(currency for (currency,) in rates))

    @api.model
    def _today(self, gateway):
        """Return today in the company's time zone."""
        return self._local_day(gateway, fields.Datetime.now())
