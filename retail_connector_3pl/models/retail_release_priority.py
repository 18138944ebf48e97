from odoo import fields, models


class RetailReleasePriority(models.Model):
    """A rule that says how urgent a delivery is; the first that fits decides."""

    _name = "retail.release.priority"
    _description = "Priority of Releases"
    _order = "warehouse_id, sequence, id"
    _check_company_auto = True

    warehouse_id = fields.Many2one(
        "retail.warehouse", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    carrier_id = fields.Many2one(
        "delivery.carrier", check_company=True, ondelete="cascade", help="Empty: any."
    )
    tag_id = fields.Many2one(
        "crm.tag", string="Order Tag", ondelete="cascade", help="Empty: any order."
    )
    is_urgent = fields.Boolean(string="Starred", help="Only deliveries that somebody marked.")
    priority = fields.Integer(required=True, default=1, help="The higher the sooner.")

    def _fits(self, picking):
        """Tell whether a delivery is of this kind."""
        self.ensure_one()
        return (
            (not self.carrier_id or picking.carrier_id == self.carrier_id)
            and (not self.tag_id or self.tag_id in picking.sale_id.tag_ids)
            and (not self.is_urgent or picking.priority == "1")
        )

    def _compute_display_name(self):
        for rule in self:
            parts = (rule.carrier_id.name, rule.tag_id.name, rule.is_urgent and "★")
            rule.display_name = f"{' + '.join(filter(None, parts)) or '*'}: {rule.priority}"
