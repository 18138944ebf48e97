from odoo import fields, models

from . import snapshot_told_sql as told_sql


class RetailWarehouse(models.Model):
    """What a warehouse means by the units of a kit that it counts."""

    _inherit = "retail.warehouse"

    count_kits = fields.Selection(
        [("packed", "Packed Sets Beside Their Parts"), ("computed", "Worked Out from Their Parts")],
        string="Counted Kits Are",
        required=True,
        default="packed",
        help="Packed: the parts of the counted kits are added to what is counted of each part. "
        "Worked out: the kits lie nowhere by themselves, and are left out of the comparison.",
    )


class RetailSnapshot(models.Model):
    """Kits that a warehouse counts. Odoo keeps none: it has their parts on the shelf."""

    _inherit = "retail.snapshot"

    def _explode_kits(self):
        """Let the parts of counted kits be counted in their stead, as the warehouse means it."""
        needs = self._counted_kits()
        if not needs:
            return
        kits = [kit.id for kit in needs]
        if self.warehouse_id.count_kits == "computed":
            self.env.cr.execute(told_sql.DROP_KITS, {"kits": kits, "open": []})
            self.ignored_count += self.env.cr.rowcount
            return
        rows = [(kit.id, part.id, units) for kit, parts in needs.items()
                for part, units in parts.items()]  # fmt: skip
        self._put_parts(kits, rows)

    def _put_parts(self, kits, rows):
        cr = self.env.cr
        values = {
            "kits": [row[0] for row in rows],
            "parts": [row[1] for row in rows],
            "units": [str(row[2]) for row in rows],
            "complete": self.complete,
        }
        cr.execute(told_sql.OPEN_KITS, values)
        left_open = [row[0] for row in cr.fetchall()]
        cr.execute(told_sql.EXPLODE, values)
        cr.execute(told_sql.SHOW_KITS, {"open": left_open})
        cr.execute(told_sql.DROP_KITS, {"kits": kits, "open": left_open})

    def _counted_kits(self):
        """Return by counted kit the units of its parts; kits exist where manufacturing does."""
        if "mrp.bom" not in self.env:
            return {}
        self.env.cr.execute(told_sql.KITS, {"company": self.company_id.id})
        products = self.env["product.product"].browse(row[0] for row in self.env.cr.fetchall())
        if not products:
            return {}
        needs = self.env["retail.availability"]._kits(products, self.company_id)
        return {kit: parts for kit, parts in needs.items() if parts}
