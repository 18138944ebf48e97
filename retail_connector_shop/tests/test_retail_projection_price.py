from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.retail_connector_base.models import retail_projection

from .publishing import PublishingCase


@tagged("post_install", "-at_install")
class TestProjectionPrice(PublishingCase):
    """Prices on their way to a shop."""

    def setUp(self):
        super().setUp()
        self.products = self.env["product.product"].union(
            *(self.template(f"T{n}", f"S{n}", 10.0 + n).product_variant_id for n in range(3))
        )
        for number, product in enumerate(self.products):
            self.bound(product, f"V{number}", f"P{number}")

    def state(self, number=0):
        """Return the state of a variant's price."""
        return self.env["retail.price.state"].search(
            [("backend_id", "=", self.backend.id), ("binding_id.external_id", "=", f"V{number}")]
        )

    def told(self):
        """Return the variants that were told a price, in order, and forget them."""
        variants = [change.variant for change in self.shop.called("price")]
        self.shop.calls.clear()
        return variants

    def prices(self):
        """Return the shop's prices."""
        return {variant: price for variant, (price, _before, _currency) in self.shop.prices.items()}

    def test_all_prices_are_told_once(self):
        self.project("price")
        self.assertEqual(
            self.prices(), {"V0": Decimal("10.00"), "V1": Decimal("11.00"), "V2": Decimal("12.00")}
        )
        self.assertEqual(self.told(), ["V0", "V1", "V2"])
        self.project("price", full=True)
        self.assertEqual(self.told(), [])

    def test_only_what_changed_is_told(self):
        self.project("price")
        self.told()
        self.products[1].list_price = 99.0
        self.project("price")
        self.assertEqual(self.told(), ["V1"])
        self.assertEqual(self.prices()["V1"], Decimal("99.00"))

    def test_what_was_changed_by_hand_is_told_anew(self):
        self.project("price")
        self.told()
        self.shop.prices["V1"] = (Decimal("1.00"), None, "XXX")
        self.flow("price").read_every = 24
        self.flow("price").read_at = fields.Datetime.now() - timedelta(hours=25)
        self.project("price")
        self.assertEqual((self.told(), self.prices()["V1"]), (["V0", "V1", "V2"], Decimal("11.00")))
        self.project("price", full=True)
        self.assertEqual(self.told(), [])

    def test_prices_are_not_told_anew_by_themselves_at_first(self):
        self.assertEqual(self.flow("price").read_every, 0)
        self.assertFalse(self.flow("price").read_next_at)

    def test_what_is_refused_is_told_again_only_when_a_person_wants_it(self):
        self.shop.rejects = {"V1": "Too cheap."}
        self.project("price")
        self.told()
        self.flow("price").read_every = 24
        self.flow("price").read_at = fields.Datetime.now() - timedelta(hours=25)
        self.project("price")
        self.assertEqual(self.told(), ["V0", "V2"])
        self.shop.rejects = {}
        self.flow("price").action_read_again()
        self.project("price")
        self.assertEqual(self.told(), ["V0", "V1", "V2"])
        self.assertFalse(self.open_exceptions("price_refused"))

    def test_the_currency_and_compare_at_travel_along(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Sale",
                "item_ids": [(0, 0, {"compute_price": "percentage", "percent_price": 50.0})],
            }
        )
        self.backend.write({"pricelist_id": pricelist.id, "compare_at_policy": "list_price"})
        self.project("price")
        currency = self.backend.company_id.currency_id.name
        self.assertEqual(self.shop.prices["V0"], (Decimal("5.00"), Decimal("10.00"), currency))
        self.backend.compare_at_policy = "none"
        self.project("price")
        self.assertEqual(self.shop.prices["V0"], (Decimal("5.00"), None, currency))

    def test_a_rule_of_one_product_bears_upon_it_alone(self):
        self.backend.pricelist_id = self.env["product.pricelist"].create({"name": "List"})
        self.project("price")
        self.told()
        rule = self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.backend.pricelist_id.id,
                "applied_on": "1_product",
                "product_tmpl_id": self.products[2].product_tmpl_id.id,
                "compute_price": "fixed",
                "fixed_price": 3.0,
            }
        )
        self.project("price")
        self.assertEqual(self.told(), ["V2"])
        rule.unlink()
        self.project("price")
        self.assertEqual((self.told(), self.prices()["V2"]), (["V2"], Decimal("12.00")))

    def test_an_unknown_outcome_is_sent_again_as_it_was(self):
        self.shop.script = ["unanswered"]
        self.project("price")
        self.assertTrue(self.state().attempt_key)
        self.products[0].list_price = 50.0
        self.project("price")
        keys = [key for _kind, key, _changes in self.shop.calls]
        self.assertEqual(keys[0], keys[1])
        self.assertEqual(self.shop.calls[0][2], self.shop.calls[1][2])
        self.assertEqual(self.prices()["V0"], Decimal("50.00"))
        self.assertFalse(self.state().attempt_key)

    def test_a_refused_price_is_not_sent_again_until_it_is_another(self):
        self.shop.rejects = {"V1": "Too cheap."}
        self.project("price")
        self.assertEqual((self.state(1).verdict, self.state(1).error), ("refused", "Too cheap."))
        self.assertTrue(self.open_exceptions("price_refused"))
        self.told()
        self.project("price", full=True)
        self.assertEqual(self.told(), [])
        self.shop.rejects = {}
        self.products[1].list_price = 20.0
        self.project("price")
        self.assertEqual((self.told(), self.state(1).verdict), (["V1"], "ok"))
        self.assertFalse(self.state(1).error)
        self.assertFalse(self.open_exceptions("price_refused"))

    def test_a_refused_price_that_goes_back_is_in_step(self):
        self.project("price")
        self.shop.rejects = {"V1": "Too dear."}
        self.products[1].list_price = 1000.0
        self.project("price")
        self.assertEqual(self.state(1).verdict, "refused")
        self.products[1].list_price = 11.0
        self.told()
        self.project("price")
        self.assertEqual((self.told(), self.state(1).verdict), ([], "ok"))

    def test_no_price_is_told_nothing_and_shown(self):
        self.products[0].list_price = 0.0
        self.project("price")
        self.assertEqual(self.told(), ["V1", "V2"])
        self.assertTrue(self.state(0).error)
        self.assertIn("T0", self.open_exceptions("no_price").cause)
        self.products[0].list_price = 7.0
        self.project("price", full=True)
        self.assertEqual(self.told(), ["V0"])
        self.assertFalse(self.open_exceptions("no_price"))

    def test_a_wrong_currency_tells_nothing_and_asks_for_a_price_list(self):
        self.project("price")
        self.told()
        self.backend.last_test_report = {"details": [["Currency", "JPY"]]}
        self.products[0].list_price = 50.0
        self.project("price", full=True)
        self.assertEqual(self.told(), [])
        self.assertEqual(self.open_exceptions("price_configuration").fix, "open_backend")
        self.backend.last_test_report = False
        self.project("price", full=True)
        self.assertEqual(self.told(), ["V0"])
        self.assertFalse(self.open_exceptions("price_configuration"))

    def test_what_is_not_sold_any_more_is_told_nothing(self):
        self.products[0].active = False
        self.env["retail.tombstone"]._bury(self.backend, "product", {"P1": 1})
        self.bound(self.backend.custom_product_id, "V9", "P9")
        self.project("price")
        self.assertEqual(self.told(), ["V2"])

    def test_nothing_is_noted_while_the_flow_is_paused(self):
        self.project("price")
        self.flow("price").paused = True
        self.products[0].list_price = 44.0
        self.env.flush_all()
        self.env.cr.precommit.run()
        noted = self.env["retail.change"].search_count(
            [("backend_id", "=", self.backend.id), ("kind", "=", "price")]
        )
        self.assertEqual(noted, 0)

    def test_many_prices_are_compared_in_several_transactions(self):
        with patch.object(retail_projection, "AT_ONCE", 2):
            self.project("price", full=True)
        self.assertEqual(self.told(), ["V0", "V1", "V2"])
        self.products[1].list_price = 0
        with patch.object(retail_projection, "AT_ONCE", 2):
            self.project("price", full=True)
        self.assertTrue(self.open_exceptions("no_price"))

    def test_the_number_of_queries_does_not_grow_with_the_products(self):
        def queries():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["retail.projection.price"].sudo()._compare(self.backend, None)
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        for number in range(10, 40):
            self.bound(self.template(f"T{number}").product_variant_id, f"V{number}", f"P{number}")
        queries()
        self.assertLessEqual(queries(), few + 2)
