from odoo.tests import HttpCase, tagged

from odoo.addons.retail_connector_base.tests.access import create_user

from .closings import closing, counted
from .common import PosCase
from .tickets import line, ticket


@tagged("post_install", "-at_install")
class TestTourPosDay(PosCase, HttpCase):
    """A day that does not tie is signed in a real browser."""

    def test_a_drawer_that_is_short_is_signed(self):
        message = ticket(line("A"))
        self.drain(message)
        self.drain(counted(closing(message), cash="1.90"))
        day = self.ticket(message).day_id
        day._review()
        self.assertEqual(day.state, "different")
        accountant = create_user(self.env, "accountant", login="tour-sign", company=self.company)
        self.start_tour(
            f"/odoo/retail-days/{day.id}", "retail_connector_pos.day_sign", login=accountant.login
        )
        self.env.invalidate_all()
        self.assertEqual(
            (day.signed_by_id, day.sign_reason), (accountant, "Counted twice with the manager")
        )
        entry = self.env["retail.audit"].search([("action", "=", "pos_day.signed")], limit=1)
        self.assertEqual((entry.user_id, entry.res_id), (accountant, day.id))
        day._review()
        self.assertNotEqual(day.state, "different")
        self.assertIn(day.state, ("closing", "reported"))
