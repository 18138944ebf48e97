import json

from odoo import api, fields, models

from ..decisions.api_example import example_of


class RetailApiClient(models.Model):
    """What the form shows of a client: when it called last, and how it calls."""

    _inherit = "retail.api.client"

    last_used_at = fields.Datetime(compute="_compute_last_used_at", string="Last Call")
    valid_token_count = fields.Integer(compute="_compute_last_used_at", string="Valid Tokens")
    example = fields.Text(compute="_compute_example", string="Example Call")

    @api.depends("token_ids.last_used_at", "token_ids.revoked_at", "token_ids.expires_at")
    def _compute_last_used_at(self):
        for client in self:
            used = [token.last_used_at for token in client.token_ids if token.last_used_at]
            valid = client.token_ids.filtered(lambda t: t.state in ("valid", "ending"))
            client.last_used_at = max(used, default=False)
            client.valid_token_count = len(valid)

    @api.depends("scope_ids")
    def _compute_example(self):
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        for client in self:
            codes = client.scope_ids.mapped("code")
            client.example = example_call(base, codes)


def example_call(base: str, codes) -> str:
    """Return a call that can be pasted into a terminal; the token is the reader's to fill in."""
    writes = sorted(code.partition(":")[0] for code in codes if code.endswith(":write"))
    route = "orders" if "orders" in writes else next(iter(writes), None)
    token = '  -H "Authorization: Bearer $RETAIL_TOKEN"'
    if route is None:
        return f'curl -i "{base}/retail/v1/messages/…" \\\n{token}'
    body = json.dumps(example_of(route))
    return (
        f'curl -i "{base}/retail/v1/{route}" \\\n'
        f"{token} \\\n"
        '  -H "Content-Type: application/json" \\\n'
        '  -H "Idempotency-Key: $(uuidgen)" \\\n'
        f"  -d '{body}'"
    )
