from datetime import datetime, timedelta, timezone

from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical import Consent, Customer
from odoo.addons.retail_connector_base.tests.access import create_user
from odoo.addons.retail_connector_base.tests.common import create_backend

from .orders import BERLIN, OrderCase, changed, customer, item, line, order

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
HAMBURG = BERLIN.model_copy(update={"street": "Elbstr. 1", "city": "Hamburg", "zip": "20095"})


def consent(state, minutes=0, channel="email"):
    """Return what a customer said."""
    moment = NOON + timedelta(minutes=minutes)
    return Consent(channel=channel, state=state, changed_at=moment, source="test")


@tagged("post_install", "-at_install")
class TestCustomerOwnership(OrderCase):
    """A shop and a CRM tell of the same customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.crm = create_backend(cls.env, name="CRM", company_id=cls.company.id)

    def setUp(self):
        super().setUp()
        self.first = customer(last_name="Lovelace", default_address=BERLIN, updated_at=NOON)

    def own(self, preset="crm"):
        wizard = self.env["retail.ownership.preset"].create(
            {"backend_id": self.crm.id, "preset": preset}
        )
        wizard.action_apply()

    def tell(self, *messages, backend=None):
        """Import customers in the name of a system, one batch each."""
        backend = backend or self.backend
        importer = self.env["retail.importer.customer"].with_user(backend.user_id).sudo()
        importer = importer.with_company(backend.company_id)
        outcomes = []
        for message in messages:
            told = item(message)
            results = importer._import_batch(backend.with_env(importer.env), [told])
            outcomes.append(results[told.message_id].outcome.value)
        self.env.invalidate_all()
        return outcomes

    def partner(self, backend=None, external_id="C1"):
        binding = self.env["retail.partner.binding"].search(
            [
                ("backend_id", "=", (backend or self.backend).id),
                ("external_id", "=", external_id),
            ]
        )
        return binding.odoo_id

    def refusals(self, backend=None, group=None):
        domain = [("backend_id", "=", (backend or self.backend).id)]
        return self.env["retail.refusal"].search(
            domain + ([("field_group", "=", group)] if group else [])
        )

    def email_consent(self):
        rows = self.partner().retail_consent_ids
        return rows.filtered(lambda row: row.channel == "email").state

    # One system

    def test_news_are_taken_and_an_empty_field_is_filled(self):
        self.tell(self.first)
        partner = self.partner()
        self.tell(changed(self.first, phone="+49 30 1", default_address=HAMBURG))
        self.assertEqual((partner.phone, partner.city), ("+49 30 1", "Hamburg"))
        self.assertFalse(self.refusals())

    def test_what_the_channel_does_not_say_is_not_emptied(self):
        self.tell(self.first)
        self.tell(changed(self.first, email=None, default_address=None))
        self.assertEqual((self.partner().email, self.partner().city), ("ada@example.com", "Berlin"))

    def test_what_was_corrected_in_odoo_stays_and_theirs_is_listed(self):
        self.tell(self.first)
        self.partner().city = "Potsdam"
        self.env.flush_all()
        self.tell(changed(self.first, default_address=HAMBURG))
        self.assertEqual(self.partner().city, "Potsdam")
        row = self.refusals(group="address")
        self.assertEqual((row.side, row.state), ("refused", "open"))
        row.with_user(create_user(self.env, "operator", company=self.company)).action_take_theirs()
        self.assertEqual((self.partner().city, self.partner().zip), ("Hamburg", "20095"))

    def test_a_newer_word_of_the_customer_wins_over_an_older_edit(self):
        self.tell(self.first)
        self.partner().city = "Potsdam"
        self.env.flush_all()
        later = datetime.now(timezone.utc) + timedelta(hours=1)
        self.tell(self.first.model_copy(update={"default_address": HAMBURG, "updated_at": later}))
        self.assertEqual(self.partner().city, "Hamburg")
        self.assertEqual(self.refusals().side, "replaced")

    def test_replays_and_disorder_change_nothing(self):
        self.tell(self.first, changed(self.first, 5, phone="+49 30 5"))
        told = [changed(self.first, 5, phone="+49 30 5"), changed(self.first, 1, phone="+49 30 1")]
        self.assertEqual(self.tell(*told), ["done", "superseded"])
        self.assertEqual(self.partner().phone, "+49 30 5")

    def test_to_ask_is_an_exception_that_both_buttons_end(self):
        row = self.backend._ownership("customer", "contact")
        row.policy = "ask"
        self.tell(self.first)
        self.tell(changed(self.first, 1, last_name="King"))
        exceptions = self.env["retail.exception"].search(
            [("backend_id", "=", self.backend.id), ("code", "=", "ownership_conflict")]
        )
        self.assertEqual(len(exceptions), 1)
        self.assertNotIn("King", str(exceptions.comparison))
        exceptions.action_keep_ours()
        self.tell(changed(self.first, 2, last_name="King"))
        self.assertEqual((exceptions.state, self.partner().name), ("resolved", "Ada Lovelace"))
        self.tell(changed(self.first, 3, last_name="Byron"))
        self.assertEqual(exceptions.state, "open")
        exceptions.action_fix()
        self.assertEqual((exceptions.state, self.partner().name), ("resolved", "Ada Byron"))

    # CRM and shop

    def test_a_shops_change_is_refused_where_the_crm_owns_contacts(self):
        self.own()
        self.tell(self.first)
        self.tell(self.first, backend=self.crm)
        self.assertEqual(self.partner(), self.partner(self.crm))
        self.tell(changed(self.first, last_name="King"))
        self.assertEqual(self.partner().name, "Ada Lovelace")
        self.assertEqual(self.refusals().reason, "Another system owns it.")
        self.tell(changed(self.first, last_name="Byron"), backend=self.crm)
        self.assertEqual(self.partner().name, "Ada Byron")

    def test_a_shops_consent_is_refused_where_the_crm_owns_consents(self):
        self.own()
        self.tell(self.first)
        self.tell(
            Customer(**{**vars(self.first), "consents": (consent("unsubscribed"),)}),
            backend=self.crm,
        )
        self.tell(changed(self.first, consents=(consent("subscribed", 60),)))
        self.assertEqual(self.email_consent(), "unsubscribed")
        self.assertEqual(self.refusals(group="consent").state, "open")
        self.assertTrue(self.env["mail.blacklist"].search([("email", "=", "ada@example.com")]))

    def test_a_consent_that_only_the_shop_knows_is_not_taken_either(self):
        self.own()
        self.tell(changed(self.first, consents=(consent("subscribed"),)))
        self.assertFalse(self.email_consent())
        self.assertTrue(self.refusals(group="consent"))

    def test_without_a_crm_the_newest_consent_wins(self):
        self.tell(changed(self.first, 1, consents=(consent("subscribed", 10),)))
        self.tell(changed(self.first, 2, consents=(consent("unsubscribed", 20),)))
        other = create_backend(self.env, name="Other shop", company_id=self.company.id)
        self.tell(changed(self.first, 3, consents=(consent("subscribed", 15),)), backend=other)
        self.assertEqual(self.email_consent(), "unsubscribed")
        self.assertTrue(self.refusals(other, "consent"))

    def test_a_sender_that_says_nothing_of_consents_changes_none(self):
        self.tell(changed(self.first, 1, consents=(consent("subscribed"),)))
        self.tell(changed(self.first, 2, consents=None), changed(self.first, 3, consents=()))
        self.assertEqual(self.email_consent(), "subscribed")

    def test_a_consent_first_heard_with_an_order_counts_when_the_customer_is_told(self):
        told = changed(self.first, consents=(consent("subscribed"),))
        self.run_import(order(line("A"), total="10.00", customer=told))
        self.assertFalse(self.email_consent())
        self.tell(told)
        self.assertEqual(self.email_consent(), "subscribed")

    def test_the_owners_first_word_is_taken_of_whom_odoo_knew_before(self):
        self.own()
        for code in ("contact", "address"):
            self.crm._ownership("customer", code).policy = "owner_wins"
        known = self.env["res.partner"].create({"name": "A. L.", "email": "ada@example.com"})
        self.tell(self.first, backend=self.crm)
        self.assertEqual((known.name, known.city), ("Ada Lovelace", "Berlin"))
        self.assertEqual(self.refusals(self.crm).values["display_name"]["ours"], "A. L.")

    def test_whom_an_email_was_found_to_be_is_left_alone_by_others(self):
        known = self.env["res.partner"].create({"name": "A. L.", "email": "ada@example.com"})
        self.tell(self.first)
        self.assertEqual((self.partner(), known.name), (known, "A. L."))

    def test_what_the_owner_repeats_is_restored_in_odoo(self):
        self.own()
        self.crm._ownership("customer", "address").policy = "owner_wins"
        self.tell(self.first, backend=self.crm)
        partner = self.partner(self.crm)
        partner.city = "Potsdam"
        self.tell(changed(self.first), backend=self.crm)
        self.assertEqual(partner.city, "Berlin")

    def test_a_marketplace_changes_nobody(self):
        self.tell(self.first)
        self.own("marketplace")
        self.tell(self.first, backend=self.crm)
        self.tell(changed(self.first, last_name="Masked Name"), backend=self.crm)
        self.assertEqual(self.partner().name, "Ada Lovelace")
        self.assertEqual(self.refusals(self.crm).reason, "Odoo owns it.")

    def test_a_failed_batch_leaves_no_trace(self):
        self.tell(self.first)
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.tell(changed(self.first, consents=(consent("subscribed"),), phone="+49 1"))
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertFalse(self.email_consent() or self.partner().phone)
