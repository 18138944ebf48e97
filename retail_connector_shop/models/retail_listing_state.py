from odoo import fields, models

from odoo.addons.retail_connector_base.decisions.listing_difference import acknowledged_of
from odoo.addons.retail_connector_base.providers import Verdict


class RetailListing(models.Model):
    """What the projection writes."""

    _inherit = "retail.listing"

    def _variant_reference(self, variant):
        """Return our identity of a variant in this listing."""
        return f"{self.reference}-{variant.id}"

    def _settle(self, content):
        """Note that nothing differs any more."""
        self.write({"desired": content, "pending": False, "verdict": "ok", "error": False})

    def _prepare(self, wanted, content, names):
        """Keep what is about to be sent, as it will be sent until its answer is known."""
        self.write(
            {
                "desired": content,
                "attempted": content,
                "attempted_listing": wanted.model_dump(mode="json"),
                "attempted_fields": names,
                "verdict": "pending",
                "error": False,
            }
        )

    def _hold_back(self, content):
        """Do not send what the channel would not take."""
        self.write(
            {
                "desired": content,
                "attempted": content,
                "pending": False,
                "verdict": "refused",
                "error": " ".join(self._problem_texts())[:500],
            }
        )

    def _is_refused(self, content):
        """Tell whether the channel refused just this. What we held back ourselves may be right by
        now."""
        return (
            self.verdict in ("refused", "missing")
            and not self.problems
            and content == self.attempted
        )

    def _refuse(self, answer):
        """Override: a product that is gone needs a person, unless it was to go."""
        result = super()._refuse(answer)
        if self.attempts > 1 and not self.external_id:
            self.maybe_there = True
        if answer.verdict is not Verdict.MISSING:
            # Something else may be wanted since it was sent.
            self.pending = True
        elif self.state == "archived":
            self.write({"verdict": "ok", "error": False})
        else:
            self._lose(answer.text)
        return result

    def _acknowledge_attempt(self, owned):
        """Keep what the channel took. Of a first publication, more was told than is ours."""
        content = {**(self.acknowledged or {}), **self.attempted}
        if not self.attempted["variants"]:
            content["variants"] = (self.acknowledged or {}).get("variants", {})
        values = {
            **self._acknowledged_values(),
            "acknowledged": acknowledged_of(content, owned),
            # Something else may be wanted since it was sent: it is looked at once more.
            "pending": True,
            "maybe_there": False,
        }
        if "variants" in self.attempted_fields:
            gone = {*(self.removed_ids or ()), *self.attempted_listing["removed"]}
            values["removed_ids"] = sorted(gone) or False
        if self.state == "approved":
            values["state"] = "published"
            values["published_at"] = self.published_at or fields.Datetime.now()
        self.write(values)

    def _bind(self, answer):
        """Keep the channel's ids: of the product, and of each variant that is new."""
        if answer.external_id and answer.external_id != self.external_id:
            self.external_id = answer.external_id
        products = {self._variant_reference(product): product for product in self._variants()}
        bindings = self.env["retail.product.binding"]
        known = bindings._by_external_id(
            self.backend_id, [ids.external_id for ids in answer.variants]
        )
        for ids in answer.variants:
            product = products.get(ids.reference)
            if product:
                values = self._binding_values(ids, product)
                binding = known.get(ids.external_id)
                binding.write(values) if binding else bindings.create(
                    {**values, "backend_id": self.backend_id.id, "external_id": ids.external_id}
                )
        self._forget_removed({ids.external_id for ids in answer.variants})
        self._after_binding(answer, products)

    def _forget_removed(self, external_ids):
        """Let go of former variants whose product the channel has anew; the others stay bound, for
        late orders."""
        gone = set(self.removed_ids or ()) - external_ids
        self.removed_ids = sorted(gone) or False
        bindings = self._channel_bindings()
        here = bindings.filtered(lambda bound: bound.external_id in external_ids).odoo_id
        bindings.filtered(
            lambda bound: bound.external_id in gone and bound.odoo_id in here
        ).unlink()

    def _binding_values(self, ids, product):
        return {
            "odoo_id": product.id,
            "title": self.product_tmpl_id.name,
            "sku": product.default_code,
            "barcode": product.barcode,
            "product_external_id": self.external_id,
            "inventory_item_external_id": ids.inventory_item_external_id,
            "last_seen_at": fields.Datetime.now(),
        }

    def _after_binding(self, answer, products):
        """Tell those that wait for the variants: the review list, stock and prices."""
        candidates = self.env["retail.product.candidate"]
        there = [("backend_id", "=", self.backend_id.id)]
        external_ids = [ids.external_id for ids in answer.variants]
        found = candidates.search([*there, ("external_id", "in", external_ids)])
        candidates._match(self.backend_id, found.ids)
        told = {ids.reference for ids in answer.variants}
        product_ids = [products[reference].id for reference in told & products.keys()]
        for kind in ("stock_level", "price"):
            self.env["retail.change"]._note(kind, product_ids)
