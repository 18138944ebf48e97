from datetime import timezone
from decimal import Decimal

from odoo import api, models

from odoo.addons.retail_connector_base.canonical import version_of
from odoo.addons.retail_connector_base.decisions.outcome import ImportResult, Outcome
from odoo.addons.retail_connector_base.decisions.ownership import (
    NEVER_TOLD,
    Facts,
    Owner,
    Ruling,
    decide,
)
from odoo.addons.retail_connector_base.decisions.ownership_table import BY_KEY
from odoo.addons.retail_connector_base.decisions.problem import ImportProblem, ItemFailures

PRICE = BY_KEY["price", "price"]


class RetailImporterPrice(models.AbstractModel):
    """Takes over prices of a system that owns them: rules of a price list, or sales prices.

    Where Odoo owns prices, what is told is listed in ``retail.refusal``. Nothing is converted: a
    price in another currency, or with other taxes in it than Odoo's, waits for a person.
    """

    _name = "retail.importer.price"
    _inherit = "retail.importer"
    _description = "Retail Importer: prices"

    _binding_model = "retail.price.binding"

    @api.model
    def _apply(self, backend, pairs):
        """Override: take the prices of a batch."""
        products = self.env["retail.price.item"]._products(
            backend, [i.canonical for i, _b in pairs]
        )
        rule = self.env["retail.ownership"]._rules(backend, "price")("price")
        results, failures = {}, {}
        for item, binding in pairs:
            try:
                product = products(item.canonical)
                results[item.message_id] = self._take(backend, item, binding, product, rule)
            except ImportProblem as problem:
                failures[item.message_id] = problem
        if failures:
            raise ItemFailures(failures)
        return results

    def _take(self, backend, item, binding, product, rule):
        price, place = item.canonical, None
        if rule.owner is Owner.CHANNEL or rule.policy.value != "owner_wins":
            place = self.env["retail.price.item"]._place(backend, price, product)
            self.env["retail.price.item"]._check(backend, price, place)
        rule_item = self._known_item(binding, place, price, product)
        facts = self._facts(binding, item, place, rule_item, product)
        decision = decide(rule, facts)
        if decision.ruling is Ruling.APPLY:
            rule_item = self._write_price(price, place, rule_item, product)
        self._tell(backend, product, facts, decision, rule, item)
        binding = self._save(backend, item, binding, product, rule_item)
        return self._result(decision, binding)

    def _result(self, decision, binding):
        record = (binding._name, binding.id)
        if decision.ruling in (Ruling.REFUSE, Ruling.ASK):
            note = self.env._("It is not this system's price: see Messages → Not Taken.")
            return ImportResult(Outcome.IGNORED, note, record)
        return ImportResult(Outcome.DONE, record=record)

    # Comparing

    def _known_item(self, binding, place, price, product):
        """Return the rule that holds this price now: the bound one, else one that says the same."""
        if binding.odoo_id and (not place or binding.odoo_id.pricelist_id == place):
            return binding.odoo_id
        items = self.env["product.pricelist.item"]
        return self._same_item(place, price, product) if place else items

    def _same_item(self, place, price, product):
        values = self.env["retail.price.item"]._values(place, price, product)
        wanted = ("pricelist_id", "product_id", "min_quantity", "date_start", "date_end")
        domain = [(name, "=", values[name]) for name in wanted]
        items = self.env["product.pricelist.item"]
        return items.search([*domain, ("compute_price", "=", "fixed")], limit=1)

    def _facts(self, binding, item, place, rule_item, product):
        before = binding.snapshot["amount"] if binding.snapshot else NEVER_TOLD
        amount = item.canonical.amount
        held, record = self._held(rule_item, place, product)
        written = record.write_date
        return Facts(
            before if before is NEVER_TOLD or before is None else plain(Decimal(before)),
            plain(amount) if amount is not None else None,
            held,
            item.version,
            version_of(written.replace(tzinfo=timezone.utc)) if written else 0,
        )

    def _held(self, rule_item, place, product):
        """Return what Odoo holds, and where; nothing where the price has no rule of its own."""
        if rule_item:
            return plain(Decimal(repr(rule_item.fixed_price))), rule_item
        if place:
            return None, rule_item
        template = product.product_tmpl_id
        return plain(Decimal(repr(template.list_price))), template

    # Writing

    def _write_price(self, price, place, rule_item, product):
        """Write, or take back, a price; return the rule that holds it."""
        if not place:
            if price.amount is not None:
                product.product_tmpl_id.list_price = float(price.amount)
            return rule_item
        if price.amount is None:
            rule_item.unlink()
            return rule_item.browse()
        values = self.env["retail.price.item"]._values(place, price, product)
        if rule_item:
            rule_item.write(values)
            return rule_item
        return rule_item.create(values)

    def _save(self, backend, item, binding, product, rule_item):
        values = {
            **self.env[self._binding_model]._state_values(item),
            "odoo_id": rule_item.id,
            "product_id": product.id,
            "snapshot": item.canonical.model_dump(mode="json"),
        }
        if binding:
            binding.write(values)
            return binding
        identity = {"backend_id": backend.id, "external_id": item.canonical.external_id}
        return binding.create({**identity, **values})

    def _tell(self, backend, product, facts, decision, rule, item):
        why = {
            Owner.ELSEWHERE: self.env._("Another system owns prices."),
            Owner.ODOO: self.env._("Odoo owns prices."),
        }
        self.env["retail.refusal"]._tell(
            backend, product, PRICE, [("amount", facts, decision)], why.get(rule.owner),
            item.correlation_id,
        )  # fmt: skip

    @api.model
    def _write_amount(self, backend, product, amount):
        """Write the price that a person took: that which was told of the product last."""
        binding = self.env[self._binding_model].search(
            [("backend_id", "=", backend.id), ("product_id", "=", product.id)],
            order="last_seen_at desc, id desc",
            limit=1,
        )
        price = self.env["retail.price.item"]._stored(binding, amount)
        place = self.env["retail.price.item"]._place(backend, price, product)
        self.env["retail.price.item"]._check(backend, price, place)
        rule_item = self._known_item(binding, place, price, product)
        binding.odoo_id = self._write_price(price, place, rule_item, product)


def plain(amount):
    """Return an amount as text, the same for 10, 10.0 and 1E+1."""
    return format(amount.normalize() + 0, "f")
