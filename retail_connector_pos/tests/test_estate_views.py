from odoo.tests import Form, tagged

from .common import PosCase
from .tickets import line, ticket


@tagged("post_install", "-at_install")
class TestEstateViews(PosCase):
    """What the pages of stores say."""

    def test_a_store_shows_the_day_of_each_register(self):
        self.sell(line("A"), register="R1")
        self.sell(line("A"), register="R1")
        self.env.invalidate_all()
        states = {row["name"]: row["state"] for row in self.store.register_states}
        self.assertEqual(states, {"Register R1": "open", "Register R2": "none"})
        self.assertEqual((self.store.estate_state, self.store.ticket_count), ("open", 2))
        self.assertEqual(self.store.ticket_total, 23.8)
        self.assertEqual(self.store2.estate_state, "quiet")

    def test_a_store_without_its_place_says_so(self):
        self.problem_of(ticket(line("A"), store="S9"))
        store = self.env["retail.pos.store"].search([("external_id", "=", "S9")])
        self.assertEqual((store.estate_state, store.display_name), ("setup", "S9"))
        self.assertEqual(store.exception_count, 1)
        self.assertEqual(self.store.exception_count, 0)
        self.assertTrue(
            self.env["retail.exception"].search(store.action_open_exceptions()["domain"])
        )

    def test_a_day_that_does_not_tie_is_seen_on_its_store_and_backend(self):
        self.sell(line("A"))
        self.store.register_ids.day_ids.state = "different"
        self.env.invalidate_all()
        self.assertEqual(self.store.estate_state, "different")
        self.assertEqual(self.backend.pos_different_count, 1)

    def test_a_ticket_shows_what_the_register_told(self):
        sold = self.sell(line("A", title="<b>Mug</b>"))
        self.assertIn("&lt;b&gt;Mug", sold.told_html)
        self.assertNotIn("<b>Mug", sold.told_html)
        self.assertEqual(sold.ticket_state, "imported")

    def test_a_voided_ticket_says_so(self):
        self.assertEqual(self.sell(line("A"), voided=True).ticket_state, "voided")

    def test_buttons_lead_to_their_own(self):
        sold = self.sell(line("A"))
        tickets = self.env["retail.pos.ticket"]
        for record in (self.store, self.register):
            self.assertIn(sold, tickets.search(record.action_open_tickets()["domain"]))
            self.assertTrue(record.action_open_days()["domain"])
        self.assertEqual(sold.action_open_order()["res_id"], sold.odoo_id.id)
        self.assertEqual(self.backend.action_open_stores()["res_model"], "retail.pos.store")
        self.assertTrue(self.store.action_open_registers()["domain"])

    def test_the_set_up_is_a_step_of_the_checklist(self):
        step = next(row for row in self.backend.setup_steps if row["code"] == "stores")
        self.assertTrue(step["done"])
        self.register.odoo_id = False
        self.env.invalidate_all()
        step = next(row for row in self.backend.setup_steps if row["code"] == "stores")
        self.assertFalse(step["done"])

    def test_the_backends_page_shows_each_policy_once(self):
        form = Form(self.backend)
        names = [node.get("name") for node in form._view["tree"].iter("field")]
        for name in ("allows_unreferenced_returns", "product_match", "tip_product_id",
                     "rounding_product_id", "tax_policy", "guest_partner_id"):  # fmt: skip
            self.assertEqual(names.count(name), 1, name)
