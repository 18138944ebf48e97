from datetime import timezone

from odoo import api, models

from odoo.addons.retail_connector_base.canonical import version_of
from odoo.addons.retail_connector_base.canonical.product import Product, ProductState
from odoo.addons.retail_connector_base.decisions.ownership import (
    NEVER_TOLD,
    Facts,
    Owner,
    Rule,
    Ruling,
    decide,
)
from odoo.addons.retail_connector_base.decisions.ownership_table import GROUPS

# Of an unknown state nothing is said.
STATES = (ProductState.ACTIVE, ProductState.DRAFT, ProductState.ARCHIVED)


class RetailProductContent(models.AbstractModel):
    """Takes over what a system tells of products that it owns: texts, pictures, codes.

    What is taken is decided field by field by ``retail.ownership``; a product that the review list
    has not tied to one of Odoo's yet is taken over when it is.
    """

    _name = "retail.product.content"
    _description = "Retail Connector: content of products"

    @api.model
    def _take(self, backend, listings):
        """Take over what these listings of one backend were told last."""
        rule = self.env["retail.ownership"]._rules(backend, "product")
        superiors = self.env["retail.ownership"]._superiors(backend, "product")
        bound = self._bound(backend, listings)
        for listing in listings:
            templates = bound[listing].odoo_id.product_tmpl_id
            if not templates or not listing.told:
                continue
            rules = self._ranked(backend, rule, superiors, templates)
            product = Product.model_validate(listing.told)
            before = listing.taken and Product.model_validate(listing.taken)
            for template in templates:
                self._take_product(backend, template, product, before, rules, listing)
            for binding in bound[listing]:
                self._take_variant(backend, binding, product, before, rules, listing)
            listing.taken = listing.told

    def _bound(self, backend, listings):
        """Return the bound variants of each listing."""
        bindings = self.env["retail.product.binding"].search(
            [
                ("backend_id", "=", backend.id),
                ("product_external_id", "in", listings.mapped("external_id")),
            ]
        )
        by_listing = bindings.grouped("product_external_id")
        none = bindings.browse()
        return {listing: by_listing.get(listing.external_id, none) for listing in listings}

    def _ranked(self, backend, rule, superiors, templates):
        """Of several owners the first that knows the product owns it."""
        above = self.env["retail.backend"].union(*superiors.values())
        knowing = self.env["retail.product.binding"].search(
            [
                ("backend_id", "in", above.ids),
                ("odoo_id.product_tmpl_id", "in", templates.ids),
            ]
        ).backend_id if above else above  # fmt: skip

        def of(group, field):
            told = rule(group, field)
            outranked = superiors[group] & knowing
            return Rule(Owner.ELSEWHERE, told.policy, told.fills) if outranked else told

        return of

    # Products

    def _take_product(self, backend, template, product, before, rules, listing):
        record = template.with_context(lang=self._lang(backend))
        theirs = self._told(backend, record, product)
        known = self._told(backend, record, before) if before else {}
        self._decide(backend, record, theirs, known, rules, listing)

    def _take_variant(self, backend, binding, product, before, rules, listing):
        told = {one.external_id: one for one in product.variants}
        former = {one.external_id: one for one in before.variants} if before else {}
        variant, old = told.get(binding.external_id), former.get(binding.external_id)
        if variant:
            theirs, known = self._codes(variant), self._codes(old) if old else {}
            self._decide(backend, binding.odoo_id, theirs, known, rules, listing)

    def _codes(self, variant):
        codes = {
            "sku": (variant.sku or "").strip(),
            "barcode": (variant.barcode or "").strip(),
            "weight_grams": variant.weight_grams
            and self._writer()._grams_kept(variant.weight_grams),
        }
        return {name: value for name, value in codes.items() if value}

    def _writer(self):
        return self.env["retail.product.content.write"]

    def _lang(self, backend):
        return backend.listing_lang or backend.company_id.partner_id.lang

    def _told(self, backend, template, product):
        """Return by field what a product says; what it does not say is left out."""
        told = {"title": product.title.strip()}
        if product.description_html is not None:
            told["description_html"] = self._text(template, product.description_html)
        category = self._category(backend, product.category or product.product_type)
        if category:
            told["product_type"] = category.complete_name
        if "tags" in product.model_fields_set:
            told["tags"] = sorted({tag.strip() for tag in product.tags if tag.strip()})
        if product.attributes is not None:
            told["attributes"] = [[each.name, each.value] for each in product.attributes]
        if product.images is not None:
            told["images"] = [{"url": each.url, "alt": each.alt} for each in product.images]
        if product.state in STATES:
            told["state"] = product.state.value
        return told

    def _ours(self, record, name, theirs):
        """Return what Odoo holds of a field, in the same words."""
        if record._name == "product.product":
            return self._writer()._code_of(record, name)
        return self._writer()._held(record, name, theirs)

    def _decide(self, backend, record, theirs, known, rules, listing):
        """Decide about each field; write what is taken, list what is not."""
        taken = {}
        for group in GROUPS:
            if group.domain != "product":
                continue
            news = []
            for name in group.fields:
                if name not in theirs:
                    continue
                facts = self._facts(record, name, theirs[name], known, listing)
                decision = decide(rules(group.code, name), facts)
                news.append((name, facts, decision))
                if decision.ruling is Ruling.APPLY:
                    taken[name] = theirs[name]
            self._tell(backend, record, group, news, listing.correlation_id)
        self._write_fields(backend, record, taken)

    def _facts(self, record, name, theirs, known, listing):
        ours = self._ours(record, name, theirs)
        written = record.write_date
        return Facts(
            (known[name] or None) if name in known else NEVER_TOLD,
            theirs or None,
            ours,
            int(listing.external_version or 0),
            version_of(written.replace(tzinfo=timezone.utc)) if written else 0,
        )

    def _tell(self, backend, record, group, news, correlation_id):
        refused = any(decision.ruling is Ruling.REFUSE for _name, _facts, decision in news)
        reason = self.env._("It is not this system's.") if refused else None
        self.env["retail.refusal"]._tell(backend, record, group, news, reason, correlation_id)

    def _write_fields(self, backend, record, values):
        """Write fields, as ``_told`` names them."""
        if values:
            record = record.with_context(lang=self._lang(backend))
            self._writer()._write_fields(backend, record, values)

    # Words of theirs

    def _text(self, template, html):
        """Return a text as Odoo keeps it: sanitised for the webshop, or plain."""
        return self._writer()._text(template, html)

    def _category(self, backend, path):
        """Return the category that a path of theirs is, by mapping or by its name."""
        if not path:
            return self.env["product.category"]
        return self._writer()._category(backend, path)
