from decimal import Decimal
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.retail_connector_base.models import retail_projection
from odoo.addons.retail_connector_base.providers import (
    Answer,
    CanonicalProvider,
    Capability,
    Direction,
    FlowSpec,
    Verdict,
)

from .common import PosCase


class FedProvider(CanonicalProvider):
    """An estate whose registers are sent what they sell; it keeps what it was sent."""

    code = "sample_fed"
    label = "Fed"
    capabilities = frozenset({Capability.FEED_OUT})
    flows = (FlowSpec("pos_item", Direction.OUT),)
    feed_batch = 2
    sent: list = []
    refused = frozenset()

    def change_feed(self, items, key):
        """Keep each batch; refuse some SKUs."""
        self.sent.append((key, tuple(items)))
        return [
            Answer(Verdict.REJECTED, "too long")
            if item.sku in self.refused
            else Answer(Verdict.DONE)
            for item in items
        ]


class FeedCase(PosCase):
    """Stores whose registers are fed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["product.product"].search([("available_in_pos", "=", True)]).write(
            {"available_in_pos": False}
        )
        for product in cls.products.values():
            product.available_in_pos = True
        cls.flow = cls.backend.flow_ids.filtered(lambda flow: flow.kind == "pos_item")
        cls.projection = cls.env["retail.projection.pos.item"]

    def compare(self, product_ids=None):
        """Compare as the projection does, and forget what was noted."""
        self.env.flush_all()
        self.projection._compare(self.backend, product_ids)

    def rows(self, store=None, **values):
        """Return the rows of a store by SKU."""
        domain = [("store_id", "=", (store or self.store).id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return {row.sku: row for row in self.env["retail.pos.feed"].search(domain)}

    def told(self, since=None, after=0, limit=1000, stores=()):
        """Return what registers read, and the last revision."""
        self.env.flush_all()
        reader = self.env["retail.api.reader"]
        return reader._read_pos_feed(self.backend, stores, since, max(after, since or 0), limit)


@tagged("post_install", "-at_install")
class TestFeed(FeedCase):
    """What registers are told."""

    def test_each_store_is_told_what_it_can_sell(self):
        self.env["stock.quant"]._update_available_quantity(
            self.products["A"], self.warehouse.lot_stock_id, -93
        )
        self.compare()
        self.assertEqual(set(self.rows()), {"A", "B", "C"})
        self.assertEqual(self.rows()["A"].available, 7)
        self.assertEqual(self.rows(self.store2)["A"].available, 100)

    def test_prices_are_those_of_the_store(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Airport",
                "company_id": self.company.id,
                "currency_id": self.currency.id,
                "item_ids": [
                    fields.Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": self.products["A"].id,
                            "compute_price": "fixed",
                            "fixed_price": 12.34,
                        }
                    )
                ],
            }
        )
        self.store2.pricelist_id = pricelist
        self.compare()
        here, there = self.rows()["A"], self.rows(self.store2)["A"]
        self.assertEqual(there.content["price"], "12.34")
        self.assertEqual(Decimal(here.content["price"]), Decimal(str(self.products["A"].lst_price)))
        self.assertEqual(there.content["currency"], "EUR")

    def test_taxes_are_told_with_their_rates(self):
        self.products["A"].taxes_id = self.taxes[19, True]
        self.products["B"].taxes_id = self.taxes[7, False]
        self.compare()
        rows = self.rows()
        self.assertEqual(rows["A"].content["tax_rates"], ["0.19"])
        self.assertTrue(rows["A"].content["taxes_included"])
        self.assertEqual(rows["B"].content["tax_rates"], ["0.07"])
        self.assertFalse(rows["B"].content["taxes_included"])

    def test_nothing_changes_where_nothing_differs(self):
        self.compare()
        before = {row.id: row.revision for row in self.rows().values()}
        self.compare()
        self.assertEqual({row.id: row.revision for row in self.rows().values()}, before)

    def test_only_what_changed_is_read_again(self):
        self.compare()
        _items, since = self.told()
        self.products["B"].name = "Bread"
        self.compare([self.products["B"].id])
        items, _last = self.told(since=since)
        self.assertEqual({(item.store_external_id, item.title) for item in items},
                         {("S1", "Bread"), ("S2", "Bread")})  # fmt: skip

    def test_what_is_sold_no_more_is_told_once_and_left_out_of_the_whole(self):
        self.compare()
        _items, since = self.told()
        self.products["C"].available_in_pos = False
        self.compare([self.products["C"].id])
        items, _last = self.told(since=since)
        self.assertEqual([(item.sku, item.active) for item in items], [("C", False)] * 2)
        self.assertNotIn("C", {item.sku for item in self.told()[0]})

    def test_what_is_sold_again_comes_back(self):
        self.compare()
        self.products["C"].available_in_pos = False
        self.compare()
        self.products["C"].available_in_pos = True
        self.compare()
        self.assertTrue(self.rows()["C"].sold)

    def test_a_store_without_warehouse_is_told_nothing_more(self):
        self.compare()
        self.store2.active = False
        self.compare()
        self.assertFalse(any(row.sold for row in self.rows(self.store2).values()))
        self.assertTrue(all(row.sold for row in self.rows().values()))

    def test_a_page_goes_on_where_the_last_one_ended(self):
        self.compare()
        seen, after = [], 0
        while True:
            items, last = self.told(after=after, limit=4)
            seen += [(item.store_external_id, item.sku) for item in items]
            if len(items) < 4:
                break
            after = last
        self.assertEqual(len(seen), 6)
        self.assertEqual(len(set(seen)), 6)

    def test_stores_are_read_by_their_own_ids(self):
        self.compare()
        items, _last = self.told(stores=("S2",))
        self.assertEqual({item.store_external_id for item in items}, {"S2"})
        self.assertEqual(self.told(stores=("unknown",))[0], [])

    def test_another_estate_reads_nothing_of_it(self):
        self.compare()
        other = self.env["retail.backend"].create(
            {"name": "Other", "provider": "canonical", "company_id": self.company.id}
        )
        items, last = self.env["retail.api.reader"]._read_pos_feed(other, (), None, 0, 10)
        self.assertEqual((items, last), ([], None))

    def test_a_large_catalogue_is_compared_in_parts(self):
        with patch.object(retail_projection, "AT_ONCE", 2):
            self.compare()
        noted = self.env["retail.change"].search([("backend_id", "=", self.backend.id)])
        self.assertEqual(set(noted.product_id.mapped("default_code")), {"A", "B", "C"})
        self.compare(noted.product_id.ids)
        self.assertEqual(set(self.rows()), {"A", "B", "C"})

    def test_barcodes_of_packages_are_told_too(self):
        self.products["A"].barcode = "4006381333931"
        self.env["product.uom"].create(
            {
                "product_id": self.products["A"].id,
                "uom_id": self.env.ref("uom.product_uom_dozen").id,
                "barcode": "4006381333948",
            }
        )
        self.compare()
        barcodes = self.rows()["A"].content["barcodes"]
        self.assertEqual(barcodes, ["4006381333931", "4006381333948"])


@tagged("post_install", "-at_install")
class TestFeedPromotions(FeedCase):
    """Which promotions registers are told."""

    def _program(self, **values):
        reward = {
            "reward_type": "discount",
            "discount": 20,
            "discount_mode": "percent",
            "discount_applicability": "specific",
            "discount_product_ids": self.products["A"].ids,
            **values.pop("reward", {}),
        }
        return self.env["loyalty.program"].create(
            {
                "name": "Sale",
                "program_type": "promotion",
                "applies_on": "current",
                "trigger": "auto",
                "company_id": self.company.id,
                "currency_id": self.currency.id,
                "rule_ids": [fields.Command.create({"minimum_qty": 2})],
                "reward_ids": [fields.Command.create(reward)],
                **values,
            }
        )

    def _told(self, sku="A", store=None):
        self.compare()
        return self.rows(store)[sku].content["promotions"]

    def test_a_discount_is_told_with_its_products(self):
        program = self._program()
        (told,) = self._told()
        self.assertEqual(
            (told["external_id"], told["percent"], told["scope"], told["minimum_quantity"]),
            (str(program.id), "0.2", "item", "2"),
        )
        self.assertEqual(self._told("B"), [])

    def test_an_amount_off_the_ticket_is_told_as_that(self):
        reward = {"discount": 5, "discount_mode": "per_order", "discount_applicability": "order"}
        self._program(reward=reward)
        (told,) = self._told("B")
        self.assertEqual((told["amount"], told["percent"], told["scope"]), ("5", None, "ticket"))

    def test_what_is_over_is_not_told(self):
        self._program(date_to="2020-01-01")
        self.assertEqual(self._told(), [])

    def test_a_promotion_of_one_store_is_told_there_alone(self):
        self._program(pos_config_ids=self.register3.odoo_id.ids)
        self.assertEqual(self._told(), [])
        self.assertEqual(len(self._told(store=self.store2)), 1)

    def test_a_changed_promotion_is_compared_again(self):
        program = self._program()
        self.compare()
        self.flow.full_at = fields.Datetime.now()
        program.reward_ids.discount = 30
        self.assertFalse(self.flow.full_at)


@tagged("post_install", "-at_install")
class TestFeedPush(FeedCase):
    """Registers that are sent their feed."""

    def setUp(self):
        super().setUp()
        cls = self.registry["retail.backend"]
        original = cls._provider_classes

        def _provider_classes(records):
            return {**original(records), FedProvider.code: FedProvider}

        self.startPatcher(patch.object(cls, "_provider_classes", _provider_classes))
        FedProvider.sent.clear()
        self.backend.provider = FedProvider.code
        self.provider = self.backend._provider()

    def _send(self):
        """Send batch by batch, as the projection does; return what was sent."""
        FedProvider.sent.clear()
        while rows := self.projection._take_batch(self.backend):
            attempt = {"key": rows[0].attempt_key, "row_ids": rows.ids}
            answers = self.projection._call(
                self.provider, self.projection._changes(rows), attempt["key"]
            )
            self.projection._store(self.backend.id, attempt, answers)
        return [item for _key, items in FedProvider.sent for item in items]

    def test_all_is_sent_once(self):
        self.compare()
        sent = self._send()
        self.assertEqual(len(sent), 6)
        self.assertEqual({item.currency for item in sent}, {"EUR"})
        self.assertTrue(all(row.verdict == "ok" for row in self.rows().values()))
        self.compare()
        self.assertEqual(self._send(), [])

    def test_what_changes_while_it_is_sent_is_sent_again(self):
        self.compare()
        rows = self.projection._take_batch(self.backend)
        self.products["A"].name = "Apples"
        self.compare([self.products["A"].id])
        attempt = {"key": rows[0].attempt_key, "row_ids": rows.ids}
        self.projection._store(self.backend.id, attempt, [Answer(Verdict.DONE)] * len(rows))
        self.assertIn("Apples", {item.title for item in self._send()})

    def test_what_is_refused_is_shown_and_not_sent_again_as_it_is(self):
        with patch.object(FedProvider, "refused", frozenset({"B"})):
            self.compare()
            self._send()
        row = self.rows()["B"]
        self.assertEqual((row.verdict, row.error), ("refused", "too long"))
        self.assertEqual(self._send(), [])
        self.products["B"].name = "Short"
        self.compare([self.products["B"].id])
        self.assertEqual({item.sku for item in self._send()}, {"B"})

    def test_what_was_never_told_is_not_taken_off(self):
        self.compare()
        self.products["C"].available_in_pos = False
        self.compare()
        self.assertNotIn("C", {item.sku for item in self._send()})
