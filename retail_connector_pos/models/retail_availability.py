from odoo import api, models
from odoo.tools import SQL

GOODS = """
    %s UNION ALL
    SELECT location_id, product_id, quantity, since FROM retail_pos_stock_goods
"""
UNIMPORTED = """
    %s UNION ALL
    SELECT gone.*, now() AT TIME ZONE 'UTC'
      FROM unnest(%s::int[], %s::int[], %s::float[]) AS gone
"""


class RetailAvailability(models.AbstractModel):
    """What left with tickets is gone, before its stock has moved and before it is imported."""

    _inherit = "retail.availability"

    @api.model
    def _gone_sql(self):
        """Override: add the goods of tickets that have not moved, or are in the inbox yet."""
        moving = SQL(GOODS, super()._gone_sql())
        rows = self.env["retail.unimported"]._gone_from_stores()
        if not rows:
            return moving
        return SQL(UNIMPORTED, moving, *map(list, zip(*rows, strict=True)))
