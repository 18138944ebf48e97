from odoo import models

from odoo.addons.retail_connector_base.decisions.listing_rules import ListingProblem, problems_of

# What else in the channel has one of these SKUs: bound to other products, or not in Odoo at all.
TAKEN = """
    SELECT btrim(sku) FROM retail_product_binding
     WHERE backend_id = %(backend)s AND sku = ANY(%(skus)s) AND odoo_id <> ALL(%(products)s)
     UNION
    SELECT btrim(sku) FROM retail_product_candidate
     WHERE backend_id = %(backend)s AND sku = ANY(%(skus)s)
       AND status <> 'deleted' AND state <> 'adopted'
       AND product_external_id <> %(external_id)s
     UNION
    SELECT btrim(product.default_code)
      FROM product_product product
      JOIN retail_listing other ON other.product_tmpl_id = product.product_tmpl_id
     WHERE other.backend_id = %(backend)s AND other.id <> %(listing)s AND product.active
       AND other.state NOT IN ('draft', 'archived')
       AND btrim(product.default_code) = ANY(%(skus)s)
"""


class RetailListing(models.Model):
    """What speaks against publishing a product, said before anything is sent."""

    _inherit = "retail.listing"

    def _check_rules(self):
        """Look for problems of these listings again; return those listings that have none."""
        fine = self.browse()
        for backend, listings in self.grouped("backend_id").items():
            built = self.env["retail.listing.builder"]._build(backend, listings)
            for listing, wanted in built.items():
                problems = self.browse(listing.id)._problems(wanted)
                self.browse(listing.id)._keep_problems(problems)
                if not problems:
                    fine |= self.browse(listing.id)
        return fine

    def _keep_problems(self, problems):
        rows = [[problem.code, problem.about] for problem in problems] or False
        if rows != (self.sudo().problems or False):
            self.sudo().problems = rows

    def _problems(self, wanted):
        """Return what speaks against the complete ``Listing`` ``wanted``."""
        self.ensure_one()
        provider = self.sudo().backend_id._provider_class()
        if not provider:
            return [ListingProblem("no_provider")]
        found = problems_of(wanted, provider.listing_rules, self._taken_skus(wanted))
        return [*self._own_problems(wanted), *found]

    def _own_problems(self, wanted):
        listing = self.sudo()
        template, backend = listing.product_tmpl_id, listing.backend_id
        problems = []
        if not template.active or not template.sale_ok:
            problems.append(ListingProblem("not_for_sale"))
        if template.company_id and template.company_id not in backend.company_id.parent_ids:
            problems.append(ListingProblem("other_company"))
        if not self.external_id:
            if price_problem := backend._find_price_problem():
                problems.append(ListingProblem("price_list", price_problem))
            if self._bound_products():
                problems.append(ListingProblem("already_there"))
        return problems

    def _bound_products(self):
        """Return the channel's products that variants of this product are bound to."""
        listing = self.sudo()
        bindings = self.env["retail.product.binding"].sudo()
        found = bindings.search(
            [("backend_id", "=", listing.backend_id.id), ("odoo_id", "in", self._variants().ids)]
        )
        ids = set(found.mapped("product_external_id")) - {False}
        return ids - self.env["retail.tombstone"].sudo()._dead(listing.backend_id, "product", ids)

    def _taken_skus(self, wanted):
        skus = [variant.sku for variant in wanted.variants if variant.sku]
        if not skus:
            return set()
        self.env.flush_all()
        self.env.cr.execute(
            TAKEN,
            {
                "backend": self.backend_id.id,
                "listing": self.id,
                "skus": skus,
                "products": self._variants().ids,
                "external_id": self.external_id or "",
            },
        )
        return {row[0] for row in self.env.cr.fetchall()}

    # In words

    def _problem_texts(self):
        """Return the problems in words."""
        words = self._problem_words()
        return [words.get(code, code) % {"about": about} for code, about in self.problems or ()]

    def _problem_words(self):
        return {
            "no_title": self.env._("The product has no name."),
            "long_title": self.env._("The name is longer than %(about)s characters."),
            "uneven_options": self.env._("The variants do not all have the same attributes."),
            "many_options": self.env._(
                "The variants differ by more than %(about)s attributes: the channel takes no more."
            ),
            "same_option": self.env._("The attribute “%(about)s” is there twice."),
            "no_variants": self.env._("There is no variant to sell."),
            "many_variants": self.env._("There are more than %(about)s variants."),
            "no_sku": self.env._("%(about)s variants have no internal reference (SKU)."),
            "same_sku": self.env._("Several variants have the SKU %(about)s."),
            "taken_sku": self.env._("Another product in the channel has the SKU %(about)s."),
            "no_price": self.env._("%(about)s variants have no price."),
            "not_for_sale": self.env._("The product is archived or not for sale."),
            "other_company": self.env._("The product belongs to another company."),
            "price_list": self.env._("There is no price to publish it with: %(about)s"),
            "already_there": self.env._(
                "The channel has this product already. Manage it from Odoo instead of publishing "
                "it anew."
            ),
            "no_provider": self.env._("The backend's provider is not installed."),
        }
