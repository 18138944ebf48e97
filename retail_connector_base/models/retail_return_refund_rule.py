from odoo import api, fields, models

from ..decisions.return_refund import RefundRule, When, rule_for


class RetailReturnRefundRule(models.Model):
    """When returned goods are given back, and by whom. Without a rule: by us, once all is here."""

    _name = "retail.return.refund.rule"
    _description = "Refund Rule"
    _order = "company_id, reason, backend_id, id"
    _rec_name = "when_due"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    backend_id = fields.Many2one(
        "retail.backend", ondelete="cascade", check_company=True,
        help="Who told of the return first. Empty: any.",
    )  # fmt: skip
    reason = fields.Char(help="The customer's reason as it is told. Empty: any.")
    when_due = fields.Selection(
        [
            ("authorized", "When Authorised"),
            ("in_transit", "When Sent Back"),
            ("received", "As Goods Come In"),
            ("all_received", "Once All Is Here"),
            ("disposed", "Once All Is Decided"),
            ("by_hand", "A Person Decides"),
        ],
        string="Refund",
        required=True,
        default="all_received",
    )
    refund_by = fields.Selection(
        [("here", "Us"), ("channel", "The Channel")],
        string="Refunded By",
        required=True,
        default="here",
        help="The channel: it gives the money back itself and tells of it.",
    )

    _once = models.UniqueIndex(
        "(company_id, coalesce(backend_id, 0), lower(coalesce(reason, '')))",
        "There is a rule for this already.",
    )

    def _value(self) -> RefundRule:
        return RefundRule(When(self.when_due), self.backend_id.id or None, self.reason or None)

    @api.model
    def _of(self, record):
        """Return the rules that may hold for a return, as values, and who gives money back."""
        rules = self.sudo().search([("company_id", "=", record.company_id.id)])
        values = {rule._value(): rule.refund_by for rule in rules}
        reasons = set(record.line_ids.mapped("reason")) or {None}
        found = [rule_for(values, record.backend_id.id, reason or None) for reason in reasons]
        by_channel = any(values.get(rule) == "channel" for rule in found)
        return list(values), "channel" if by_channel else "here"
