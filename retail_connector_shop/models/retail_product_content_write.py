import re
from decimal import Decimal

from odoo import api, models
from odoo.tools import html2plaintext

from odoo.addons.retail_connector_base.decisions.problem import ImportProblem, Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

SEPARATOR = re.compile(r"\s*[/>]\s*")


class RetailProductContentWrite(models.AbstractModel):
    """Where in Odoo each field of a product's content is kept.

    Descriptions are the webshop's where there is one, else the text of quotations, plain. Tags are
    those that customers see. Statements (material: wool) are rows of their own: Odoo's attributes
    make variants.
    """

    _name = "retail.product.content.write"
    _description = "Retail Connector: writing content of products"

    # Reading

    @api.model
    def _held(self, template, name, theirs):
        """Return what a product holds of a field; ``None`` where it holds nothing."""
        return getattr(self, f"_held_{name}")(template, theirs) or None

    def _held_title(self, template, theirs):
        return template.name

    def _held_description_html(self, template, theirs):
        return str(template[self._text_field(template)] or "").strip()

    def _held_product_type(self, template, theirs):
        return template.categ_id.complete_name

    def _held_tags(self, template, theirs):
        return sorted(template.product_tag_ids.filtered("visible_to_customers").mapped("name"))

    def _held_attributes(self, template, theirs):
        return [[row.name, row.value] for row in self._attributes(template)]

    def _held_images(self, template, theirs):
        rows = self.env["retail.product.picture"].search([("product_tmpl_id", "=", template.id)])
        if rows:
            return [{"url": row.url, "alt": row.alt or None} for row in rows]
        return ["…"] if template.image_1920 else None

    def _held_state(self, template, theirs):
        # Draft and archived are one to Odoo: not on sale.
        on_sale = template.active and template.sale_ok
        return theirs if on_sale == (theirs == "active") else "active" if on_sale else "draft"

    @api.model
    def _code_of(self, variant, name):
        """Return a code of a variant, or its weight in grams as text."""
        if name == "weight_grams":
            builder = self.env["retail.listing.builder"]
            grams = builder._grams(variant, builder._grams_per_unit())
            return format(grams, "f") if grams is not None else None
        return variant["default_code" if name == "sku" else name] or None

    @api.model
    def _grams_kept(self, grams):
        """Return a weight as Odoo would keep it, rounded as weights are, in grams as text."""
        per_unit = self.env["retail.listing.builder"]._grams_per_unit()
        digits = self.env["decimal.precision"].precision_get("Stock Weight")
        weight = round(grams / per_unit, digits)
        return format((weight * per_unit).normalize(), "f")

    def _attributes(self, template):
        return self.env["retail.product.attribute"].search([("product_tmpl_id", "=", template.id)])

    # Words

    def _text_field(self, template):
        own = "description_ecommerce"
        return own if own in template._fields else "description_sale"

    @api.model
    def _text(self, template, html):
        """Return a text of theirs as Odoo would keep it."""
        name = self._text_field(template)
        if name == "description_sale":
            return html2plaintext(html).strip()
        field = template._fields[name]
        return str(field.convert_to_cache(html, template) or "").strip()

    @api.model
    def _category(self, backend, path):
        """Return the category of a path, by mapping or name. Raises what a person fixes."""
        mappings = self.env["retail.mapping"]
        mapped = mappings._resolve(backend, "category", [path])
        if path in mapped:
            return mapped[path]
        wanted = SEPARATOR.sub(" / ", path.strip()).casefold()
        last = wanted.rsplit(" / ", 1)[-1]
        found = self.env["product.category"].search([("name", "=ilike", last)])
        same = found.filtered(lambda each: each.complete_name.casefold() == wanted)
        if len(same) == 1:
            return same
        raise ImportProblem(
            Problem(
                error_class=ErrorClass.MAPPING,
                code="unmapped_category",
                subject=path,
                title=self.env._("Category “%(path)s” is not mapped", path=path),
                cause=self.env._(
                    "%(backend)s owns the category of products, and Odoo has none of this name. "
                    "Say which it is, or that it is to be ignored.",
                    backend=backend.name,
                ),
                fix="map_value",
                fix_values=mappings._problem_values("category", path),
            )
        )

    # Writing

    @api.model
    def _write_fields(self, backend, record, values):
        """Write fields of a product or a variant in one go; what is equal is not written."""
        plain = {}
        for name, value in values.items():
            plain |= getattr(self, f"_values_{name}")(backend, record, value) or {}
        changed = {
            name: value for name, value in plain.items() if self._differs(record, name, value)
        }
        if changed:
            quiet = {"tracking_disable": True, "mail_create_nolog": True}
            record.with_context(**quiet).write(changed)

    def _differs(self, record, name, value):
        held = record[name]
        return getattr(held, "ids", held) != (value[0][2] if isinstance(value, list) else value)

    def _values_title(self, backend, template, value):
        return {"name": value}

    def _values_description_html(self, backend, template, value):
        return {self._text_field(template): value}

    def _values_product_type(self, backend, template, value):
        found = self.env["product.category"].search([("complete_name", "=", value)], limit=1)
        return {"categ_id": found.id} if found and found != template.categ_id else {}

    def _values_tags(self, backend, template, value):
        tags = self.env["product.tag"]
        known = {tag.name: tag for tag in tags.search([("name", "in", value)])}
        missing = [name for name in value if name not in known]
        known |= {tag.name: tag for tag in tags.create([{"name": name} for name in missing])}
        own = template.product_tag_ids.filtered(lambda tag: not tag.visible_to_customers)
        wanted = own | tags.union(*(known[name] for name in value))
        return {"product_tag_ids": [(6, 0, wanted.ids)]}

    def _values_attributes(self, backend, template, value):
        self._attributes(template).unlink()
        self.env["retail.product.attribute"].create(
            [
                {
                    "product_tmpl_id": template.id,
                    "backend_id": backend.id,
                    "sequence": position,
                    "name": name,
                    "value": told,
                }
                for position, (name, told) in enumerate(value)
            ]
        )

    def _values_images(self, backend, template, value):
        self.env["retail.product.picture"]._want(backend, template, value)

    def _values_state(self, backend, template, value):
        return {"sale_ok": value == "active"}

    def _values_sku(self, backend, variant, value):
        return {"default_code": value}

    def _values_barcode(self, backend, variant, value):
        return {"barcode": value}

    def _values_weight_grams(self, backend, variant, value):
        per_unit = self.env["retail.listing.builder"]._grams_per_unit()
        return {"weight": float(Decimal(value) / per_unit)}
