from odoo import api, fields, models

from ..decisions.return_rule import DispositionRule, disposition_of
from .retail_return_goods import CONDITIONS, DISPOSITIONS


class RetailReturnRule(models.Model):
    """What becomes of returned goods in a condition. Without a rule a person decides."""

    _name = "retail.return.rule"
    _description = "Disposition Rule"
    _order = "company_id, condition, warehouse_id, backend_id, id"
    _rec_name = "condition"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    condition = fields.Selection(CONDITIONS, required=True)
    disposition = fields.Selection(DISPOSITIONS, required=True)
    backend_id = fields.Many2one(
        "retail.backend", ondelete="cascade", check_company=True, help="Empty: any."
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", ondelete="cascade", check_company=True, help="Empty: any."
    )

    _once = models.UniqueIndex(
        "(company_id, condition, coalesce(backend_id, 0), coalesce(warehouse_id, 0))",
        "There is a rule for this already.",
    )

    @api.model
    def _disposition_of(self, goods):
        """Return what becomes of goods by now."""
        rules = self.sudo().search([("company_id", "=", goods.company_id.id)])
        return disposition_of(
            [rule._value() for rule in rules],
            goods.condition,
            (goods.binding_id.backend_id or goods.return_id.backend_id).id,
            goods.warehouse_id.id or None,
            goods.told_disposition,
            goods.chosen_disposition or None,
        )

    def _value(self) -> DispositionRule:
        return DispositionRule(
            self.condition,
            self.disposition,
            self.backend_id.id or None,
            self.warehouse_id.id or None,
        )
