from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..providers import Capability, Location, TransientError
from .access import create_user
from .common import BackendCase, create_backend, offer_sample_provider
from .sample_provider import SampleProvider
from .test_projection_stock import StockVendor


class PlacesVendor(StockVendor):
    """The sample vendor with the places that a test prepared."""

    code = "sample"
    places: tuple = ()

    def locations(self):
        """Tell of the prepared places, or fail as prepared."""
        if isinstance(self.places, Exception):
            raise self.places
        return self.places


@tagged("post_install", "-at_install")
class TestRetailLocation(BackendCase):
    """From the channel's places to locations in Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_sample_provider(cls.registry, PlacesVendor))
        cls.company = cls.env["res.company"].create({"name": "Places"})
        cls.env.user.company_ids += cls.company
        cls.house = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)])
        cls.house.name = "Ghent"
        cls.backend = create_backend(cls.env, name="Places", company_id=cls.company.id)

    def _fetch(self, *names, **more):
        PlacesVendor.places = tuple(Location(name.lower(), name, **more) for name in names)
        self.backend.action_fetch_locations()
        return {place.name: place for place in self.backend.location_binding_ids}

    def test_the_only_place_is_the_only_warehouse(self):
        self.assertEqual(self._fetch("Shop")["Shop"].odoo_id, self.house.lot_stock_id)

    def test_places_are_recognised_by_the_name_of_the_warehouse(self):
        places = self._fetch("Annex", "GHENT ")
        self.assertEqual(places["GHENT "].odoo_id, self.house.lot_stock_id)
        self.assertFalse(places["Annex"].odoo_id)

    def test_two_places_are_never_proposed_the_same_stock(self):
        self._fetch("Ghent")
        self.assertFalse(self._fetch("Ghent", "ghent ")["ghent "].odoo_id)

    def test_a_persons_choice_stays_and_names_follow_the_channel(self):
        place = self._fetch("Shop")["Shop"]
        place.odoo_id = False
        PlacesVendor.places = (Location("shop", "Renamed"),)
        self.backend.action_fetch_locations()
        self.assertEqual((place.name, place.odoo_id.ids), ("Renamed", []))

    def test_what_the_channel_closed_is_left_out(self):
        self.assertFalse(self._fetch("Closed", active=False))

    def test_a_failure_is_told(self):
        PlacesVendor.places = TransientError("Come back later.")
        with self.assertRaisesRegex(UserError, "Come back later"):
            self.backend.action_fetch_locations()

    def test_a_vendor_without_stock_is_refused(self):
        with offer_sample_provider(self.registry, SampleProvider):
            self.backend.invalidate_recordset()
            self.assertFalse(self.backend.publishes_stock)
            with self.assertRaisesRegex(UserError, "takes no stock"):
                self.backend.action_fetch_locations()

    def test_one_place_is_enough_without_several_locations(self):
        self.assertNotIn(Capability.LOCATIONS, PlacesVendor.capabilities)
        self.assertTrue(self.backend.publishes_stock)

    def test_it_is_in_the_audit_trail(self):
        self._fetch("Shop")
        entry = self.env["retail.audit"].search(
            [("backend_id", "=", self.backend.id), ("action", "=", "fetch_locations")]
        )
        self.assertEqual(entry.detail, {"added": ["Shop"]})

    def test_operators_do_not_fetch(self):
        operator = create_user(self.env, "operator", company=self.company)
        with self.assertRaises(AccessError):
            self.backend.with_user(operator).action_fetch_locations()

    def test_administrators_choose_and_no_one_elses_stock(self):
        place = self._fetch("A", "B")["A"]
        administrator = create_user(self.env, "administrator", company=self.company)
        place.with_user(administrator).odoo_id = self.house.lot_stock_id
        self.assertEqual(place.odoo_id, self.house.lot_stock_id)
        foreign = self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.ref("base.main_company").id)], limit=1
        )
        with self.assertRaises(UserError):
            place.odoo_id = foreign.lot_stock_id

    def test_a_choice_is_compared_again(self):
        place = self._fetch("A", "B")["A"]
        flow = self.backend.flow_ids.filtered(lambda flow: flow._is_stock_out())
        flow._note_full_comparison()
        place.odoo_id = self.house.lot_stock_id
        self.assertFalse(flow.full_at)

    def test_another_buffer_is_compared_again(self):
        flow = self.backend.flow_ids.filtered(lambda flow: flow._is_stock_out())
        flow._note_full_comparison()
        self.backend.stock_buffer = 3
        self.assertFalse(flow.full_at)

    def test_stock_is_not_resumed_without_a_location(self):
        self._fetch("A", "B")
        flow = self.backend.flow_ids.filtered(lambda flow: flow._is_stock_out())
        flow.paused = True
        with self.assertRaisesRegex(UserError, "no location"):
            flow.action_resume()
        self.assertTrue(flow.paused)
        self.backend.location_binding_ids[:1].odoo_id = self.house.lot_stock_id
        flow.action_resume()
        self.assertFalse(flow.paused)
