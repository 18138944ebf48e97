import logging
from datetime import timedelta
from decimal import Decimal

from psycopg2 import OperationalError

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.retail_connector_base.fail_points import reach

from ..decisions.posting import first_open_day
from ..decisions.settlement_booking import book

_logger = logging.getLogger(__name__)

CHUNK_LINES = 500
# What is given is not computed, line by line. An account's own taxes have no place here: the
# amounts are what the gateway took.
AS_THEY_ARE = {"partner_id": False, "tax_ids": []}
# What an analytic model says of an account goes for costs, not for what is only closed.
CLOSING = {"analytic_distribution": False}
LONGEST_WAIT = timedelta(hours=1)
CLAIM = """
    SELECT id FROM retail_payout
     WHERE gateway_id = %s AND state IN ('settling', 'to_settle')
       AND (next_attempt_at IS NULL OR next_attempt_at <= now() AT TIME ZONE 'UTC')
     ORDER BY state <> 'settling', coalesce(arrival_date, issued_at::date), id
     LIMIT 1 FOR UPDATE
"""
SETTLED = """
    UPDATE retail_ledger_entry entry
       SET state = 'settled', payout_line_id = done.line_id, write_date = now() AT TIME ZONE 'UTC'
      FROM unnest(%s::int[], %s::int[]) AS done (entry_id, line_id)
     WHERE entry.id = done.entry_id AND entry.state = 'posted'
"""
OPEN = """
    SELECT count(*) FROM account_move_line
     WHERE id = ANY(%s) AND (NOT reconciled OR full_reconcile_id IS NULL)
"""


class RetailPayout(models.Model):
    """Settles payouts: in parts, each a balanced journal entry and a transaction of its own."""

    _inherit = "retail.payout"

    @api.model
    def _settle_next(self, gateway):
        """Settle a part of the next payout that is due; return whether there was any.

        Called in the gateway's lane when no entry waits to be posted.
        """
        payouts = self.with_env(gateway.env)
        payouts._finish_manual(gateway)
        payouts._wake_posted(gateway)
        payouts.flush_model(["state", "next_attempt_at", "arrival_date", "issued_at"])
        self.env.cr.execute(CLAIM, [gateway.id])
        found = self.env.cr.fetchone()
        if found:
            payouts.browse(found[0])._settle_some()
            return True
        return payouts._close_failed(gateway)

    def _settle_some(self):
        """Tie the payout out if nothing of it is posted yet; then post a part of it."""
        try:
            with self.env.cr.savepoint():
                if self.state == "settling":
                    self._settle_part()
                else:
                    self._begin()
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 the job boundary of one payout
            self.env.invalidate_all(flush=False)
            self._put_off(error)

    def _begin(self):
        self._note_lacking()
        tie, lines = self._tie_out()
        if tie.misfits:
            self._park(tie.misfits)
            return
        self._unpark()
        self.write({"state": "settling", "problem": False})
        if lines:
            self._settle_part()
        else:
            self._finish()

    def _settle_part(self):
        lines = self._unposted_lines(CHUNK_LINES)
        if not lines:
            self._finish()
            return
        tie = self._tie_part(lines)
        if tie.misfits:
            raise UserError(self._explain(tie.misfits))
        self._post_part(lines, tie.settled)
        self.write(
            {
                "settled_count": self.settled_count + len(lines),
                "attempts": 0,
                "next_attempt_at": False,
            }
        )
        if self.settled_count >= self.line_count:
            self._finish()
        reach("payout.settled", [f"payout:{self.external_id}"])

    def _finish(self):
        self.write({"state": "settled", "problem": False, "next_attempt_at": False})
        self._unpark()
        # The bank may have shown its deposit already.
        self.env["retail.bank.matcher"]._wake_after_commit(self.company_id.id)
        # What came back meanwhile is put back.
        self._advance()

    # Posting

    def _post_part(self, lines, settled):
        """Post a part and reconcile it with what it settles."""
        day, rate_day = self._posting_day()
        items = book(
            lines,
            settled,
            self._books(lines),
            self.company_id.currency_id.name,
            lambda amount, currency: self._in_company(amount, rate_day),
        )
        move = self.env["account.move"]
        if items:
            move = move.with_context(skip_analytic_sync=True).create(self._move_values(items, day))
            move = move.with_env(self.env)
            move._post(soft=False)
            self._reconcile(move, items)
        self._mark(lines, settled, move)

    def _move_values(self, items, day):
        title = self.env._("Payout %(name)s", name=self.reference or self.external_id)
        currencies = self._currency_ids(items)
        return {
            "move_type": "entry",
            "journal_id": self.gateway_id.journal_id.id,
            "date": day,
            "ref": title,
            "retail_payout_id": self.id,
            "line_ids": [
                Command.create(
                    {
                        # Tells the lines apart, whatever their accounts.
                        "sequence": number,
                        "name": title,
                        "account_id": self._account_id(item.target),
                        "currency_id": currencies[item.currency],
                        "amount_currency": float(item.amount),
                        "balance": float(item.balance),
                        **AS_THEY_ARE,
                        **(CLOSING if item.entry else {}),
                    }
                )
                for number, item in enumerate(items)
            ],
        }

    def _account_id(self, target):
        account = self._account_of(target)
        if not account:
            role = target.value.replace("_", " ")
            raise UserError(self.env._("The gateway has no account for “%(role)s”.", role=role))
        return account.id

    def _currency_ids(self, items):
        names = list({item.currency for item in items})
        currencies = self.env["res.currency"].with_context(active_test=False)
        return {one.name: one.id for one in currencies.search([("name", "in", names)])}

    def _reconcile(self, move, items):
        """Close what the part settles, all in one plan; raise unless all of it is closed."""
        lines = move.line_ids.sorted("sequence")
        closing = [
            (item.entry, line) for item, line in zip(items, lines, strict=True) if item.entry
        ]
        entries = self.env["retail.ledger.entry"].browse(number for number, _line in closing)
        if not entries:
            return
        # They are read together, not pair by pair.
        together = (entries.clearing_line_id | move.line_ids)._prefetch_ids
        pairs = [
            (entry.clearing_line_id + line).with_prefetch(together)
            for entry, (_number, line) in zip(entries, closing, strict=True)
        ]
        self.env["account.move.line"]._reconcile_plan(pairs)
        self.env["account.move.line"].flush_model()
        self.env.cr.execute(OPEN, [[line.id for pair in pairs for line in pair]])
        if self.env.cr.fetchone()[0]:
            raise UserError(
                self.env._("Some of what this payout settles is not open on the clearing account.")
            )

    def _mark(self, lines, settled, move):
        """Write down what is settled by which transaction."""
        by_entry = {settled[line.number].number: line.number for line in lines if line.settles}
        self.env.cr.execute(SETTLED, [list(by_entry), list(by_entry.values())])
        if self.env.cr.rowcount != len(by_entry):
            raise UserError(self.env._("Some of what this payout settles was settled meanwhile."))
        self.env["retail.ledger.entry"].invalidate_model(["state", "payout_line_id"])
        stored = self.env["retail.payout.line"].browse([line.number for line in lines])
        stored.write({"move_id": move.id, "is_settled": True, "awaited": False})

    # Days and amounts

    def _posting_day(self):
        """Return the day of the entry, after any lock, and the day whose rate counts.

        That is the day of arrival, the day of issue as long as it has not come.
        """
        gateway, poster = self.gateway_id, self.env["retail.ledger.poster"]
        today = poster._local_day(gateway, fields.Datetime.now())
        issued = poster._local_day(gateway, self.issued_at) if self.issued_at else today
        day = self.arrival_date if self.arrival_date and self.arrival_date <= today else issued
        locks = self.company_id._get_violated_lock_dates(day, False, gateway.journal_id)
        return first_open_day(day, [lock for lock, _field in locks]), day

    def _in_company(self, amount, day):
        own = self.company_id.currency_id
        if self.currency_id == own:
            return amount
        found = self.currency_id._convert(float(amount), own, self.company_id, day)
        return Decimal(str(round(found, own.decimal_places)))

    # Trouble on the way

    def _put_off(self, error):
        """Try again later, and show why it stopped. What is posted of it stays."""
        _logger.warning("settling payout %s: %s", self.id, type(error).__name__)
        attempts = self.attempts + 1
        wait = min(timedelta(minutes=2 ** min(attempts, 10)), LONGEST_WAIT)
        self.write({"attempts": attempts, "next_attempt_at": fields.Datetime.now() + wait})
        self._report_stop(error)
