from odoo import api, models


class RetailProductContentCreate(models.AbstractModel):
    """Makes products that only a system of record has, with a variant of each of theirs."""

    _name = "retail.product.content.create"
    _description = "Retail Connector: products made from a system of record"

    @api.model
    def _create_missing(self, backend, products):
        """Make and bind the products none of whose variants is in Odoo, or may be."""
        candidates = self.env["retail.product.candidate"].search(
            [
                ("backend_id", "=", backend.id),
                ("product_external_id", "in", [product.external_id for product in products]),
            ]
        )
        by_listing = candidates.grouped("product_external_id")
        for product in products:
            rows = by_listing.get(product.external_id, candidates.browse())
            if rows and all(row.state == "unmatched" for row in rows):
                self._create(backend, product, rows.sudo())

    def _create(self, backend, product, rows):
        quiet = self.with_company(backend.company_id).with_context(
            tracking_disable=True, mail_create_nolog=True
        )
        template = quiet._create_template(backend, product)
        by_id = {row.external_id: row for row in rows}
        for told in product.variants:
            variant = quiet._variant(template, told)
            row = by_id.get(told.external_id)
            if variant and row:
                variant.write(quiet._variant_values(told))
                row.write({"product_id": variant.id, "state": "matched", "match_reason": "created"})
        made = rows.filtered("product_id").product_id
        (template.product_variant_ids - made).unlink()
        rows.filtered("product_id").with_context(retail_import=True)._adopt()

    def _create_template(self, backend, product):
        values = {
            "name": product.title.strip() or product.external_id,
            "type": "consu",
            "is_storable": True,
            # The price is its owner's to say: until then there is none.
            "list_price": 0.0,
            "attribute_line_ids": self._attribute_lines(product),
        }
        return self.env["product.template"].create(values)

    def _attribute_lines(self, product):
        """Return the lines of the options by which variants differ, in their order."""
        values = {}
        for variant in product.variants:
            for option in variant.options:
                values.setdefault(option.name, {}).setdefault(option.value)
        return [
            (0, 0, {"attribute_id": attribute.id, "value_ids": [(6, 0, found.ids)]})
            for attribute, found in (
                self._attribute(name, list(told)) for name, told in values.items()
            )
        ]

    def _attribute(self, name, told):
        """Return Odoo's attribute of a name that makes variants, and its values; make both."""
        attributes = self.env["product.attribute"]
        found = attributes.search(
            [("name", "=ilike", name), ("create_variant", "!=", "no_variant")], limit=1
        )
        attribute = found or attributes.create({"name": name, "create_variant": "dynamic"})
        known = {value.name: value for value in attribute.value_ids}
        for value in told:
            if value not in known:
                known[value] = attribute.value_ids.create(
                    {"name": value, "attribute_id": attribute.id}
                )
        return attribute, attribute.value_ids.union(*(known[value] for value in told))

    def _variant(self, template, told):
        """Return the product of a variant's options, made where attributes make it on demand."""
        wanted = {(option.name.casefold(), option.value) for option in told.options}
        values = template.attribute_line_ids.product_template_value_ids.filtered(
            lambda value: (value.attribute_id.name.casefold(), value.name) in wanted
        )
        if len(values) != len(template.attribute_line_ids):
            return self.env["product.product"]
        known = template._get_variant_for_combination(values)
        return known or template._create_product_variant(values)

    def _variant_values(self, told):
        codes = {"default_code": (told.sku or "").strip(), "barcode": (told.barcode or "").strip()}
        return {name: value for name, value in codes.items() if value}
