from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..decisions.api_network import networks_of
from ..decisions.api_scope import LABELS, preset

AUDITED = ("name", "active", "backend_id", "rate_per_minute", "burst", "networks")


class RetailApiClient(models.Model):
    """A machine that calls the API: no user, no login, only what its scopes allow."""

    _name = "retail.api.client"
    _description = "Retail API Client"
    _inherit = ["retail.notice.mixin"]
    _order = "backend_id, name"
    _check_company_auto = True

    name = fields.Char(required=True, help="Who calls, e.g. the name of the other system.")
    active = fields.Boolean(default=True, copy=False)
    backend_id = fields.Many2one(
        "retail.backend",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        help="What it sends is imported as this backend's.",
    )
    company_id = fields.Many2one(related="backend_id.company_id", store=True, index=True)
    role = fields.Selection(
        "_selection_role",
        help="Proposes the scopes that systems of this role usually need.",
    )
    scope_ids = fields.Many2many(
        "retail.api.scope",
        string="Allowed to",
        help="The scopes of its tokens: what it may do. Everything else is refused.",
    )
    token_ids = fields.One2many("retail.api.token", "client_id", string="Tokens")
    rate_per_minute = fields.Integer(
        default=600, required=True, string="Requests per Minute", help="Lasting rate."
    )
    burst = fields.Integer(
        default=120, required=True, help="How many requests may come at once after a rest."
    )
    networks = fields.Text(
        string="Allowed Networks",
        help="From where it may call: addresses or networks such as 192.0.2.0/24 or 2001:db8::/32, "
        "divided by commas or lines. Empty: from everywhere.",
    )

    _rate_positive = models.Constraint(
        "CHECK (rate_per_minute BETWEEN 1 AND 1000000 AND burst BETWEEN 1 AND 1000000)",
        "The rate and the burst are between 1 and 1,000,000.",
    )
    _name_unique = models.UniqueIndex(
        "(backend_id, name)", "A backend has one client of this name."
    )

    @api.model
    def _selection_role(self):
        return list(LABELS.items())

    @api.onchange("role")
    def _onchange_role(self):
        self.scope_ids |= self.env["retail.api.scope"]._of(preset(self.role))

    @api.constrains("networks")
    def _check_networks(self):
        for client in self:
            try:
                networks_of(client.networks or "")
            except ValueError as error:
                raise ValidationError(
                    self.env._("This is no network: %(error)s", error=str(error))
                ) from error

    # Audit

    @api.model_create_multi
    def create(self, vals_list):
        clients = super().create(vals_list)
        for client in clients:
            client._log("api_client.created", client._audited())
        return clients

    def write(self, vals):
        before = {client.id: client._audited() for client in self}
        result = super().write(vals)
        for client in self:
            now = client._audited()
            changed = {key: now[key] for key in now if now[key] != before[client.id][key]}
            if changed:
                client._log("api_client.changed", changed)
        return result

    def _audited(self):
        values = {name: self[name] for name in AUDITED if name != "backend_id"}
        return values | {
            "backend": self.backend_id.id,
            "scopes": sorted(self.scope_ids.mapped("code")),
        }

    def _log(self, action, detail):
        self.env["retail.audit"]._log(action, self, detail=detail)

    # Buttons

    def action_new_token(self):
        """Open the wizard that makes a token and shows it once."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Token"),
            "res_model": "retail.api.token.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_client_id": self.id},
        }
