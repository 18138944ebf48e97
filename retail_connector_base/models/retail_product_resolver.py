from odoo import api, models

SEARCHED = {"sku": ("sku", "default_code"), "barcode": ("barcode", "barcode")}


class RetailProductResolver(models.AbstractModel):
    """Finds the products that lines of a channel are, over a whole batch.

    By the binding, then by the codes that the backend's policy names, each only when one product
    of the company bears it.
    """

    _name = "retail.product.resolver"
    _description = "Retail Connector: products of lines"

    @api.model
    def _finder(self, backend, lines, key_of):
        """Return a function that gives the one product of a line, or none; one query per way.

        ``lines`` have ``sku`` and ``barcode``; ``key_of`` gives by what a line may be bound.
        """
        bound = self.env["retail.product.binding"]._by_external_id(
            backend, {key_of(line) for line in lines} - {None}
        )
        ways = [] if backend.product_match == "binding" else backend.product_match.split("_")
        found = {way: self._by(backend, way, lines) for way in ways}

        def find(line):
            if key_of(line) in bound:
                return bound[key_of(line)].odoo_id
            for way in ways:
                matches = found[way].get(getattr(line, SEARCHED[way][0]))
                if matches:
                    return matches if len(matches) == 1 else matches.browse()
            return self.env["product.product"]

        return find

    def _by(self, backend, way, lines):
        """Return the company's products by SKU or barcode; several may share a SKU."""
        attribute, field = SEARCHED[way]
        values = {getattr(line, attribute) for line in lines} - {None, ""}
        if not values:
            return {}
        companies = (False, backend.company_id.id)
        domain = [(field, "in", list(values)), ("company_id", "in", companies)]
        return self.env["product.product"].search(domain).grouped(field)
