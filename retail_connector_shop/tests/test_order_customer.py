from odoo.tests import tagged

from .orders import BERLIN, OrderCase, changed, customer, line, order


@tagged("post_install", "-at_install")
class TestOrderCustomer(OrderCase):
    def order(self, **values):
        return order(line("A"), total="10.00", **values)

    def partner(self, **values):
        return self.env["res.partner"].create({"name": "Known", **values})

    def test_a_new_customer_has_the_address_himself(self):
        sale = self.imported(self.order(customer=customer(last_name="Lovelace")))
        self.assertEqual(sale.partner_id.name, "Ada Lovelace")
        self.assertEqual(sale.partner_id.country_id.code, "DE")
        self.assertEqual(sale.partner_shipping_id, sale.partner_id)

    def test_the_external_id_comes_first(self):
        first = self.imported(self.order(customer=customer("C7")))
        again = self.imported(self.order(customer=customer("C7", email="other@example.com")))
        self.assertEqual(first.partner_id, again.partner_id)

    def test_a_proved_email_identifies(self):
        known = self.partner(email="Ada@Example.com")
        self.assertEqual(self.imported(self.order(customer=customer())).partner_id, known)

    def test_an_email_that_was_not_proved_does_not(self):
        known = self.partner(email="ada@example.com")
        message = self.order(customer=customer(email_verified=False))
        self.assertNotEqual(self.imported(message).partner_id, known)

    def test_a_phone_identifies_however_it_is_written(self):
        known = self.partner(phone="030 123456", country_id=self.env.ref("base.de").id)
        message = self.order(customer=customer(email=None, phone="+49 (30) 123456"))
        self.assertEqual(self.imported(message).partner_id, known)

    def test_several_matches_are_a_suggestion(self):
        known = self.partner(email="ada@example.com") + self.partner(email="ada@example.com")
        sale = self.imported(self.order(customer=customer()))
        self.assertNotIn(sale.partner_id, known)
        exception = self.env["retail.exception"].search([("code", "=", "customer_ambiguous")])
        self.assertEqual(exception.backend_id, self.backend)
        self.assertEqual(exception.fix_values["suggestions"], known.ids)

    def test_partners_of_another_company_are_not_found(self):
        other = self.env["res.company"].create({"name": "Other"})
        known = self.partner(email="ada@example.com", company_id=other.id)
        self.assertNotEqual(self.imported(self.order(customer=customer())).partner_id, known)

    def test_one_email_in_a_batch_is_one_partner(self):
        messages = [self.order(customer=customer(external_id=name)) for name in ("C1", "C2")]
        _results, failures = self.run_import(*messages)
        self.assertFalse(failures)
        partners = {self.binding(message).odoo_id.partner_id for message in messages}
        self.assertEqual(len(partners), 1)

    def test_guests_without_identity_share_a_partner(self):
        sales = [self.imported(self.order()) for _time in range(2)]
        self.assertEqual({sale.partner_id for sale in sales}, {self.backend.guest_partner_id})
        self.assertEqual(sales[0].partner_shipping_id, sales[1].partner_shipping_id)
        self.assertEqual(sales[0].partner_shipping_id.name, "Ada Lovelace")

    def test_an_order_without_customer_and_address(self):
        sale = self.imported(self.order(billing_address=None, shipping_address=None))
        self.assertEqual(sale.partner_id, self.backend.guest_partner_id)

    def test_a_guest_with_an_email_is_known_the_next_time(self):
        sales = [self.imported(self.order(email="g@example.com")) for _time in range(2)]
        self.assertEqual(sales[0].partner_id, sales[1].partner_id)
        self.assertNotEqual(sales[0].partner_id, self.backend.guest_partner_id)

    def test_an_address_is_reused_when_equal(self):
        gift = BERLIN.model_copy(update={"name": "Charles Babbage", "street": "Bergstr.  2"})
        again = gift.model_copy(update={"name": "CHARLES babbage", "street": "Bergstr. 2"})
        sales = [
            self.imported(self.order(customer=customer(), shipping_address=address))
            for address in (gift, again)
        ]
        self.assertEqual(sales[0].partner_shipping_id, sales[1].partner_shipping_id)
        self.assertEqual(sales[0].partner_shipping_id.type, "delivery")
        self.assertEqual(sales[0].partner_shipping_id.parent_id, sales[0].partner_id)

    def test_a_customers_news_reach_his_partner(self):
        first = customer(last_name="Lovelace", phone="+49 30 123456")
        sale = self.imported(self.order(customer=first))
        self.run_import(changed(first, email="new@example.com"))
        self.assertEqual(sale.partner_id.email, "new@example.com")

    def test_what_somebody_corrected_in_odoo_stays(self):
        first = customer(last_name="Lovelace")
        partner = self.imported(self.order(customer=first)).partner_id
        partner.name = "Countess Lovelace"
        self.run_import(changed(first, last_name="King"))
        self.assertEqual(partner.name, "Countess Lovelace")

    def test_a_customer_without_an_order(self):
        results, failures = self.run_import(customer("C9", updated_at=None))
        self.assertFalse(failures)
        model, _partner_id = results["C9"].record
        self.assertEqual(model, "res.partner")
