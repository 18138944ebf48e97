from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class RetailMappingWizard(models.TransientModel):
    """Map a value: choose what a channel's word means in Odoo, or create it."""

    _name = "retail.mapping.wizard"
    _description = "Map a Value"
    _inherit = ["retail.mapping.target"]
    _check_company_auto = True

    mapping_id = fields.Many2one("retail.mapping", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="mapping_id.company_id", related_sudo=False)
    backend_id = fields.Many2one(related="mapping_id.backend_id", related_sudo=False)
    kind = fields.Selection(compute="_compute_kind", required=False)
    external_label = fields.Char(related="mapping_id.external_label", related_sudo=False)
    context_text = fields.Char(related="mapping_id.context_text", related_sudo=False)
    reason = fields.Char(string="Why", help="Kept with the version of the configuration.")
    config_policy = fields.Selection(related="backend_id.config_policy", related_sudo=False)
    waiting_count = fields.Integer(compute="_compute_waiting_count", string="Messages Waiting")

    @api.depends("mapping_id")
    def _compute_kind(self):
        for wizard in self:
            wizard.kind = wizard.mapping_id.kind

    @api.depends("mapping_id")
    def _compute_waiting_count(self):
        for wizard in self:
            wizard.waiting_count = sum(
                self.env["retail.exception"]
                .search(wizard._domain_of_exceptions())
                .mapped("inbox_message_count")
            )

    def _domain_of_exceptions(self):
        return [
            ("state", "=", "open"),
            ("res_model", "=", "retail.mapping"),
            ("res_id", "=", self.mapping_id.id),
        ]

    @api.model
    def _open(self, mapping):
        """Return the action that maps a value; its context names the mapping."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Map %(value)s", value=mapping.external_label),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {"default_mapping_id": mapping.id},
        }

    @api.model
    def default_get(self, fields):
        """Override: start from what the mapping holds."""
        values = super().default_get(fields)
        mapping = self.env["retail.mapping"].browse(values.get("mapping_id")).exists()
        if mapping:
            known = {name: value for name, value in mapping._target_values().items() if value}
            values = {**known, **values}
        return {name: value for name, value in values.items() if name in fields}

    def action_apply(self):
        """Save the mapping; what waited for it is tried again."""
        self.ensure_one()
        self._check_may_map()
        if not self.ignored and not self._target():
            raise UserError(self.env._("Choose what the value means in Odoo, or ignore it."))
        # The mapping's own company check holds; people have no right to write the table itself.
        mapping = self.mapping_id.sudo().with_context(retail_governed=True)
        values = {**self._target_values(), "active": True, "change_reason": self.reason}
        mapping.write(values)
        return {"type": "ir.actions.act_window_close"}

    def action_create_target(self):
        """Create the missing record from what the channel said, then map the value to it."""
        self.ensure_one()
        self._check_may_map()
        create = getattr(self, f"_create_{self.kind}", None)
        if not create:
            raise UserError(self.env._("Choose an existing record: this kind cannot be created."))
        self[self._kind_fields()[self.kind]] = create()
        return self.action_apply()

    def _check_may_map(self):
        """Raise ``AccessError`` unless the user may map this kind of value.

        Administrators map everything, accountants the vocabulary of money.
        """
        self.mapping_id.check_access("read")
        user = self.env.user
        if self.env.su or user.has_group("retail_connector_base.group_administrator"):
            return
        financial = self.kind in self._financial_kinds()
        if not (financial and user.has_group("retail_connector_base.group_accountant")):
            raise AccessError(self.env._("Only an administrator maps this kind of value."))

    def _create_tax(self):
        """Create the tax with the user's own rights: whoever may not create taxes, cannot here.

        Another shop of the company may have needed the same tax before: then it is taken.
        """
        taxes, values = self.env["account.tax"], self._tax_values()
        same = [(name, "=", value) for name, value in values.items()]
        return taxes.search(same, limit=1) or taxes.create(values)

    def _tax_values(self):
        """Return the new tax's values. The context has the rate as a fraction."""
        known = self.mapping_id.context or {}
        if "rate" not in known:
            raise UserError(self.env._("The channel did not tell the rate: choose a tax."))
        included = bool(known.get("included"))
        return {
            "name": self.external_label,
            "company_id": self.company_id.id,
            "type_tax_use": "sale",
            "amount_type": "percent",
            "amount": float(known["rate"]) * 100,
            "price_include_override": "tax_included" if included else "tax_excluded",
        }
