"""Bank statements for tests: published samples, files of our own, and lines in a journal."""

import os
from datetime import date
from pathlib import Path

from odoo.tests import freeze_time

from odoo.addons.retail_connector_base.canonical import BalanceCategory
from odoo.addons.retail_connector_base.tests.access import create_user

from ..decisions.ledger import Role
from .common import PaymentCase, activate, numbers
from .payouts import payout_message, transaction

ARRIVAL = date(2026, 5, 6)


def bank_file(name: str) -> bytes:
    """Return a published sample of a bank's file, e.g. "camt/camt053.v8.xml".

    Raises ``FileNotFoundError`` where the contracts are absent: no test is skipped silently.
    """
    default = Path(__file__).resolve().parents[3] / "shared" / "contracts"
    root = Path(os.environ.get("RETAIL_CONTRACTS") or default)
    return (root / "bank" / name).read_bytes()


def entry_xml(amount="100.00", uid="R1", day="2026-05-06", text="", sign="CRDT", status="BOOK"):
    """Return one entry of a camt.053 statement."""
    reference = f"<AcctSvcrRef>{uid}</AcctSvcrRef>" if uid else ""
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
        f"<Sts><Cd>{status}</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>{reference}"
        f"<NtryDtls><TxDtls><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def camt(*entries, account="DE02120300000000202051", before="", version="08", currency="EUR"):
    """Return a camt.053 file of one statement with these entries."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>'
        f"<Stmt><Id>S1</Id><Acct><Id><IBAN>{account}</IBAN></Id><Ccy>{currency}</Ccy></Acct>"
        f"{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


class BankCase(PaymentCase):
    """A company with a bank journal, and payouts that are settled and on their way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.env["res.partner.bank"].create(
            {
                "acc_number": "DE02120300000000202051",
                "partner_id": cls.company.partner_id.id,
                "company_id": cls.company.id,
            }
        )
        cls.journal = cls.env["account.journal"].create(
            {
                "name": "Bank",
                "code": "RBNK",
                "type": "bank",
                "company_id": cls.company.id,
                "bank_account_id": cls.bank.id,
            }
        )

    # Payouts

    def payout(self, amount="100.00", rate="1", arrives=ARRIVAL, gateway=None, **values):
        """Return a settled payout with its line on the transit account, posted.

        ``amount`` is in the payout's currency, ``rate`` what one unit of it is worth in EUR.
        """
        gateway = gateway or self.gateway
        currency = activate(self.env, values.pop("currency", "EUR"))
        payout = self.env["retail.payout"].create(
            {
                "backend_id": gateway.backend_id.id,
                "gateway_id": gateway.id,
                "external_id": f"PAYOUT-{next(numbers):04d}",
                "gateway_state": "paid",
                "state": "settled",
                "currency_id": currency.id,
                "amount": float(amount),
                "arrival_date": arrives,
                "is_complete": True,
                **values,
            }
        )
        self.move_of(payout, float(amount), float(rate))
        payout._refresh_bank_state()
        return payout

    def move_of(self, payout, amount, rate=1.0):
        """Post what settling a payout posts: from the clearing to the transit account."""
        balance = self.company.currency_id.round(amount * rate)
        common = {"currency_id": payout.currency_id.id, "name": payout.external_id}
        gateway = payout.gateway_id
        move = self.env["account.move"].create(
            {
                "journal_id": gateway.journal_id.id,
                "date": payout.arrival_date,
                "retail_payout_id": payout.id,
                "line_ids": [
                    (0, 0, {**common, "account_id": account, "amount_currency": a, "balance": b})
                    for account, a, b in (
                        (gateway.transit_account_id.id, amount, balance),
                        (gateway.clearing_account_id.id, -amount, -balance),
                    )
                ],
            }
        )
        move.action_post()
        return move

    # The bank

    def bank_line(self, amount="100.00", day=ARRIVAL, text="Deposit", journal=None, **values):
        """Return a line of a bank statement, as any importer makes it."""
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": (journal or self.journal).id,
                "date": day,
                "amount": float(amount),
                "payment_ref": text,
                **values,
            }
        )

    def match_all(self):
        """Run the company's lane to its end."""
        matcher = self.env["retail.bank.matcher"].sudo()
        for _chunk in range(50):
            self.env.flush_all()
            if not matcher._try_chunk(self.company.id):
                self.env.invalidate_all()
                return
        raise AssertionError("the lane does not come to an end")

    def matches(self, **values):
        """Return the matches of the company with these values."""
        domain = [("company_id", "=", self.company.id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["retail.bank.match"].search(domain, order="id")

    def transit(self):
        """Return what is left on the transit account: its balance as text."""
        return self.balance(Role.TRANSIT)

    def assert_balanced(self, records):
        """Check that debits equal credits in the journal entries of these records."""
        for move in records.move_id:
            self.assertEqual(
                self.company.currency_id.round(sum(move.line_ids.mapped("balance"))), 0
            )


@freeze_time("2026-05-31 10:00:00")
class ReconciliationCase(BankCase):
    """A gateway with a month of history, and runs over it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = create_user(cls.env, "accountant", company=cls.company)
        cls.other = create_user(cls.env, "accountant", "second-accountant", cls.company)

    # What happens at the gateway

    def sell(self, amount="100.00", paid=None, **values):
        """Return an order of the period and its payment's message, imported and posted."""
        order = self.order(amount, local_date="2026-05-04", payment_state="paid", **values)
        message = self.payment_message(paid or amount, order=order)
        self.drain(message)
        self.post()
        return order, message

    def pay_out(self, *messages, fee="1.00", **values):
        """Import the payout that settles these payments and settle it; return it."""
        lines = [
            transaction(
                BalanceCategory.CHARGE,
                message.amount.amount,
                message.external_id,
                fee,
                external_id=f"T-{message.external_id}",
            )
            for message in messages
        ]
        payout = payout_message(*lines, **{"arrival_date": ARRIVAL, **values})
        self.drain(payout)
        self.post()
        found = self.env["retail.payout"]._by_external_id(self.backend, [payout.external_id])
        return found[payout.external_id]

    # Runs

    def run_period(self, start="2026-05-01", end="2026-05-31", user=None):
        """Return a computed run of a period."""
        runs = self.env["retail.reconciliation"].with_user(user or self.accountant)
        run = runs.create({"gateway_id": self.gateway.id, "date_from": start, "date_to": end})
        return self.compute(run)

    def compute(self, run):
        """Compute a run to its end, as its lane does it."""
        run.action_compute()
        runner = self.env["retail.reconciliation.runner"].sudo()
        self.env.flush_all()
        while runner._try_chunk(run.id):
            self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(run.problem)
        return run

    def lines(self, run, leg=None, **values):
        """Return the lines of a run with these values."""
        found = run.line_ids.filtered(lambda line: not leg or line.leg == leg)
        for name, value in values.items():
            found = found.filtered(lambda line, name=name, value=value: line[name] == value)
        return found

    def figures(self, run):
        """Return what a run found: leg, key, verdict and both amounts, sorted."""
        return sorted(
            (line.leg, line.key, line.verdict, line.amount_here, line.amount_there)
            for line in run.line_ids
        )

    def explain_all(self, run, text="Known", user=None):
        """Explain every difference."""
        lines = run.line_ids.filtered(lambda line: line.status == "different")
        lines.with_user(user or self.accountant).write({"explanation": text})
