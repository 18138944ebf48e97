import json
from decimal import Decimal
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from odoo import fields
from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.providers import Balance, Capability, TransientError
from odoo.addons.retail_connector_base.tests.common import CommittedCase, offer_sample_provider
from odoo.addons.retail_connector_base.tests.sample_provider import SampleProvider

from ..decisions.gateway_figures import AGES, age_bucket, by_age, figures
from .common import PaymentCase, make_backend, make_gateway, set_rate

amounts = st.decimals("-9999.99", "9999.99", places=2)
by_currency = st.dictionaries(st.sampled_from(["EUR", "JPY", "USD"]), amounts)


@tagged("post_install", "-at_install")
class TestFigureDecisions(BaseCase):
    @given(st.lists(st.tuples(st.integers(-2, 400), amounts)))
    def test_nothing_is_lost_between_ages(self, ages):
        self.assertEqual(sum(by_age(ages)), sum((amount for _days, amount in ages), Decimal(0)))

    def test_ages_meet_without_gap(self):
        self.assertEqual([age_bucket(days) for days in (0, 2, 3, 7, 8, 30, 31, 400)],
                         [0, 0, 1, 1, 2, 2, 3, 3])  # fmt: skip
        self.assertEqual(len(by_age([])), len(AGES) + 1)

    @given(by_currency, by_currency)
    def test_a_difference_is_seen_in_each_currency(self, clearing, unsettled):
        found = {each.currency: each for each in figures(
            {"clearing": clearing, "unsettled": unsettled}
        )}  # fmt: skip
        self.assertEqual(found.keys(), clearing.keys() | unsettled.keys())
        for currency, each in found.items():
            expected = clearing.get(currency, 0) - unsettled.get(currency, 0)
            self.assertEqual(each.difference, expected)


@tagged("post_install", "-at_install")
class TestGatewayFigures(PaymentCase):
    """The page of a gateway says how much money is where, and when it does not tie."""

    def setUp(self):
        super().setUp()
        self.gateway.invalidate_recordset()

    def _row(self, currency="EUR"):
        self.gateway.invalidate_recordset()
        return next((row for row in self.gateway.figures if row["currency"] == currency), None)

    def test_what_is_unsettled_is_the_clearing_accounts_balance(self):
        self.note(100)
        self.note(-30, category="refund")
        self.post()
        self.note(55)
        row = self._row()
        self.assertEqual(Decimal(row["clearing"]), Decimal(70))
        self.assertEqual(Decimal(row["unsettled"]), Decimal(70))
        self.assertEqual(Decimal(row["to_post"]), Decimal(55))
        self.assertEqual(Decimal(row["difference"]), 0)
        self.assertFalse(self.gateway.difference_text)
        self.assertEqual((self.gateway.to_post_count, self.gateway.unsettled_count), (1, 2))

    def test_each_currency_is_tied_by_itself(self):
        set_rate(self.env, self.company, "USD", 1.25)
        self.note(100)
        self.note(50, currency="USD")
        self.post()
        self.assertEqual(Decimal(self._row("USD")["clearing"]), Decimal(50))
        self.assertEqual(Decimal(self._row("EUR")["clearing"]), Decimal(100))
        self.assertAlmostEqual(self.gateway.unsettled_balance, 140.0)
        self.assertFalse(self.gateway.difference_text)

    def test_somebody_who_writes_on_the_clearing_account_is_seen(self):
        self.note(100)
        self.post()
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "general"),
             ("id", "!=", self.gateway.journal_id.id)], limit=1
        )  # fmt: skip
        pairs = ((self.gateway.clearing_account_id, 7), (self.gateway.fee_account_id, -7))
        lines = [(0, 0, {"account_id": account.id, "balance": amount}) for account, amount in pairs]
        self.env["account.move"].create({"journal_id": journal.id, "line_ids": lines}).action_post()
        self.assertEqual(Decimal(self._row()["difference"]), Decimal(7))
        self.assertEqual(self.gateway.difference_text, "EUR 7.00")

    def test_a_liability_of_gift_cards_is_compared_with_nothing(self):
        cards = make_gateway(make_backend(self.env, self.company), "gift_card")
        cards.sudo().purpose = "gift_card"
        self.note(40, gateway=cards)
        self.post(cards)
        cards.invalidate_recordset()
        [row] = cards.figures
        self.assertEqual(Decimal(row["clearing"]), Decimal(40))
        self.assertIsNone(row["difference"])
        self.assertFalse(cards.difference_text)

    def test_age_is_drawn_in_the_companys_currency(self):
        now = fields.Datetime.now()
        self.note(10, occurred_at=now)
        self.note(20, occurred_at=fields.Datetime.subtract(now, days=40))
        self.post()
        self.gateway.invalidate_recordset()
        [series] = json.loads(self.gateway.age_graph)
        self.assertEqual([each["value"] for each in series["values"]], [10.0, 0.0, 0.0, 20.0])

    def test_buttons_open_what_the_figures_count(self):
        self.note(100)
        self.post()
        self.note(55)
        for button, model in (
            ("action_open_unsettled", "retail.ledger.entry"),
            ("action_open_to_post", "retail.ledger.entry"),
            ("action_open_clearing", "account.move.line"),
        ):
            action = getattr(self.gateway, button)()
            with self.subTest(button=button):
                self.assertEqual(action["res_model"], model)
                self.assertEqual(self.env[model].search_count(action["domain"]), 1)

    def test_exceptions_of_the_gateway_are_counted_with_their_money(self):
        backend = self.backend
        unset = self.env["retail.gateway"]._of(backend, ["second"])["second"]
        self.note(80, gateway=unset)
        self.env["retail.ledger.poster"]._report_unset(unset)
        self.assertEqual((unset.exception_count, unset.amount_at_risk), (1, 80.0))
        self.assertEqual(self.gateway.exception_count, 0)
        action = unset.action_open_exceptions()
        self.assertEqual(self.env["retail.exception"].search_count(action["domain"]), 1)

    # The analysis

    def test_what_came_is_in_the_analysis_in_the_companys_currency(self):
        set_rate(self.env, self.company, "USD", 1.25)
        self.note(50, currency="USD")
        self.note(-10, category="refund")
        self.env.flush_all()
        rows = self.env["retail.gateway.report"].search([("gateway_id", "=", self.gateway.id)])
        found = {row.category: (row.amount, row.amount_currency) for row in rows}
        self.assertEqual(found, {"charge": (40.0, 50.0), "refund": (-10.0, -10.0)})


class TellingProvider(SampleProvider):
    """Tells its balance: what ``said`` holds, or the error that it holds."""

    code = "telling"
    label = "Telling Vendor"
    capabilities = frozenset({Capability.BALANCE})
    said = ()

    def read_balance(self):
        if isinstance(self.said, Exception):
            raise self.said
        return self.said


@tagged("post_install", "-at_install")
class TestGatewayBalance(PaymentCase):
    """What the gateway itself says it holds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_sample_provider(cls.registry, TellingProvider))
        cls.telling = make_gateway(make_backend(cls.env, cls.company, provider="telling"))

    def _say(self, *balances, error=None):
        with patch.object(TellingProvider, "said", error or balances):
            self.telling.action_read_balance()

    def test_the_balance_is_asked_for_and_kept_with_its_time(self):
        self._say(Balance("EUR", Decimal("10.50"), Decimal("2.25")))
        [balance] = self.telling.balance_ids
        self.assertEqual((balance.available, balance.pending), (10.5, 2.25))
        self.assertTrue(balance.read_at)
        self.telling.invalidate_recordset()
        [row] = self.telling.figures
        self.assertEqual(Decimal(row["held"]), Decimal("12.75"))

    def test_a_currency_that_is_not_named_any_more_holds_nothing(self):
        self._say(Balance("EUR", Decimal(10), Decimal(0)), Balance("USD", Decimal(5), Decimal(0)))
        self._say(Balance("EUR", Decimal(11), Decimal(0)))
        held = {each.currency_id.name: each.available for each in self.telling.balance_ids}
        self.assertEqual(held, {"EUR": 11.0, "USD": 0.0})

    def test_a_gateway_that_does_not_answer_keeps_what_it_said(self):
        self._say(Balance("EUR", Decimal(10), Decimal(0)))
        self._say(error=TransientError("down"))
        self.assertEqual(self.telling.balance_ids.available, 10.0)
        self.assertEqual(self.telling.balance_error, "down")
        self._say(Balance("EUR", Decimal(12), Decimal(0)))
        self.assertFalse(self.telling.balance_error)

    def test_the_balance_belongs_to_the_gateway_that_pays_out(self):
        backend = self.telling.backend_id
        paying = self.env["retail.gateway"]._of(backend, ["paying"])["paying"]
        self.env["retail.payout"].create(
            {
                "backend_id": backend.id,
                "gateway_id": paying.id,
                "external_id": "po_1",
                "gateway_state": "paid",
                "currency_id": self.company.currency_id.id,
                "amount": 5,
            }
        )
        self.assertEqual((self.telling | paying).filtered("can_tell_balance"), paying)

    def test_balances_are_asked_for_once_an_hour(self):
        asked = []
        model = type(self.env["retail.gateway.balance"])
        with patch.object(model, "_after_commit", lambda _self, name, *args: asked.append(args)):
            self.env["retail.gateway.balance"]._sweep()
            self.env["retail.gateway.balance"]._sweep()
            self.assertEqual(asked.count((self.telling.backend_id.id,)), 1)
            before = fields.Datetime.subtract(fields.Datetime.now(), hours=2)
            self.telling.balance_asked_at = before
            self.env["retail.gateway.balance"]._sweep()
        self.assertEqual(asked.count((self.telling.backend_id.id,)), 2)
        self.assertNotIn((self.backend.id,), asked)


@tagged("post_install", "-at_install")
class TestBalanceJob(CommittedCase):
    """The hourly question, with real transactions."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self._forget_gateways)

    def _forget_gateways(self):
        with self.committed() as env:
            env["retail.gateway"].search([("backend_id", "=", self.backend_id)]).unlink()

    def _ask(self, answer):
        with patch.object(SampleProvider, "read_balance", answer), self.committed() as env:
            env["retail.gateway.balance"]._job_read(self.backend_id)

    def _kept(self):
        with self.committed() as env:
            gateway = env["retail.gateway"].search([("backend_id", "=", self.backend_id)])
            held = {each.currency_id.name: each.available for each in gateway.balance_ids}
            return held, gateway.balance_error

    def test_the_answer_is_kept(self):
        self._ask(lambda _provider: (Balance("EUR", Decimal("7.25"), Decimal(0)),))
        self.assertEqual(self._kept(), ({"EUR": 7.25}, False))

    def test_without_an_answer_the_last_one_stays(self):
        def fail(_provider):
            raise TransientError("down")

        self._ask(lambda _provider: (Balance("EUR", Decimal("7.25"), Decimal(0)),))
        self._ask(fail)
        self.assertEqual(self._kept(), ({"EUR": 7.25}, "down"))
