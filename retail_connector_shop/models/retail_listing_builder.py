from decimal import Decimal

from odoo import api, models
from odoo.tools import html_sanitize, is_html_empty, plaintext2html

from odoo.addons.retail_connector_base.canonical.listing import Listing, ListingVariant
from odoo.addons.retail_connector_base.canonical.product import ProductOption, ProductState

GRAM = Decimal("0.001")


class RetailListingBuilder(models.AbstractModel):
    """Turns products into what a channel shall show of them. Other rules override its methods."""

    _name = "retail.listing.builder"
    _description = "Retail Connector: what is shown of a product"

    @api.model
    def _build(self, backend, listings):
        """Return the complete ``Listing`` of each of these listings of one backend."""
        listings = self._in_language(backend, listings)
        variants = self._sold_variants(listings)
        bindings = self._bindings(backend, listings)
        removed = self._removed(variants, bindings)
        prices = self._first_prices(backend, listings, bindings, variants)
        images, grams = listings._images(), self._grams_per_unit()
        return {
            listing: self._listing(
                backend,
                listing,
                [
                    self._variant(
                        listing,
                        variant,
                        bindings.get((listing.id, variant.id)),
                        prices.get(variant.id),
                        grams,
                    )
                    for variant in variants[listing]
                ],
                images[listing],
                removed.get(listing.id, ()),
            )
            for listing in listings
        }

    def _in_language(self, backend, listings):
        lang = backend.listing_lang or backend.company_id.partner_id.lang
        return listings.sudo().with_company(backend.company_id).with_context(lang=lang)

    def _sold_variants(self, listings):
        """Return the variants of each listing that are sold: those of dynamic attributes exist
        once somebody made them."""
        variants = listings.product_tmpl_id.product_variant_ids.filtered("active").sorted("id")
        by_template = variants.grouped("product_tmpl_id")
        none = variants.browse()
        # What is read of one is read of all.
        return {
            listing: by_template.get(listing.product_tmpl_id, none).with_prefetch(variants.ids)
            for listing in listings
        }

    def _listing(self, backend, listing, variants, images, removed):
        template = listing.product_tmpl_id
        return Listing(
            reference=listing.reference,
            external_id=listing.external_id or None,
            title=(template.name or "").strip(),
            description_html=self._text_of(template),
            state=self._state(listing),
            vendor=self._vendor(backend, template),
            product_type=template.categ_id.name or "",
            tags=self._tags(template),
            images=images,
            variants=tuple(variants),
            removed=tuple(removed),
        )

    # Fields of a product

    def _text_of(self, template):
        """Return the text for customers as safe HTML: the webshop's own, else the sales text."""
        own = "description_ecommerce" in template._fields and template.description_ecommerce
        if own and not is_html_empty(own):
            return str(html_sanitize(own))
        return str(plaintext2html(template.description_sale)) if template.description_sale else ""

    def _state(self, listing):
        template = listing.product_tmpl_id
        if listing.state == "archived" or not (template.active and template.sale_ok):
            return ProductState.ARCHIVED
        return ProductState(listing.publish_as)

    def _vendor(self, backend, template):
        """Return the name the product is sold under. Suppliers are nobody's business."""
        return backend.brand_id.name or backend.company_id.name

    def _tags(self, template):
        tags = template.product_tag_ids.filtered("visible_to_customers")
        return tuple(sorted(tags.mapped("name")))

    # Variants

    def _variant(self, listing, variant, binding, price, grams_per_unit):
        return ListingVariant(
            reference=listing._variant_reference(variant),
            external_id=binding.external_id if binding else None,
            inventory_item_external_id=(
                binding.inventory_item_external_id or None if binding else None
            ),
            sku=(variant.default_code or "").strip(),
            barcode=variant.barcode or "",
            weight_grams=self._grams(variant, grams_per_unit),
            options=self._options(variant),
            price=price.price if price else None,
            compare_at_price=price.compare_at if price else None,
            tracked=variant.is_storable,
        )

    def _options(self, variant):
        """Return what tells a variant from its siblings, in the order of the attributes.

        An attribute of one value tells nothing, and one that makes no variants is chosen when
        something is ordered.
        """
        values = variant.product_template_attribute_value_ids.filtered(
            lambda value: (
                value.attribute_id.create_variant != "no_variant"
                and len(value.attribute_line_id.value_ids) > 1
            )
        )
        lines = {value: value.attribute_line_id for value in values}
        ordered = values.sorted(lambda value: (lines[value].sequence, lines[value].id))
        return tuple(
            ProductOption(name=value.attribute_id.name, value=value.name) for value in ordered
        )

    def _grams(self, variant, grams_per_unit):
        """Return the weight in grams, ``None`` where nobody entered any: for Odoo that is 0."""
        if not variant.weight:
            return None
        grams = Decimal(repr(variant.weight)) * grams_per_unit
        return grams.quantize(GRAM).normalize() + 0

    def _grams_per_unit(self):
        """Return how many grams the unit has that weights are entered in."""
        unit = self.env["product.template"]._get_weight_uom_id_from_ir_config_parameter()
        gram = self.env.ref("uom.product_uom_gram")
        return Decimal(repr(unit._compute_quantity(1.0, gram, round=False)))

    def _removed(self, variants, bindings):
        """Return by listing the channel's ids of variants that are sold no more."""
        sold = {(listing.id, product.id) for listing in variants for product in variants[listing]}
        removed = {}
        for key in sorted(bindings.keys() - sold):
            removed.setdefault(key[0], []).append(bindings[key].external_id)
        return removed

    def _bindings(self, backend, listings):
        """Return by (listing, product) the bindings to the listing's own product in the channel,
        without those of variants that the channel took away at our wish."""
        owners = {listing.external_id: listing for listing in listings if listing.external_id}
        gone = {external_id for listing in listings for external_id in listing.removed_ids or ()}
        found = (
            self.env["retail.product.binding"]
            .sudo()
            .search(
                [("backend_id", "=", backend.id), ("product_external_id", "in", list(owners))],
                order="id desc",
            )
        )
        return {
            (owners[binding.product_external_id].id, binding.odoo_id.id): binding
            for binding in found
            if binding.external_id not in gone
            and binding.odoo_id.product_tmpl_id
            == owners[binding.product_external_id].product_tmpl_id
        }

    def _first_prices(self, backend, listings, bindings, variants):
        """Return the prices of variants that the channel does not have yet."""
        new = self.env["product.product"].union(
            *(
                variants[listing].filtered(lambda v, of=listing.id: (of, v.id) not in bindings)
                for listing in listings
            )
        )
        if not new or backend._find_price_problem():
            return {}
        return self.env["retail.price"]._of(backend, new)
