from datetime import timedelta

from odoo import fields
from odoo.tests import Form, HttpCase, tagged

from odoo.addons.retail_connector_base.tests.access import create_user

from .messages import left
from .returns import ReturnCase
from .snapshot_case import SnapshotCase


@tagged("post_install", "-at_install")
class TestTourWarehouse(SnapshotCase, ReturnCase, HttpCase):
    """What people do about a third party's warehouse, in a real browser."""

    def look(self, path, tour, role):
        """Let a person of a role take a tour; return the user."""
        user = create_user(self.env, role, login=f"tour-{role}", company=self.company)
        self.start_tour(f"/odoo/{path}", f"retail_connector_3pl.{tour}", login=user.login)
        self.env.invalidate_all()
        return user

    def acts(self, record):
        """Return (action, who) of what was done about a record, the oldest first."""
        domain = [("res_model", "=", record._name), ("res_id", "=", record.id)]
        found = self.env["retail.audit"].search(domain, order="id")
        return [(entry.action, entry.user_id) for entry in found]

    def test_a_rejected_release_is_sent_again(self):
        late = self.accepted(self.sell(A=1))
        late.ship_by = fields.Datetime.now() - timedelta(days=1)
        self.provider.manners = ["reject"]
        release = self.sent(self.sell(B=2))
        self.assertEqual((late.is_late, release.state), (True, "rejected"))
        operator = self.look("retail-releases", "release_again", "operator")
        self.assertEqual(release.state, "ready")
        self.assertIn(("release.sent_by_hand", operator), self.acts(release))
        self.send()
        self.assertEqual((release.state, release.external_id), ("sent", "W-2"))
        self.assertEqual((late.state, self.problems()), ("accepted", []))
        self.assertEqual(len(self.asked("release_order")), 3)

    def test_a_count_is_approved_with_a_reason(self):
        self.warehouse.count_accountant_above = 10
        release = self.accepted(self.sell(B=7))
        self.happen(left(release, "S-TOUR", minutes=30, B=7))
        self.done_at(release.shipment_ids.move_binding_ids.odoo_id, 90)
        count = self.counted(("A", 97), ("B", 93), complete=False, minutes=60)
        self.assertEqual(
            self.differences(count), {"A": ("variance", 0, -3), "B": ("explained", -7, 0)}
        )
        accountant = self.look("retail-stock-counts", "count_approve", "accountant")
        self.assertEqual(
            (count.state, count.decided_by_id, count.reason),
            ("approved", accountant, "Recounted with the warehouse"),
        )
        self.assertIn(("snapshot.approved", accountant), self.acts(count))
        self.move_goods()
        self.assertEqual((self.on_hand("A"), self.on_hand("B")), (97, 93))
        self.assertEqual(count.state, "applied")

    def test_a_return_comes_damaged_and_is_scrapped(self):
        form = Form(self.env["retail.return.entry"].with_company(self.company))
        form.order_id, form.backend_id, form.rma = self.delivered(A=2), self.shop, "RMA-77"
        wizard = form.save()
        wizard.line_ids.quantity = 1
        record = self.env["retail.return"].browse(wizard.action_enter()["res_id"])
        operator = self.look("retail-returns", "return_came", "operator")
        goods = record.goods_ids
        self.assertEqual((goods.condition, goods.disposition), ("damaged", "scrap"))
        self.assertEqual(goods.decided_by_id, operator)
        acts = [("return.came", operator), ("return.disposition", operator)]
        self.assertEqual(self.acts(record)[-2:], acts)
        self.move_goods()
        scrap = self.env["stock.scrap"].search([("product_id", "=", self.products["A"].id)])
        self.assertEqual((scrap.state, scrap.scrap_qty), ("done", 1))
        self.assertEqual((self.came_back("A"), self.on_hand("A")), (1, 98))
        self.assertIn("return_damaged", self.all_problems())
