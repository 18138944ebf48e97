from datetime import timedelta
from random import Random

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.retail_connector_base.providers import RejectedError, TransientError
from odoo.addons.retail_connector_base.providers.document import Document

from .common import WarehouseCase
from .parcels import news, pack, step

BOUGHT = {
    "tracking_number": "94 001",
    "label_url": "https://labels.example/1.pdf",
    "amount": "8.20",
    "currency": "USD",
}


@tagged("post_install", "-at_install")
class TestLabelRequest(WarehouseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # These deliveries leave our own warehouse.
        cls.warehouse.active = False
        cls.carriers = cls.make_backend("Carriers", cls.provider.code)
        cls.company.partner_id.write(
            {"street": "Dock 1", "city": "Bonn", "country_id": cls.env.ref("base.de").id}
        )
        cls.products["A"].weight = 0.5
        delivered = cls.make_product("DELIVERY", stock=0, type="service", is_storable=False)
        cls.carrier = cls.env["delivery.carrier"].create(
            {"name": "Post", "product_id": delivered.id, "delivery_type": "fixed"}
        )
        cls.env["retail.mapping"].create(
            {
                "backend_id": cls.carriers.id,
                "kind": "carrier",
                "external_key": "USPS/GroundAdvantage",
                "carrier_id": cls.carrier.id,
            }
        )

    def setUp(self):
        super().setUp()
        self.provider.details["buy_label"] = dict(BOUGHT)

    def delivery(self, quantity=2):
        picking = self.sell(A=quantity).picking_ids
        picking.carrier_id = self.carrier
        return picking

    def request(self, picking=None, **values):
        """Return a label that is wanted for a delivery, as the button proposes it."""
        picking = picking or self.delivery()
        proposed = picking._retail_label_values()
        return self.env["retail.label.request"].create({**proposed, **values})

    def buy(self, request=None, **options):
        request = request or self.request()
        request.action_buy()
        self.send(backend=self.carriers, **options)
        return request

    @property
    def bought(self):
        """How many labels the service has sold."""
        return len(self.provider.effects)

    # Buying

    def test_a_label_gives_the_delivery_its_number_and_keeps_the_cost(self):
        request = self.buy()
        self.assertEqual((request.state, self.bought), ("bought", 1))
        self.assertEqual(request.picking_id.carrier_tracking_ref, "94001")
        self.assertEqual((request.cost, request.currency_id.name), (8.2, "USD"))
        self.assertEqual((request.document_state, request.url), ("waiting", BOUGHT["label_url"]))
        (command,) = self.asked("buy_label")
        self.assertEqual((command.carrier, command.service), ("USPS", "GroundAdvantage"))
        self.assertEqual(command.package.weight_grams, 1000)
        self.assertEqual(command.recipient.address.name, "Ada Lovelace")
        self.assertEqual(command.reference, request.name)

    def test_the_parcel_of_a_label_is_followed_by_its_number(self):
        request = self.buy()
        self.receive(news("9400-1", "in_transit"), backend=self.carriers)
        self.assertEqual(request.picking_id.retail_delivery_state, "in_transit")

    def test_several_parcels_have_a_label_each(self):
        picking = self.delivery()
        first, second = self.buy(self.request(picking)), self.request(picking)
        self.provider.details["buy_label"]["tracking_number"] = "94002"
        self.buy(second)
        self.assertEqual((first.parcel, second.parcel), (1, 2))
        self.assertEqual(picking.carrier_tracking_ref, "94001,94002")

    def test_a_parcel_has_one_label(self):
        picking = self.delivery()
        first, twin = self.request(picking), self.request(picking, parcel=1)
        first.action_buy()
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            twin.action_buy()
        first.action_buy()
        self.assertEqual(len(self.commands("buy_label", self.carriers)), 1)

    # Trouble

    def test_while_the_service_is_down_the_label_waits(self):
        self.provider.manners += ["fail"] * 3
        request = self.buy()
        self.assertEqual((request.state, self.bought), ("waiting", 0))
        self.assertEqual(request.command_id.state, "retry")
        self.assertIn("Come back", request.command_error)
        for _attempt in range(3):
            self.send(backend=self.carriers)
        self.assertEqual((request.state, self.bought), ("bought", 1))

    def test_an_outage_of_days_is_waited_for(self):
        request = self.request()
        request.action_buy()
        exporter, command = self.env["retail.exporter.buy_label"], request.command_id
        policy = exporter._retry_policy(command)
        self.assertGreaterEqual(policy.patience, timedelta(days=7))
        error = TransientError("down").error_class
        self.assertTrue(policy.decide(error, 500, Random(1), None))
        command.in_doubt = True
        self.assertEqual(exporter._retry_policy(command).patience, timedelta(hours=24))

    def test_what_nobody_answered_is_looked_up_and_not_bought_again(self):
        self.provider.manners.append("lose")
        request = self.buy()
        self.send(backend=self.carriers)
        self.assertEqual((request.state, self.bought), ("bought", 1))
        self.assertEqual(len(self.asked("buy_label")), 1)

    def test_what_never_arrived_is_bought_after_it_was_looked_up(self):
        self.provider.manners.append("drop")
        request = self.buy()
        for _attempt in range(2):
            self.send(backend=self.carriers)
        self.assertEqual((request.state, self.bought), ("bought", 1))
        self.assertEqual(len(self.asked("buy_label")), 2)

    def test_a_refusal_is_shown_with_its_delivery_and_given_up(self):
        self.provider.manners.append("reject")
        request = self.buy()
        problem = self.env["retail.exception"].search(
            [("backend_id", "=", self.carriers.id), ("state", "=", "open")]
        )
        self.assertEqual(problem.code, "label_not_bought")
        self.assertIn(request.picking_id.name, problem.title)
        self.assertEqual(request.command_state, "blocked")
        request.action_give_up()
        self.assertEqual((request.state, problem.state), ("cancelled", "resolved"))
        self.assertEqual(self.request(request.picking_id).parcel, 1)

    def test_what_may_be_bought_is_not_given_up(self):
        request = self.request()
        request.action_buy()
        request.command_id.write({"state": "unknown", "in_doubt": True})
        with self.assertRaises(UserError):
            request.action_give_up()
        bought = self.buy(self.request())
        with self.assertRaises(UserError):
            bought.action_give_up()

    def test_nothing_is_bought_for_a_delivery_that_was_cancelled(self):
        request = self.request()
        request.action_buy()
        request.picking_id.action_cancel()
        self.send(backend=self.carriers)
        self.assertEqual((request.state, self.bought), ("cancelled", 0))

    def test_a_voided_label_makes_way_for_another(self):
        request = self.buy()
        request.action_note_void()
        self.assertEqual(request.state, "cancelled")
        self.assertFalse(request.picking_id.carrier_tracking_ref)
        self.assertEqual(self.request(request.picking_id).parcel, 1)

    def test_a_parcel_without_weight_or_address_is_not_asked_for(self):
        with self.assertRaises(ValidationError):
            self.request(weight=0)
        with self.assertRaises(ValidationError):
            self.request(length_mm=10)
        request = self.request()
        request.picking_id.partner_id.city = False
        with self.assertRaisesRegex(UserError, "city"):
            request.action_buy()
        request.picking_id.partner_id.city = "Berlin"

    # By itself

    def test_deliveries_of_mapped_carriers_get_their_labels_when_they_leave(self):
        self.carriers.buy_labels = "automatic"
        picking = pack(self.delivery())
        self.send(backend=self.carriers)
        self.assertEqual(picking.retail_label_ids.state, "bought")
        self.assertEqual(picking.carrier_tracking_ref, "94001")
        pack(self.delivery(), "has one")
        unmapped = self.sell(A=1).picking_ids
        pack(unmapped)
        # Third parties make labels of their own.
        self.warehouse.active = True
        pack(self.delivery())
        self.assertEqual(len(self.commands("buy_label", self.carriers)), 1)

    def test_what_hinders_a_label_stops_no_delivery(self):
        self.carriers.buy_labels = "automatic"
        self.products["A"].weight = 0
        picking = pack(self.delivery())
        self.assertEqual(picking.state, "done")
        self.assertEqual(self.problems(backend=self.carriers), ["label_not_asked"])

    # Waiting

    def test_labels_that_wait_for_long_are_warned_of(self):
        request = self.request()
        request.action_buy()
        requests = self.env["retail.label.request"]
        requests._sweep_late()
        self.assertFalse(request.is_late)
        request.sudo().asked_at = fields.Datetime.now() - timedelta(hours=5)
        self.assertTrue(request.is_late)
        self.assertEqual(round(request.waiting_hours), 5)
        self.assertIn(request, requests.search([("is_late", "=", True)]))
        self.assertNotIn(request, requests.search([("is_late", "=", False)]))
        requests._sweep_late()
        requests._sweep_late()
        self.assertEqual(self.problems(backend=self.carriers), ["labels_late"])
        self.send(backend=self.carriers)
        requests._sweep_late()
        self.assertEqual(self.problems(backend=self.carriers), [])

    # Documents

    def test_a_document_is_attached_to_its_delivery_once(self):
        request, fetcher = self.buy(), self.env["retail.label.fetcher"]
        request_id, url, limits = fetcher._begin(self.carriers.id)
        self.assertEqual((request_id, url), (request.id, BOUGHT["label_url"]))
        self.assertIsNone(fetcher._begin(self.carriers.id), "it is being fetched")
        self.assertEqual(set(limits), {"event_networks", "event_plain_http"})
        document = Document(b"%PDF-1.4", "application/pdf", "pdf")
        fetcher._keep(request_id, document)
        fetcher._keep(request_id, document)
        attached = self.env["ir.attachment"].search(
            [("res_model", "=", "stock.picking"), ("res_id", "=", request.picking_id.id)]
        )
        self.assertEqual((attached, attached.raw), (request.attachment_id, b"%PDF-1.4"))
        self.assertEqual(request.document_state, "kept")

    def test_a_document_that_cannot_be_fetched_is_shown(self):
        request, fetcher = self.buy(), self.env["retail.label.fetcher"]
        fetcher._begin(self.carriers.id)
        fetcher._note_failure(request.id, TransientError("not now"))
        self.assertEqual(request.document_state, "waiting")
        fetcher._note_failure(request.id, RejectedError("no document"))
        self.assertEqual(request.document_state, "failed")
        self.assertEqual(self.problems(backend=self.carriers), ["label_document"])
        request.action_fetch_document()
        self.assertEqual(request.document_state, "waiting")
        fetcher._keep(request.id, Document(b"^XA", "text/plain", "zpl"))
        self.assertEqual(self.problems(backend=self.carriers), [])

    def test_an_erased_person_is_on_no_label_and_has_signed_for_nothing(self):
        request = self.buy()
        fetcher = self.env["retail.label.fetcher"]
        fetcher._keep(request.id, Document(b"%PDF-Ada", "application/pdf", "pdf"))
        signed = news("94001", "delivered", step("delivered", 1, "Ada", "Berlin"), signed_by="Ada")
        self.receive(signed, backend=self.carriers)
        order = request.picking_id.sale_id
        binding = self.bind(order)
        erasure = self.env["retail.erasure"].create(
            {
                "company_id": self.company.id,
                "backend_id": self.shop.id,
                "requested_by_id": self.env.uid,
                "email": self.customer.email,
                "order_external_ids": [binding.external_id],
            }
        )
        attachment = request.attachment_id
        erasure._step_documents(0)
        parcel = request.picking_id.retail_tracking_ids
        self.assertFalse(attachment.exists() or request.url or parcel.signed_by)
        self.assertFalse(any(parcel.milestone_ids.mapped("text")))
        self.assertEqual((request.state, parcel.state), ("bought", "delivered"))

    # People

    def test_only_operators_buy_and_nobody_writes_what_is_the_connectors(self):
        request = self.request()
        values = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        operators = "retail_connector_base.group_operator,stock.group_stock_user"
        clerk = new_test_user(
            self.env, "labels-clerk", "retail_connector_base.group_operator", **values
        )
        self.assertTrue(request.with_user(clerk).read(["display_name", "picking_id", "order_id"]))
        operator = new_test_user(self.env, "labels-operator", operators, **values)
        packer = new_test_user(self.env, "labels-packer", "stock.group_stock_user", **values)
        auditor = new_test_user(
            self.env, "labels-auditor", "retail_connector_base.group_auditor", **values
        )
        for user in (packer, auditor):
            for call in ("action_buy", "action_note_void", "action_give_up", "action_try_now"):
                with self.assertRaises(AccessError):
                    getattr(request.with_user(user), call)()
            with self.assertRaises(AccessError):
                request.picking_id.with_user(user).action_buy_label()
        mine = request.with_user(operator)
        for stolen in ({"state": "bought"}, {"cost": 0}, {"tracking_number": "1"}, {"name": "x"}):
            with self.assertRaises(AccessError):
                mine.write(stolen)
        action = request.picking_id.with_user(operator).action_buy_label()
        self.assertEqual(action["context"]["default_service"], "GroundAdvantage")
        mine.write({"weight": 700})
        mine.action_buy()
        with self.assertRaises(AccessError):
            mine.write({"weight": 1})
        with self.assertRaises(AccessError):
            self.env["retail.label.request"].with_user(operator).create(
                {"picking_id": request.picking_id.id, "backend_id": self.carriers.id,
                 "weight": 1, "state": "bought"}
            )  # fmt: skip
