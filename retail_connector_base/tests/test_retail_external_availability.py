from datetime import datetime, timedelta, timezone
from itertools import count, permutations

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..canonical import StockLevel
from ..decisions.outcome import InboundItem
from .access import create_user
from .common import BackendCase, create_backend, offer_sample_provider
from .sample_stock import SampleStock
from .stock import demand, make_product
from .test_projection_stock import StockVendor

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)


class PlatformCase(BackendCase):
    """A platform that owns stock, and two shops that are told of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.message_ids = count(1)
        cls.platform = create_backend(cls.env, name="Platform")
        cls.platform._set_owner("stock", "stock", "channel")
        cls.shops = cls.backend | create_backend(cls.env, name="Second shop")
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.store = cls.place(cls.platform, "store")
        cls.shop_places = [cls.place(shop, "main") for shop in cls.shops]
        cls.product = make_product(cls.env, cls.warehouse, 3)
        cls.product.default_code = "SKU-1"

    @classmethod
    def place(cls, backend, name, location=None):
        return cls.env["retail.location.binding"].create(
            {
                "backend_id": backend.id,
                "external_id": name,
                "name": name,
                "odoo_id": (location or cls.warehouse.lot_stock_id).id,
            }
        )

    def level(self, available, minutes=0, item="SKU-1", place="store", **values):
        """Return what the platform counted, ``minutes`` after noon of a day that is past."""
        return StockLevel(
            external_id=f"{item}:{place}",
            inventory_item_external_id=item,
            location_external_id=place,
            available=available,
            updated_at=values.pop("at", NOON + timedelta(minutes=minutes)),
            **values,
        )

    def take(self, *levels, backend=None):
        """Import levels one batch each; return their outcomes."""
        backend = backend or self.platform
        importer = self.env["retail.importer.stock_level"].sudo()
        outcomes = []
        for level in levels:
            message_id = next(self.message_ids)
            item = InboundItem(message_id, level, "api", level.version, level.content_hash(), "c")
            outcomes.append(importer._import_batch(backend, [item])[message_id].outcome.value)
        return outcomes

    def free(self, product=None, places=None):
        """Return what can be sold of a product, by place of a shop."""
        self.env.flush_all()
        places = places or self.shop_places
        product = product or self.product
        ids = [place.id for place in places]
        sql = self.env["retail.availability"]._free_sql(ids, [product.id])
        self.env.cr.execute(sql)
        found = {place: float(free) for place, _product, free in self.env.cr.fetchall()}
        self.env.cr.execute(self.env["retail.availability"]._free_sql(ids))
        every = {
            place: float(free) for place, one, free in self.env.cr.fetchall() if one == product.id
        }
        self.assertEqual(found, every)
        return [found.get(place.id, 0.0) for place in places]

    def rows(self):
        return self.env["retail.external.availability"].search(
            [("backend_id", "=", self.platform.id)]
        )

    def exceptions(self, code):
        return self.env["retail.exception"].search(
            [("backend_id", "=", self.platform.id), ("code", "=", code), ("state", "=", "open")]
        )


@tagged("post_install", "-at_install")
class TestRetailExternalAvailability(PlatformCase):
    """What a platform tells, and what can be sold then."""

    # What counts

    def test_both_shops_are_told_the_platforms_quantity(self):
        self.assertEqual(self.free(), [3, 3])
        self.assertEqual(self.take(self.level(8)), ["done"])
        self.assertEqual(self.free(), [8, 8])

    def test_an_item_that_it_never_told_of_is_odoos_to_count(self):
        other = make_product(self.env, self.warehouse, 5)
        self.take(self.level(8))
        self.assertEqual(self.free(other), [5, 5])

    def test_below_zero_is_none(self):
        self.take(self.level(-4))
        self.assertEqual(self.rows().quantity, -4)
        self.assertEqual(self.free(), [0, 0])

    def test_what_it_does_not_count_or_stock_is_not_offered(self):
        self.take(self.level(None))
        self.assertEqual(self.free(), [0, 0])
        self.take(self.level(9, 1, connected=False))
        self.assertEqual(self.free(), [0, 0])

    def test_an_order_since_its_count_is_subtracted_until_it_counts_again(self):
        now = datetime.now(timezone.utc)
        self.take(self.level(8, at=now - timedelta(minutes=5)))
        demand(self.env, self.warehouse, self.product, 2)
        self.assertEqual(self.free(), [6, 6])
        self.take(self.level(6, at=now + timedelta(minutes=5)))
        self.rows().observed_at = fields.Datetime.now() + timedelta(minutes=5)
        self.assertEqual(self.free(), [6, 6])

    def test_a_cancelled_order_is_given_back(self):
        self.take(self.level(8))
        move = demand(self.env, self.warehouse, self.product, 2)
        self.assertEqual(self.free(), [6, 6])
        move._action_cancel()
        self.assertEqual(self.free(), [8, 8])

    def test_more_promised_than_it_has_is_none(self):
        self.take(self.level(1))
        demand(self.env, self.warehouse, self.product, 5)
        self.assertEqual(self.free(), [0, 0])

    def test_an_order_before_its_count_is_subtracted_within_the_lag(self):
        demand(self.env, self.warehouse, self.product, 2)
        self.take(self.level(8, at=datetime.now(timezone.utc) + timedelta(minutes=1)))
        self.rows().observed_at = fields.Datetime.now() + timedelta(minutes=1)
        self.assertEqual(self.free(), [8, 8])
        self.platform.stock_lag = 30
        self.assertEqual(self.free(), [6, 6])

    def test_a_clock_that_runs_fast_hides_no_order(self):
        self.take(self.level(8, at=datetime.now(timezone.utc) + timedelta(days=1)))
        self.assertLessEqual(self.rows().observed_at, fields.Datetime.now())

    def test_places_of_one_location_are_added_and_others_left_alone(self):
        self.place(self.platform, "back")
        elsewhere = self.env["stock.location"].create(
            {
                "name": "Elsewhere",
                "usage": "internal",
                "location_id": self.warehouse.view_location_id.id,
            }
        )
        self.place(self.platform, "far", elsewhere)
        self.take(self.level(8), self.level(2, place="back"), self.level(50, place="far"))
        self.assertEqual(self.free(), [10, 10])

    def test_a_group_of_the_whole_warehouse_adds_its_locations(self):
        elsewhere = self.env["stock.location"].create(
            {
                "name": "Elsewhere",
                "usage": "internal",
                "location_id": self.warehouse.view_location_id.id,
            }
        )
        self.place(self.platform, "far", elsewhere)
        whole = self.place(self.shops[0], "whole", self.warehouse.view_location_id)
        self.take(self.level(8), self.level(50, place="far"))
        self.assertEqual(self.free(places=[whole]), [58])

    def test_of_two_platforms_at_one_location_the_first_in_order_counts(self):
        second = create_backend(self.env, name="Second platform")
        self.place(second, "store")
        self.platform._ownership("stock", "stock").rank = 2
        second._ownership("stock", "stock").write({"owner": "channel", "rank": 1})
        self.take(self.level(8))
        self.take(self.level(5), backend=second)
        self.assertEqual(self.free(), [5, 5])

    def test_odoo_counts_again_once_it_owns_stock(self):
        self.take(self.level(8))
        self.platform._set_owner("stock", "stock", "odoo")
        self.assertEqual(self.free(), [3, 3])

    # Replays and disorder

    def test_counts_in_any_order_end_with_the_latest(self):
        levels = [self.level(8, 1), self.level(5, 2), self.level(7, 3)]
        for order in permutations(levels):
            self.rows().unlink()
            self.take(*order)
            self.assertEqual(self.free(), [7, 7], [level.available for level in order])

    def test_a_replay_changes_nothing(self):
        self.take(self.level(8, 1), self.level(5, 2))
        self.assertEqual(self.take(self.level(8, 1), self.level(5, 2)), ["superseded", "done"])
        self.assertEqual(self.free(), [5, 5])

    def test_of_two_counts_of_one_moment_the_lower_one_holds(self):
        for order in permutations([self.level(8, 1), self.level(5, 1)]):
            self.rows().unlink()
            self.take(*order)
            self.assertEqual(self.free(), [5, 5])

    def test_a_batch_that_fails_leaves_no_trace(self):
        self.take(self.level(8))
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.take(self.level(1, 1))
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertEqual(self.free(), [8, 8])

    # What is not known

    def test_an_item_that_is_not_in_odoo_waits_for_its_product(self):
        self.assertEqual(self.take(self.level(4, item="NEW")), ["done"])
        self.assertFalse(self.rows().product_id)
        product = make_product(self.env, self.warehouse, 0)
        product.default_code = "NEW"
        self.rows().with_user(create_user(self.env, "operator")).action_match_again()
        self.assertEqual(self.rows().product_id, product)
        self.assertEqual(self.free(product), [4, 4])

    def test_a_sku_that_several_products_share_is_none_of_them(self):
        make_product(self.env, self.warehouse, 0).default_code = "SKU-1"
        self.take(self.level(8))
        self.assertFalse(self.rows().product_id)

    def test_a_place_that_is_not_known_waits_to_be_mapped(self):
        self.take(self.level(4, place="annex"))
        self.assertTrue(self.exceptions("stock_place_unmapped"))
        self.assertEqual(self.free(), [3, 3])
        place = self.platform.location_binding_ids.filtered(lambda p: p.external_id == "annex")
        place.odoo_id = self.warehouse.lot_stock_id
        self.assertEqual(self.free(), [4, 4])

    def test_levels_of_a_shop_that_owns_nothing_are_no_word(self):
        self.take(self.level(99, place="main"), backend=self.shops[0])
        self.assertEqual(self.free(), [3, 3])

    # Silence

    def test_a_silent_platform_is_shown_until_it_speaks(self):
        self.take(self.level(8))
        table = self.env["retail.external.availability"]
        table._sweep()
        self.assertFalse(self.exceptions("stock_silent"))
        long_ago = fields.Datetime.now() - timedelta(hours=30)
        self.rows().heard_at = long_ago
        self.env.cr.execute(
            "UPDATE retail_ownership SET write_date = %s WHERE backend_id = %s",
            [long_ago, self.platform.id],
        )
        self.env.invalidate_all()
        table._sweep()
        table._sweep()
        self.assertEqual(self.exceptions("stock_silent").occurrence_count, 1)
        self.assertEqual(self.free(), [8, 8])
        self.take(self.level(8))
        table._sweep()
        self.assertFalse(self.exceptions("stock_silent"))

    def test_nobody_writes_quantities_by_hand(self):
        self.take(self.level(8))
        with self.assertRaises(AccessError):
            self.rows().with_user(create_user(self.env, "administrator")).quantity = 9


class FirstShop(StockVendor):
    """A shop that takes stock."""

    code = "sample_first"


class SecondShop(StockVendor):
    """Another one."""

    code = "sample_second"


@tagged("post_install", "-at_install")
class TestTwoShops(PlatformCase):
    """What the platform tells, on its way to two shops."""

    VENDORS = (FirstShop, SecondShop)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for vendor in cls.VENDORS:
            cls.startClassPatcher(offer_sample_provider(cls.registry, vendor))
        cls.shops = cls.env["retail.backend"].union(
            *(create_backend(cls.env, name=v.code, provider=v.code) for v in cls.VENDORS)
        )
        cls.shop_places = [cls.place(shop, "main") for shop in cls.shops]
        for shop in cls.shops:
            cls.bind(shop)

    @classmethod
    def bind(cls, backend):
        cls.env["retail.product.binding"].create(
            {
                "backend_id": backend.id,
                "external_id": f"variant-{backend.id}",
                "odoo_id": cls.product.id,
                "inventory_item_external_id": "item",
                "sku": "SKU-1",
            }
        )

    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()
        for vendor in self.VENDORS:
            vendor.stock = SampleStock()
            vendor.stock.quantities["item", "main"] = 0

    def publish(self):
        """Let every shop be told what it may sell; return what they hold."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        for shop in self.shops:
            projection = self.env["retail.projection.stock"].sudo()
            for _pass in range(20):
                if not projection._run_chunk(shop.id):
                    break
            self.env.invalidate_all()
        return [vendor.stock.quantities["item", "main"] for vendor in self.VENDORS]

    def test_both_are_told_less_their_own_buffers(self):
        self.shops[1].stock_buffer = 2
        self.take(self.level(8))
        self.assertEqual(self.publish(), [8, 6])
        self.take(self.level(1, 1))
        self.assertEqual(self.publish(), [1, 0])

    def test_an_order_of_one_shop_lowers_both_until_the_platform_counts(self):
        self.take(self.level(8))
        self.publish()
        demand(self.env, self.warehouse, self.product, 3)
        self.assertEqual(self.publish(), [5, 5])

    def test_the_owner_itself_is_told_nothing(self):
        self.platform._set_owner("stock", "stock", "odoo")
        owner = self.shops[0]
        owner._set_owner("stock", "stock", "channel")
        self.assertEqual(self.publish(), [0, 3])
