from datetime import datetime, timedelta, timezone
from itertools import permutations

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..canonical import Consent, Customer
from ..decisions.outcome import InboundItem
from ..decisions.ownership import Owner, Policy, Rule
from .access import create_user
from .common import BackendCase, create_backend

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)


def consent(state, minutes=0, channel="email", **values):
    """Return what a customer said ``minutes`` after noon."""
    moment = NOON + timedelta(minutes=minutes)
    return Consent(channel=channel, state=state, changed_at=moment, **values)


@tagged("post_install", "-at_install")
class TestRetailConsent(BackendCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.crm = create_backend(cls.env, name="CRM")

    def setUp(self):
        super().setUp()
        self.partner = self.env["res.partner"].create({"name": "Ada", "email": "ada@example.com"})

    def take(self, *consents, rule=None, before=None, backend=None, minutes=0):
        customer = Customer(external_id="C", updated_at=NOON + timedelta(minutes=minutes))
        item = InboundItem(1, customer, "customers", 0, "", "x")
        rule = rule or Rule(Owner.ODOO, Policy.NEWEST_WINS, fills=False)
        table = self.env["retail.consent"]
        return table._take(backend or self.backend, self.partner, consents, before, rule, item)

    def row(self, channel="email"):
        rows = self.partner.retail_consent_ids
        return rows.filtered(lambda row: row.channel == channel)

    def blacklisted(self):
        return bool(self.env["mail.blacklist"].search([("email", "=", "ada@example.com")]))

    def test_a_first_word_is_kept_with_its_source(self):
        self.take(consent("subscribed", source="checkout"))
        row = self.row()
        self.assertEqual(
            (row.state, row.source, row.backend_id.name), ("subscribed", "checkout", "Sample")
        )
        self.assertEqual(row.changed_at, datetime(2026, 1, 1, 12))

    def test_the_newest_word_wins_in_whatever_order_it_comes(self):
        said = [consent("subscribed", 1), consent("unsubscribed", 2), consent("subscribed", 3)]
        for order in permutations(said):
            self.row().unlink()
            before = None
            for each in order:
                self.take(each, before=before)
                before = [each]
            self.assertEqual(self.row().state, "subscribed", order)
            self.assertEqual(self.row().changed_at, datetime(2026, 1, 1, 12, 3))

    def test_an_older_word_of_the_owner_does_not_replace_his_newer_one(self):
        rule = Rule(Owner.CHANNEL, Policy.OWNER_WINS, fills=False)
        self.take(consent("unsubscribed", 5), rule=rule, backend=self.crm)
        self.take(consent("subscribed", 1), rule=rule, backend=self.crm)
        self.assertEqual(self.row().state, "unsubscribed")

    def test_whose_word_counts_for_nothing_makes_no_word_of_the_owner_old(self):
        owned, said = Rule(Owner.CHANNEL, fills=False), consent("subscribed", 1)
        self.take(said, rule=owned, backend=self.crm)
        self.take(consent("subscribed", 3), rule=Rule(Owner.ELSEWHERE, fills=False))
        self.take(consent("unsubscribed", 2), rule=owned, backend=self.crm, before=[said])
        self.assertEqual(self.row().state, "unsubscribed")

    def test_the_same_word_again_changes_nothing(self):
        self.take(consent("unsubscribed"))
        count = self.env["retail.audit"].search_count([("action", "=", "consent.changed")])
        self.take(consent("unsubscribed"), before=[consent("unsubscribed")])
        found = self.env["retail.audit"].search_count([("action", "=", "consent.changed")])
        self.assertEqual(found, count)

    def test_a_shops_word_is_refused_where_a_crm_owns_consent(self):
        rule = Rule(Owner.ELSEWHERE, Policy.NEWEST_WINS, fills=False)
        ((_way, _facts, decision),) = self.take(consent("subscribed"), rule=rule)
        self.assertEqual(decision.ruling.value, "refuse")
        self.assertFalse(self.row())

    def test_ways_are_independent(self):
        self.take(consent("subscribed"), consent("unsubscribed", channel="sms"))
        self.assertEqual((self.row().state, self.row("sms").state), ("subscribed", "unsubscribed"))

    def test_the_blacklist_is_kept_in_step(self):
        self.take(consent("unsubscribed", 1))
        self.assertTrue(self.blacklisted())
        self.take(consent("subscribed", 2), before=[consent("unsubscribed", 1)])
        self.assertFalse(self.blacklisted())

    def test_no_answer_yet_neither_blocks_nor_frees(self):
        self.take(consent("pending", 1))
        self.assertFalse(self.blacklisted())
        self.take(consent("unsubscribed", 2))
        self.take(consent("pending", 3))
        self.assertTrue(self.blacklisted())

    def test_the_blacklist_is_left_alone_where_wanted(self):
        self.backend.consent_blacklist = False
        self.take(consent("unsubscribed"))
        self.assertFalse(self.blacklisted())

    def test_sms_does_not_bear_upon_email(self):
        self.take(consent("unsubscribed", channel="sms"))
        self.assertFalse(self.blacklisted())

    def test_nobody_consents_for_somebody_else(self):
        self.take(consent("unsubscribed"))
        row = self.row().with_user(create_user(self.env, "administrator"))
        with self.assertRaises(AccessError):
            row.state = "subscribed"
        with self.assertRaises(AccessError):
            row.unlink()
