from decimal import Decimal

from odoo import api, models


class RetailKit(models.AbstractModel):
    """What kits are made of. Kits exist where manufacturing is installed: phantom bills."""

    _name = "retail.kit"
    _description = "Retail Connector: kits"

    @api.model
    def _parts(self, product, company, moves=None):
        """Return by part the units of one kit, in the part's unit; nothing for what is none.

        ``moves`` delivered it: their bill holds, also where another one took its place.
        """
        if "mrp.bom" not in self.env or not product:
            return {}
        bom = self._delivered_bom(product, moves) or self._bom_of(product, company)
        one = product.uom_id._compute_quantity(1, bom.product_uom_id, round=False) if bom else 0
        parts = {}
        for line, data in bom.explode(product, one / bom.product_qty)[1] if bom else ():
            part, unit = line.product_id, line.product_uom_id
            if part.type == "consu":
                units = unit._compute_quantity(data["qty"], part.uom_id, round=False)
                parts[part] = parts.get(part, 0) + units
        return {part: Decimal(str(round(units, 6))) for part, units in parts.items()}

    def _bom_of(self, product, company):
        boms = self.env["mrp.bom"].sudo()
        return boms._bom_find(product, company_id=company.id, bom_type="phantom")[product]

    def _delivered_bom(self, product, moves):
        boms = moves.sudo().bom_line_id.bom_id if moves else self.env["mrp.bom"]
        found = boms.filtered(
            lambda bom: bom.type == "phantom" and bom.product_tmpl_id == product.product_tmpl_id
        )
        return found[:1]
