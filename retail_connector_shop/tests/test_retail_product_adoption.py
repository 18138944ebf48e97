import logging
import time
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .product_case import ProductCase, product, variant

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install")
class TestRetailProductAdoption(ProductCase):
    """Runs with progress. The job's chunks are called here as the job calls them."""

    def run_of(self, action_result):
        """Return the run that a button started."""
        return self.env["retail.product.adoption"].search(action_result["domain"])

    def work(self, run):
        """Work on a run to its end; return the progress after each chunk."""
        progress = []
        while run._work_on_chunk(run.id):
            progress.append(round(run.progress))
        return progress

    def test_safe_matches_are_adopted_and_the_rest_waits(self):
        goods = self.goods("S-1")
        self.goods("S-2", "4002")
        self.goods("S-3")
        self.goods("TWICE")
        self.take(
            product("p", variant("v1", "S-1"), variant("v2", "S-3", "4002"), variant("v3", "NO")),
            product("q", variant("v4", "TWICE"), variant("v5", "TWICE")),
        )
        run = self.run_of(self.candidates.action_adopt_safe())
        self.assertEqual((run.total_count, run.progress), (1, 0))
        self.work(run)
        self.assertEqual((run.adopted_count, run.progress), (1, 100))
        self.assertTrue(run.finished_at)
        bound = self.bindings.search([("backend_id", "=", self.backend.id)])
        self.assertEqual((bound.external_id, bound.odoo_id), ("v1", goods))

    def test_a_run_shows_its_progress_and_goes_on_where_it_was_interrupted(self):
        for number in range(4):
            self.goods(f"S-{number}")
        self.take(product("p", *(variant(f"v{n}", f"S-{n}") for n in range(4))))
        run = self.run_of(self.candidates.action_adopt_safe())
        module = "odoo.addons.retail_connector_shop.models.retail_product_adoption"
        with patch.dict(f"{module}.CHUNK", {"adopt": 1}):
            run._work_on_chunk(run.id)
            self.assertEqual(run.progress, 25)
            self.assertEqual(self.work(run), [50, 75, 100])
        self.assertEqual((run.done_count, run.adopted_count), (4, 4))
        self.assertFalse(run._work_on_chunk(run.id))

    def test_a_row_that_cannot_be_adopted_does_not_keep_the_run_going(self):
        goods = self.goods("S-1")
        self.take(product("p", variant("v1", "S-1")))
        run = self.run_of(self.candidates.action_adopt_safe())
        goods.active = False
        self.work(run)
        self.assertTrue(run.finished_at)
        self.assertEqual((run.done_count, run.adopted_count), (1, 0))

    def test_two_runs_never_share_a_row(self):
        self.goods("S-1")
        self.take(product("p", variant("v1", "S-1")))
        self.candidates.action_adopt_safe()
        with self.assertRaises(UserError):
            self.candidates.action_adopt_safe()

    def test_a_run_creates_products(self):
        self.take(product("p", *(variant(f"v{n}", f"S-{n}") for n in range(60))))
        rows = self.candidates.search([("backend_id", "=", self.backend.id)])
        run = self.run_of(rows.action_create_products())
        self.work(run)
        self.assertEqual((run.total_count, run.adopted_count), (60, 60))
        self.assertEqual(set(rows.mapped("state")), {"adopted"})

    def test_five_thousand_variants(self):
        """Kept in seconds by shape: the number of statements does not grow with the variants."""
        template = self.goods("S-0").product_tmpl_id
        self.env.cr.execute(
            """
            INSERT INTO product_product (product_tmpl_id, default_code, active, combination_indices)
            SELECT %s, 'S-' || number, true, 'v' || number FROM generate_series(1, 4999) number
            """,
            [template.id],
        )
        started = time.monotonic()
        for page in range(0, 5000, 500):
            self.take(
                *(
                    product(f"p{first}", *(self.numbered(n) for n in range(first, first + 10)))
                    for first in range(page, page + 500, 10)
                )
            )
        taken = time.monotonic()
        run = self.run_of(self.candidates.action_adopt_safe())
        self.work(run)
        adopted = time.monotonic()
        _logger.info(
            "5,000 variants: taken %.2f s, adopted %.2f s", taken - started, adopted - taken
        )
        self.assertEqual((run.total_count, run.adopted_count), (5000, 5000))
        self.assertLess(adopted - started, 15)

    def numbered(self, number):
        """Return the variant of a number."""
        return variant(f"v{number}", f"S-{number}")
