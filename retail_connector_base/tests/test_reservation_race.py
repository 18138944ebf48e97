from contextlib import contextmanager, suppress
from random import Random
from threading import Event, Thread

from psycopg2 import OperationalError

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.exception import RetryableJobError

from .common import CommittedCase
from .stock import demand, make_product

UNITS = 12
TRIES = 50
LANE = "odoo.addons.retail_connector_base.models.retail_lane_mixin"


class RaceCase(CommittedCase):
    """Products of which a channel shows what is free, really committed."""

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            warehouse = env["stock.warehouse"].search([], limit=1)
            self.warehouse_id = warehouse.id
            self.product_ids = [make_product(env, warehouse, UNITS).id for _time in range(2)]
            self.place_id = self._place(env, warehouse).id
        self.product_id = self.product_ids[0]

    def _place(self, env, warehouse):
        return env["retail.location.binding"].create(
            {
                "backend_id": self.backend_id,
                "external_id": "main",
                "name": "Main",
                "odoo_id": warehouse.lot_stock_id.id,
            }
        )

    def _clean_up(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM retail_reservation_request")
            for table in ("stock_move_line", "stock_move", "stock_quant"):
                cr.execute(f"DELETE FROM {table} WHERE product_id = ANY(%s)", [self.product_ids])
            cr.execute("DELETE FROM retail_location_binding WHERE id = %s", [self.place_id])
        return super()._clean_up()

    # What happens

    def demand(self, env, product_id, quantity=1, **context):
        """Confirm a delivery; return its move."""
        warehouse = env["stock.warehouse"].browse(self.warehouse_id)
        return demand(
            env, warehouse, env["product.product"].browse(product_id), quantity, **context
        )

    def reserve(self, quantity=1):
        """Let a store reserve goods; return the move's id."""
        with self.committed() as env:
            return self.demand(env, self.product_id, quantity).id

    def ship(self, move_id, quantity=1):
        """Let goods leave, reserved or not."""
        with self.committed() as env:
            self._ship(env["stock.move"].browse(move_id), quantity)

    def _ship(self, move, quantity):
        move.quantity = quantity
        move.picked = True
        move._action_done()

    @contextmanager
    def locked(self, condition="true"):
        """Hold quants of the product as the lane does while it reserves."""
        with self.registry.cursor() as cr:
            cr.execute(
                f"SELECT FROM stock_quant WHERE product_id = %s AND {condition} FOR NO KEY UPDATE",
                [self.product_id],
            )
            yield

    # What is seen

    def quants(self):
        """Return on hand (as it is stored) and reserved of each quant, the oldest first."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT found.quantity, found.reserved_quantity FROM stock_quant found "
                "JOIN stock_location place ON place.id = found.location_id "
                "WHERE found.product_id = %s AND place.usage = 'internal' ORDER BY found.id",
                [self.product_id],
            )
            return [tuple(value if value is None else int(value) for value in row)
                    for row in cr.fetchall()]  # fmt: skip

    def free(self, product_id):
        """Return what channels are told of a product, before it is shown as nothing."""
        with self.committed() as env:
            query = env["retail.availability"]._free_sql([self.place_id], [product_id])
            return sum(free for _place, _product, free in env.execute_query(query))


@tagged("post_install", "-at_install")
class TestReservationRace(RaceCase):
    """Stores and the lane write to the same quants at once."""

    def test_a_reservation_beside_a_locked_quant_is_not_free(self):
        with self.locked():
            self.reserve()
        self.assertEqual(self.quants(), [(UNITS, 0), (None, 1)])  # Odoo's way not to wait
        self.assertEqual(self.free(self.product_id), UNITS - 1)

    def test_what_was_reserved_beside_a_locked_quant_is_released(self):
        with self.locked():
            move_id = self.reserve()
        self.ship(move_id)
        self.assertEqual(sum(reserved for _quantity, reserved in self.quants()), 0)
        self.assertEqual(self.free(self.product_id), UNITS - 1)

    def test_what_is_released_beside_a_locked_quant_is_missing_in_the_sum_alone(self):
        with self.locked():
            move_id = self.reserve(2)
        with self.locked("reserved_quantity > 0"):
            self.ship(move_id, 2)
        self.assertEqual(self.quants(), [(UNITS - 2, -2), (None, 2)])
        self.reserve()
        self.assertEqual(sum(reserved for _quantity, reserved in self.quants()), 1)
        self.assertEqual(self.free(self.product_id), UNITS - 3)

    @mute_logger("odoo.sql_db", LANE)
    def test_units_sold_beyond_stock_are_what_is_lacking(self):
        for seed in range(2):
            self._sell_out(seed)
            for product_id in self.product_ids:
                with self.subTest(seed=seed):
                    self.assertEqual(*self._reserved(product_id))
                    self.assertEqual(self.free(product_id), UNITS - self._sold(product_id))

    def _reserved(self, product_id):
        """Return what is reserved by quants; by lines."""
        with self.committed() as env:
            domain = [("product_id", "=", product_id)]
            quants = env["stock.quant"].search([*domain, ("location_id.usage", "=", "internal")])
            lines = env["stock.move.line"].search([*domain, ("state", "!=", "done")])
            return sum(quants.mapped("reserved_quantity")), sum(lines.mapped("quantity"))

    def _sold(self, product_id):
        with self.committed() as env:
            moves = env["stock.move"].search([("product_id", "=", product_id)])
            return sum(moves.mapped("product_uom_qty"))

    # Shops, stores and the lane

    def _sell_out(self, seed):
        over = Event()
        lane = Thread(target=self._lane, args=(over,))
        sellers = [
            Thread(target=sell, args=(Random(f"{seed}:{sell.__name__}:{number}"),))
            for sell in (self._shop, self._store)
            for number in range(2)
        ]
        for thread in (lane, *sellers):
            thread.start()
        for thread in sellers:
            thread.join()
        over.set()
        lane.join()

    def _shop(self, random):
        for _time in range(8):
            product_id, quantity = random.choice(self.product_ids), random.choice((1, 1, 2))
            context = {"retail_defer_reservation": True, "retail_backend_id": self.backend_id}
            self._again(lambda env: self.demand(env, product_id, quantity, **context).id)  # noqa: B023

    def _store(self, random):
        """Sell over the counter; who holds the goods gets them, whoever reserved them."""
        for _time in range(5):
            product_id = random.choice(self.product_ids)
            move_id = self._again(lambda env: self.demand(env, product_id).id)  # noqa: B023
            self._again(lambda env: self._ship(env["stock.move"].browse(move_id), 1))  # noqa: B023

    def _lane(self, over):
        last = False
        while not last:
            last = over.is_set()
            with suppress(RetryableJobError), self.committed() as env:
                env["retail.reservation"]._job_reserve(self.warehouse_id)

    def _again(self, work):
        """Run a transaction as requests are run: again when another one was faster."""
        for _time in range(TRIES):
            with suppress(OperationalError), self.committed() as env:
                return work(env)
        raise AssertionError(f"{TRIES} times another one was faster")
