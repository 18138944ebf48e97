from datetime import timedelta

from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import WarehouseCase
from .parcels import news, pack, step

SILENT = "parcels_silent"
NOT_DELIVERED = "parcel_not_delivered"


@tagged("post_install", "-at_install")
class TestTrackingImport(WarehouseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carriers = cls.make_backend("Carriers", cls.provider.code)

    def told(self, *messages, backend=None):
        """Receive news; return what became of the messages and the parcels."""
        stored = self.receive(*messages, backend=backend or self.carriers)
        self.assertEqual(set(stored.mapped("state")), {"done"}, stored.mapped("error"))
        numbers = [message.number for message in messages]
        return self.env["retail.tracking"].search([("number", "in", numbers)])

    def delivery(self, *numbers, bound=False, **quantities):
        """Return a delivery of an order that left in parcels."""
        order = self.sell(bound=bound, **(quantities or {"A": 2}))
        return pack(order.picking_ids, *numbers)

    # News

    def test_milestones_are_kept_once_and_say_where_it_is(self):
        first = news(
            "P1", "in_transit", step("announced", 0), step("in_transit", 1, "Scan", "Bonn")
        )
        again = news(
            "P1", "out_for_delivery", step("in_transit", 1, "Scan", "Bonn"),
            step("out_for_delivery", 5), carrier="DHL", url="https://dhl.example/P1",
        )  # fmt: skip
        parcel = self.told(first, again, again)
        self.assertEqual(parcel.state, "out_for_delivery")
        parcel.invalidate_recordset()
        self.assertEqual(
            parcel.milestone_ids.mapped("state"), ["out_for_delivery", "in_transit", "announced"]
        )
        self.assertEqual(parcel.milestone_ids[1].place, "Bonn")
        self.assertEqual((parcel.carrier, parcel.url), ("DHL", "https://dhl.example/P1"))

    def test_a_state_without_milestones_becomes_one(self):
        parcel = self.told(news("P2", "delivered", hours=3))
        self.assertEqual(parcel.state, "delivered")
        self.assertEqual(fields.Datetime.to_string(parcel.delivered_at), "2026-05-04 12:30:00")

    def test_older_news_add_milestones_and_take_nothing_back(self):
        parcel = self.told(news("P3", "delivered", step("delivered", 9), hours=9, carrier="DHL"))
        version = parcel.external_version
        self.told(news("P3", "in_transit", step("in_transit", 2), hours=2, carrier="old"))
        self.assertEqual((parcel.state, parcel.carrier), ("delivered", "DHL"))
        self.assertEqual(len(parcel.milestone_ids), 2)
        self.assertEqual(parcel.external_version, version)

    def test_what_comes_back_after_it_was_delivered_is_shown(self):
        parcel = self.told(news("P4", "delivered", step("delivered", 1)))
        arrived = parcel.delivered_at
        self.told(news("P4", "returning", step("delivered", 1), step("returning", 30)))
        self.assertEqual((parcel.state, parcel.delivered_at), ("returning", arrived))
        self.assertEqual(self.problems(backend=self.carriers), [NOT_DELIVERED])

    @given(st.permutations(range(4)))
    @settings(
        deadline=None, max_examples=8, suppress_health_check=list(HealthCheck), derandomize=True
    )
    def test_news_in_any_order_end_the_same(self, order):
        number = f"Q{next(self.counter)}"
        way = (step("announced", 0), step("in_transit", 4), step("delivered", 9))
        told = [
            news(number, "announced", way[0]),
            news(number, "in_transit", *way[:2]),
            news(number, "delivered", *way),
            news(number, "in_transit", way[1], hours=6),
        ]
        for place in order:
            parcel = self.told(told[place])
        self.assertEqual(parcel.state, "delivered")
        self.assertEqual(len(parcel.milestone_ids), 3)

    counter = iter(range(1000))

    def test_hostile_news_harm_nobody(self):
        far = news("P5", "in_transit").model_copy(
            update={
                "updated_at": None,
                "milestones": (step("in_transit", 24 * 365 * 7900),),
                "url": "javascript:alert(1)",
                "signed_by": "x" * 5000,
            }
        )
        odd = news("=cmd|' /C calc'!A0", "failed", external_id="e" * 255)
        parcels = self.told(far, odd)
        self.assertEqual(len(parcels), 2)
        one = parcels.filtered(lambda parcel: parcel.number == "P5")
        self.assertFalse(one.url)
        self.assertLess(one.milestone_ids.occurred_at, fields.Datetime.now() + timedelta(days=1))

    # Ties

    def test_a_parcel_belongs_to_every_delivery_that_names_it(self):
        first, second = self.delivery("1Z-999", "P6"), self.delivery("1z999")
        parcel = self.told(news("1Z 999", "in_transit"))
        self.assertEqual(parcel.picking_ids, first | second)
        self.assertEqual(parcel.order_names, f"{first.sale_id.name}, {second.sale_id.name}")
        self.assertEqual(first.retail_delivery_state, "in_transit")

    def test_an_unknown_number_is_kept_and_tied_when_it_appears(self):
        parcel = self.told(news("P7", "delivered", step("delivered", 1)))
        self.assertFalse(parcel.picking_ids)
        delivery = self.delivery("P7", bound=True)
        self.assertEqual(parcel.picking_ids, delivery)
        self.assertEqual(delivery.retail_delivery_state, "delivered")
        self.assertEqual(delivery.sale_id.retail_binding_ids.state, "delivered")

    def test_a_corrected_number_takes_its_parcel_along(self):
        delivery = self.delivery("P8")
        parcel = self.told(news("P8", "in_transit"))
        delivery.carrier_tracking_ref = "P9"
        self.assertFalse(parcel.picking_ids)
        self.assertFalse(delivery.retail_delivery_state)

    def test_other_companies_parcels_are_none_of_ours(self):
        stranger = self.env["res.company"].create({"name": "Stranger"})
        theirs = self.make_backend("Theirs", self.provider.code, company_id=stranger.id)
        delivery = self.delivery("P10")
        parcel = self.told(news("P10", "delivered"), backend=theirs)
        self.assertFalse(parcel.picking_ids)
        self.assertFalse(delivery.retail_delivery_state)

    # What follows

    def test_an_order_is_delivered_with_its_last_parcel(self):
        delivery = self.delivery("P11", "P12", bound=True)
        binding = delivery.sale_id.retail_binding_ids
        self.told(news("P11", "delivered", step("delivered", 1)))
        self.assertEqual(delivery.retail_delivery_state, "in_transit")
        self.assertNotEqual(binding.state, "delivered")
        # The other one is told of by the warehouse, not by the carrier service.
        self.told(news("P12", "delivered", step("delivered", 2)), backend=self.backend)
        self.assertEqual(delivery.retail_delivery_state, "delivered")
        self.assertEqual(binding.state, "delivered")

    def test_an_order_waits_for_what_has_not_left(self):
        order = self.sell(bound=True, A=5)
        picking = order.picking_ids
        picking.move_ids.quantity = 2
        picking.carrier_tracking_ref = "P13"
        picking.move_ids.picked = True
        picking._action_done()
        self.told(news("P13", "delivered", step("delivered", 1)))
        self.assertEqual(picking.retail_delivery_state, "delivered")
        self.assertNotEqual(order.retail_binding_ids.state, "delivered")

    def test_a_release_is_delivered_when_all_of_its_shipments_are(self):
        order = self.sell(bound=True, A=2)
        release = self.accepted(order)
        release.action_allow_by_hand()
        delivery = pack(order.picking_ids, "P14")
        self.env["retail.warehouse.shipment"].create(
            {
                "backend_id": self.backend.id, "external_id": "S1", "release_id": release.id,
                "odoo_id": delivery.id, "state": "shipped",
            }
        )  # fmt: skip
        self.told(news("P14", "delivered", step("delivered", 1)))
        self.assertEqual(release.state, "accepted")
        release._take_state("shipped")
        self.assertEqual(release.state, "delivered")
        self.assertEqual(release.tracking_ids.number, "P14")
        self.assertEqual(release.milestone_ids.state, "delivered")

    def test_a_failed_parcel_is_shown_with_its_order_and_value(self):
        delivery = self.delivery("P15", A=3)
        parcel = self.told(news("P15", "failed", step("failed", 2, "Address unknown")))
        problem = self.env["retail.exception"].search(
            [("backend_id", "=", self.carriers.id), ("state", "=", "open")]
        )
        self.assertEqual(problem.code, NOT_DELIVERED)
        self.assertIn(delivery.sale_id.name, problem.title)
        self.assertIn("Address unknown", problem.cause)
        self.assertEqual(problem.amount_at_risk, delivery.sale_id.amount_total)
        self.assertEqual(problem.res_model, "stock.picking")
        self.told(news("P15", "delivered", step("delivered", 5)))
        self.assertEqual((parcel.state, problem.state), ("delivered", "resolved"))

    # Silence

    def test_parcels_without_news_are_marked_and_warned_of(self):
        with freeze_time("2026-05-04 12:00:00"):
            parcel = self.told(news("P16", "in_transit", step("in_transit", 1)))
        with freeze_time("2026-05-08 12:00:00"):
            self.env["retail.tracking"]._sweep_silent()
            self.assertFalse(parcel.is_stale)
        self.env["retail.tracking"]._sweep_silent()
        self.assertTrue(parcel.is_stale)
        self.assertEqual(self.problems(backend=self.carriers), [SILENT])
        self.told(news("P16", "delivered", step("delivered", 200)))
        self.assertFalse(parcel.is_stale)
        self.env["retail.tracking"]._sweep_silent()
        self.assertEqual(self.problems(backend=self.carriers), [])

    # Following

    def test_parcels_are_followed_once_where_it_is_wanted(self):
        self.delivery("P17")
        self.assertFalse(self.commands("track_parcel", self.carriers))
        self.carriers.follow_parcels = True
        delivery = self.delivery("P18", "P19")
        delivery.carrier_tracking_ref = "P18,P19"
        self.assertEqual(len(self.commands("track_parcel", self.carriers)), 2)
        self.send(backend=self.carriers)
        parcels = self.env["retail.tracking"].search([("backend_id", "=", self.carriers.id)])
        self.assertEqual(sorted(parcels.mapped("number")), ["P18", "P19"])
        self.assertEqual(parcels.picking_ids, delivery)

    # People

    def test_readers_see_their_own_company_and_write_nothing(self):
        self.delivery("P20")
        parcel = self.told(news("P20", "in_transit"))
        groups = "base.group_user,retail_connector_base.group_operator"
        ours = new_test_user(
            self.env, "parcels-ours", groups, company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )  # fmt: skip
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env, "parcels-stranger", groups, company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )  # fmt: skip
        self.assertEqual(parcel.with_user(ours).milestone_ids.state, "in_transit")
        shown = parcel.with_user(ours).read(["picking_names", "order_names", "is_late"])
        self.assertEqual(shown[0]["picking_names"], parcel.picking_ids.name)
        for write in (
            lambda: parcel.with_user(ours).write({"state": "delivered"}),
            lambda: parcel.milestone_ids.with_user(ours).unlink(),
            lambda: (
                parcel.with_user(stranger)
                .with_context(allowed_company_ids=other.ids)
                .read(["number"])
            ),
        ):
            with self.assertRaises(AccessError):
                write()
