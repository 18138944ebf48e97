from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.providers import (
    RejectedError,
    StockChange,
    StockKey,
    TransientError,
    Verdict,
)

from .shopify_common import FakeHttp, provider

PLACE = "655441491"


def change(item, quantity=5, expected=3):
    return StockChange(StockKey(str(item), PLACE), quantity, expected)


def refusal(index, code, field="inventoryItemId"):
    return {"code": code, "field": ["input", "quantities", str(index), field], "message": code}


def answer(*errors):
    return {"data": {"inventorySetQuantities": {"userErrors": list(errors)}}}


def stock(variables):
    """A shop that holds 4 of everything."""
    level = {"quantities": [{"name": "available", "quantity": 4}]}
    return {"data": {"nodes": [{"id": one, "inventoryLevel": level} for one in variables["ids"]]}}


@tagged("post_install", "-at_install")
class TestShopifyOutboundStock(BaseCase):
    def apply(self, changes, *answers, key="key"):
        """Write to a shop that gives these answers in turn."""
        left = list(answers)
        http = FakeHttp(lambda name, sent: stock(sent) if name == "Stock" else left.pop(0))
        return provider(http).change_stock(changes, key), http

    def sent(self, http):
        return [variables for name, variables in http.calls if name == "SetStock"]

    def test_expected_quantities_and_a_key_are_sent(self):
        found, http = self.apply([change(1), change(2, 0, 9)], answer())
        self.assertEqual([one.verdict for one in found], [Verdict.DONE] * 2)
        (variables,) = self.sent(http)
        self.assertEqual(variables["input"]["name"], "available")
        self.assertEqual(variables["input"]["reason"], "correction")
        self.assertEqual(
            [(q["quantity"], q["changeFromQuantity"]) for q in variables["input"]["quantities"]],
            [(5, 3), (0, 9)],
        )
        self.assertTrue(variables["key"])

    def test_keys_are_of_the_attempt_and_of_what_is_sent(self):
        changes = [change(1), change(2)]
        _found, one = self.apply(changes, answer())
        _found, same = self.apply(changes, answer())
        _found, other = self.apply(changes, answer(), key="other")
        _found, less = self.apply(changes[:1], answer())
        keys = [self.sent(http)[0]["key"] for http in (one, same, other, less)]
        self.assertEqual(keys[0], keys[1])
        self.assertEqual(len(set(keys)), 3)

    def test_the_rest_goes_out_again_under_its_own_key(self):
        changes = [change(number) for number in range(1, 5)]
        errors = [
            refusal(0, "CHANGE_FROM_QUANTITY_STALE", "changeFromQuantity"),
            refusal(2, "INVALID_INVENTORY_ITEM"),
        ]
        found, http = self.apply(changes, answer(*errors), answer(refusal(1, "ANY")), answer())
        self.assertEqual(
            [one.verdict for one in found],
            [Verdict.STALE, Verdict.DONE, Verdict.MISSING, Verdict.REJECTED],
        )
        self.assertEqual(found[0].actual, 4)
        sizes = [len(variables["input"]["quantities"]) for variables in self.sent(http)]
        self.assertEqual(sizes, [4, 2, 1])
        self.assertEqual(len({variables["key"] for variables in self.sent(http)}), 3)

    def test_a_refusal_of_the_whole_refuses_every_item(self):
        error = {"code": "INVALID_REASON", "field": ["input", "reason"], "message": "No."}
        found, _http = self.apply([change(1), change(2)], answer(error))
        self.assertEqual([(x.verdict, x.text) for x in found], [(Verdict.REJECTED, "No.")] * 2)

    def test_indexes_that_cannot_be_are_refusals_of_the_whole(self):
        for field in (None, ["input"], ["input", "quantities", "9"], ["input", "quantities", "x"]):
            error = {"code": "ANY", "field": field, "message": "No."}
            found, _http = self.apply([change(1)], answer(error))
            self.assertEqual(found[0].verdict, Verdict.REJECTED)

    def test_the_same_request_at_work_is_asked_for_later(self):
        error = {"code": "IDEMPOTENCY_CONCURRENT_REQUEST", "field": None, "message": "Wait."}
        with self.assertRaises(TransientError):
            self.apply([change(1)], answer(error))
        activation = {"message": "This request is currently in progress, please try again."}
        refused = answer(refusal(0, "ITEM_NOT_STOCKED_AT_LOCATION", "locationId"))
        with self.assertRaises(TransientError):
            self.apply(
                [change(1)], refused, {"data": {"inventoryActivate": {"userErrors": [activation]}}}
            )

    def test_what_others_activated_meanwhile_is_stale(self):
        refused = answer(refusal(0, "ITEM_NOT_STOCKED_AT_LOCATION", "locationId"))
        error = {"field": ["available"], "message": "Not allowed: already active."}
        found, _http = self.apply(
            [change(1)], refused, {"data": {"inventoryActivate": {"userErrors": [error]}}}
        )
        self.assertEqual((found[0].verdict, found[0].actual), (Verdict.STALE, 4))

    def test_what_the_shop_holds_already_is_not_written(self):
        found, http = self.apply([change(1, 4, None)])
        self.assertEqual(found[0].verdict, Verdict.DONE)
        self.assertEqual(self.sent(http), [])

    def test_answers_that_say_nothing_are_transient(self):
        for content in ({"data": {}}, {"data": {"inventorySetQuantities": None}}):
            with self.assertRaises(TransientError):
                self.apply([change(1)], content)

    def test_ids_that_are_none_are_refused(self):
        with self.assertRaises(RejectedError):
            self.apply([change("gid://shopify/Shop/1")])

    def test_pages_that_cost_too_much_are_halved(self):
        sizes = []

        def shop(_name, variables):
            sizes.append(len(variables["ids"]))
            if sizes[-1] > 100:
                error = {"message": "too much", "extensions": {"code": "MAX_COST_EXCEEDED"}}
                return {"errors": [error]}
            return stock(variables)

        keys = [StockKey(str(number), PLACE) for number in range(1, 301)]
        found = provider(FakeHttp(shop)).read_stock(keys)
        self.assertEqual(found, dict.fromkeys(keys, 4))
        self.assertEqual(sizes, [250, 125, 62, 62, 62, 62, 52])
