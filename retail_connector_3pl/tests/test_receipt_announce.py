from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.retail_connector_base.tests.access import create_user

from .inbound import InboundCase, came, receipt

# What forms show to people without rights on transfers.
SHOWN = {
    "retail.announcement": ["name", "partner_id", "origin", "is_late", "receipt_count"],
    "retail.announcement.line": ["product_id", "received_quantity", "open_quantity"],
    "retail.receipt": ["external_id", "goods_state", "picking_ids", "line_ids"],
}


@tagged("post_install", "-at_install")
class TestAnnouncing(InboundCase):
    def test_a_delivery_is_announced_once(self):
        announcement = self.announced(A=10, B=5)
        self.sweep()
        [command] = self.asked("announce_receipt")
        self.assertEqual((command.reference, command.note), (announcement.name, "P1"))
        self.assertEqual(command.supplier, "Supplier")
        self.assertEqual(
            [(line.external_id, line.sku, line.quantity) for line in command.lines],
            [("1", "A", 10), ("2", "B", 5)],
        )
        self.assertEqual((announcement.state, announcement.external_id), ("accepted", "W-1"))

    def test_what_comes_from_customers_or_inside_or_is_not_wanted_is_not_announced(self):
        inside, customers = self.stock.lot_stock_id, self.env.ref("stock.stock_location_customers")
        for source in (inside, customers):
            picking = self.deliver(A=1)
            picking.write({"location_id": source.id})
            picking.move_ids.write({"location_id": source.id})
        self.sweep()
        self.assertEqual(self.asked("announce_receipt"), [])
        self.warehouse.announces_receipts = False
        self.deliver(A=1)
        self.env.flush_all()
        self.env["retail.announcer"]._sweep()
        self.assertFalse(self.commands("announce_receipt"))

    def test_a_delivery_that_changes_is_taken_back_and_announced_again(self):
        announcement = self.announced(A=10)
        announcement.picking_id.move_ids.product_uom_qty = 12
        self.sweep()
        new = announcement.replaced_by_id
        self.assertEqual((announcement.state, new.state), ("cancelled", "accepted"))
        self.assertNotEqual(announcement.name, new.name)
        [taken_back] = self.asked("cancel_announcement")
        self.assertEqual(taken_back.announcement_external_id, announcement.external_id)
        self.assertEqual(self.asked("announce_receipt")[-1].lines[0].quantity, 12)

    def test_a_change_is_shown_to_a_person_where_that_is_the_policy(self):
        self.warehouse.announcement_change = "ask"
        announcement = self.announced(A=10)
        announcement.picking_id.move_ids.product_uom_qty = 12
        self.sweep()
        self.sweep()
        self.assertEqual(self.problems(), ["announcement_changed"])
        announcement.action_announce_again()
        self.send()
        self.assertEqual(self.asked("announce_receipt")[-1].lines[0].quantity, 12)

    def test_another_day_is_told_and_another_hour_is_not(self):
        announcement = self.announced(A=10)
        picking = announcement.picking_id
        told = picking.scheduled_date
        picking.move_ids.date = told.replace(hour=(told.hour + 1) % 24)
        self.sweep()
        self.assertEqual(len(self.asked("announce_receipt")), 1)
        picking.move_ids.date = told + timedelta(days=5)
        self.sweep()
        again = self.asked("announce_receipt")[-1]
        self.assertEqual(announcement.replaced_by_id.state, "accepted")
        self.assertEqual(again.expected_at.date(), (told + timedelta(days=5)).date())
        self.assertEqual(len(self.asked("cancel_announcement")), 1)

    def test_another_day_is_shown_to_a_person_where_that_is_the_policy(self):
        self.warehouse.announcement_change = "ask"
        announcement = self.announced(A=10)
        announcement.picking_id.move_ids.date += timedelta(days=5)
        self.sweep()
        self.sweep()
        self.assertEqual(self.problems(), ["announcement_day_changed"])
        announcement.action_announce_again()
        self.sweep()
        self.assertEqual(len(self.asked("announce_receipt")), 2)

    def test_a_cancelled_delivery_is_taken_back_if_it_was_told(self):
        announcement = self.announced(A=10)
        announcement.picking_id.action_cancel()
        self.sweep()
        self.assertEqual(announcement.state, "cancelled")
        self.assertEqual(len(self.asked("cancel_announcement")), 1)
        picking = self.deliver(B=10)
        self.env.flush_all()
        self.env["retail.announcer"]._look_at(self.warehouse)
        picking.action_cancel()
        self.sweep()
        self.assertEqual(len(self.provider.sent), 2)
        self.assertEqual(set(self.commands()[-2:].mapped("state")), {"cancelled"})

    def test_a_rejected_announcement_says_so_and_can_be_made_again(self):
        self.provider.manners.append("reject")
        announcement = self.announced(A=10)
        self.assertEqual(announcement.state, "rejected")
        self.assertTrue(announcement.reason)
        announcement.action_announce_again()
        self.send()
        self.assertEqual(announcement.replaced_by_id.state, "accepted")

    def test_goods_without_a_code_wait_for_one(self):
        self.products["A"].default_code = False
        announcement = self.announced(A=10)
        self.sweep()
        self.assertEqual(
            (announcement.state, self.problems()), ("ready", ["announcement_without_sku"])
        )
        self.products["A"].default_code = "A"
        self.sweep()
        self.assertEqual((announcement.state, self.problems()), ("accepted", []))

    def test_only_operators_decide_and_only_in_their_company(self):
        announcement = self.announced(A=10)
        self.happen(receipt(announcement, came("A", 4, "1")))
        reader = create_user(self.env, "operator", "reader", self.company)
        for record in (announcement, announcement.line_ids, self.received()):
            self.assertTrue(record.with_user(reader).read(SHOWN[record._name]))
            self.assertFalse(record.with_user(reader).has_access("write"))
        other = self.env["res.company"].sudo().create({"name": "Other"})
        stranger = create_user(self.env, "operator", "stranger", other)
        auditor = create_user(self.env, "auditor", "looker", self.company)
        for user in (stranger, auditor):
            for action in ("action_announce_again", "action_close"):
                with self.assertRaises(AccessError):
                    getattr(announcement.with_user(user), action)()
        self.assertEqual(announcement.state, "partly_received")
        announcement.with_user(reader).action_close()
        self.assertEqual((announcement.state, len(announcement._open_moves())), ("received", 0))
