from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical import Deletion
from odoo.addons.retail_connector_base.tests.common import CommittedCase
from odoo.addons.retail_connector_base.tests.sample_provider import SampleProvider

from .product_case import NOON, ProductCase, product, variant


@tagged("post_install", "-at_install")
class TestRetailProductInbox(ProductCase):
    """The whole way of a product message: inbox row, parser, importer, state."""

    def process(self, canonical, state="done"):
        """Put a message into the inbox and process it; check the state it ends in."""
        message = self.env["retail.inbox.message"].create(
            {
                "backend_id": self.backend.id,
                "company_id": self.backend.company_id.id,
                "source": "webhook",
                "topic": "products/update",
                "kind": canonical.kind,
                "event_id": f"{canonical.entity_key}@{canonical.version}",
                "entity_key": canonical.entity_key,
                "lane": 0,
                "body_hash": "x",
                "correlation_id": canonical.entity_key,
                "received_at": "2026-01-01 12:00:00",
            }
        )
        with patch.object(SampleProvider, "parse", lambda *_args: canonical):
            self.env["retail.inbox.processor"]._process(message)
        self.assertEqual(message.state, state, message.error)
        return message

    def test_a_product_message_ends_in_its_listing(self):
        self.goods("S-1")
        message = self.process(product("p", variant("v1", "S-1")))
        self.assertEqual(message.record_model, "retail.product.listing")
        self.assertEqual(self.verdict("v1"), ("matched", "sku"))

    def test_an_older_message_is_superseded(self):
        self.process(product("p", variant("v1", "NEW"), minute=5))
        self.process(product("p", variant("v1", "OLD"), minute=1), "superseded")
        self.assertEqual(self.candidate("v1").sku, "NEW")

    def test_a_deletion_leaves_a_tombstone_that_no_late_update_revives(self):
        self.process(product("p", variant("v1", "S-1")))
        gone = Deletion(
            external_id="p", deleted_kind="product", updated_at=NOON + timedelta(minutes=9)
        )
        self.process(gone)
        self.assertFalse(self.candidate("v1"))
        self.process(product("p", variant("v1", "S-1"), minute=10), "superseded")
        self.assertFalse(self.candidate("v1"))


@tagged("post_install", "-at_install")
class TestRetailProductAdoptionJob(CommittedCase):
    """The job on real cursors, as queue_job runs it."""

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            goods = env["product.product"].create(
                {"name": "Job", "default_code": f"JOB-{self.key}"}
            )
            env["retail.product.candidate"]._take(
                env["retail.backend"].browse(self.backend_id), {"p": [self.row(goods)]}
            )
            self.goods_id = goods.id

    def row(self, goods):
        return {
            "external_id": "v1",
            "product_external_id": "p",
            "title": "Job",
            "sku": goods.default_code,
            "barcode": None,
            "status": "active",
        }

    def _clean_up(self):
        with self.registry.cursor() as cr:
            for table in ("candidate", "adoption", "binding", "listing"):
                cr.execute(
                    f"DELETE FROM retail_product_{table} WHERE backend_id = %s", [self.backend_id]
                )
        with self.committed() as env:
            env["product.product"].browse(self.goods_id).product_tmpl_id.unlink()
        return super()._clean_up()

    def test_the_job_adopts_in_transactions_of_its_own_and_may_run_twice(self):
        with self.committed() as env:
            candidates = env["retail.product.candidate"].search(
                [("backend_id", "=", self.backend_id)]
            )
            run_id = int(candidates.action_adopt_safe()["domain"][0][2][0])
        with self.committed() as env:
            jobs = env["queue.job"].search([("model_name", "=", "retail.product.adoption")])
            self.assertEqual(list(jobs.args), [self.backend_id, run_id])
        for _time in range(2):
            with self.committed() as env:
                env["retail.product.adoption"]._job_run(self.backend_id, run_id)
        with self.committed() as env:
            run = env["retail.product.adoption"].browse(run_id)
            self.assertEqual((run.progress, run.adopted_count), (100, 1))
            bound = env["retail.product.binding"].search([("backend_id", "=", self.backend_id)])
            self.assertEqual(bound.odoo_id.id, self.goods_id)
