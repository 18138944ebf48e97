from datetime import timedelta

from odoo import api, fields, models

from ..decisions.api_token import Known, digest_of, is_valid, new_token
from ..decisions.secrets_box import last_four

FIND = """
    SELECT token.id, token.digest, token.expires_at, token.revoked_at,
           client.active AND backend.active,
           client.id, client.backend_id, client.company_id, coalesce(client.networks, ''),
           client.rate_per_minute, client.burst, token.last_used_at,
           ARRAY(SELECT scope.code FROM retail_api_client_retail_api_scope_rel rel
                   JOIN retail_api_scope scope ON scope.id = rel.retail_api_scope_id
                  WHERE rel.retail_api_client_id = client.id)
      FROM retail_api_token token
      JOIN retail_api_client client ON client.id = token.client_id
      JOIN retail_backend backend ON backend.id = client.backend_id
     WHERE token.public_id = %s
"""
COLUMNS = [
    "client_id",
    "backend_id",
    "company_id",
    "networks",
    "rate_per_minute",
    "burst",
    "last_used_at",
    "scopes",
]


class RetailApiToken(models.Model):
    """A secret of an API client. Only a digest is kept: the token itself is shown once."""

    _name = "retail.api.token"
    _description = "Retail API Token"
    _order = "id desc"
    _rec_name = "public_id"

    client_id = fields.Many2one(
        "retail.api.client", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="client_id.company_id", store=True)
    backend_id = fields.Many2one(related="client_id.backend_id")
    public_id = fields.Char(
        required=True, readonly=True, copy=False, string="Begins With", help="Not secret."
    )
    digest = fields.Char(
        required=True, readonly=True, copy=False, groups=fields.NO_ACCESS, prefetch=False
    )
    last_four = fields.Char(readonly=True, copy=False, string="Ends With")
    created_at = fields.Datetime(readonly=True, copy=False, default=fields.Datetime.now)
    expires_at = fields.Datetime(readonly=True, copy=False, help="Empty: it does not expire.")
    revoked_at = fields.Datetime(readonly=True, copy=False)
    last_used_at = fields.Datetime(
        readonly=True, copy=False, string="Last Use", help="To the minute."
    )
    replaced_by_id = fields.Many2one("retail.api.token", readonly=True, copy=False)

    _public_id_unique = models.UniqueIndex("(public_id)", "A token's identity is its own.")

    @api.model
    def _has_field_access(self, field, operation):
        """Override: nobody reads a digest, not even the superuser."""
        if field.name == "digest" and operation == "read":
            return False
        return super()._has_field_access(field, operation)

    # Making and ending

    @api.model
    def _issue(self, client, expires_at=None, action="api_token.created"):
        """Return a new record and the token's text, which nothing keeps."""
        token = new_token()
        record = self.sudo().create(
            {
                "client_id": client.id,
                "public_id": token.public_id,
                "digest": digest_of(token.secret),
                "last_four": last_four(token.secret),
                "expires_at": expires_at,
            }
        )
        record.with_env(self.env)._log(action, expires_at=str(expires_at or ""))
        return record, token.text

    def _rotate(self, expires_at=None, overlap_hours=24):
        """Issue a successor; this token lives on for the overlap, never longer than it would."""
        self.ensure_one()
        successor, text = self._issue(self.client_id, expires_at, "api_token.rotated")
        ends = fields.Datetime.now() + timedelta(hours=overlap_hours)
        self.sudo().write(
            {
                "expires_at": min(ends, self.expires_at or ends),
                "replaced_by_id": successor.id,
            }
        )
        return successor, text

    def _log(self, action, **detail):
        for token in self:
            known = {"client": token.client_id.name, "begins_with": token.public_id}
            self.env["retail.audit"]._log(action, token, detail=known | detail)

    # Checking

    @api.model
    def _identify(self, token):
        """Return what is known of the caller with a token, ``None`` if it is not valid now.

        One query, whatever is wrong: a stranger learns nothing from the time it takes.
        """
        self.env.cr.execute(FIND, [token.public_id], log_exceptions=False)
        row = self.env.cr.fetchone()
        known = row and Known(row[1], row[4], row[2], row[3])
        if not is_valid(token, known, fields.Datetime.now()):
            return None
        return {"token_id": row[0], **dict(zip(COLUMNS, row[5:], strict=True))}

    # Buttons

    def action_rotate(self):
        """Open the wizard that makes a successor and shows it once."""
        self.ensure_one()
        self.client_id.check_access("write")
        return self.client_id.action_new_token() | {
            "name": self.env._("Rotate %(token)s", token=self.display_name),
            "context": {"default_client_id": self.client_id.id, "default_token_id": self.id},
        }

    def action_revoke(self):
        """End a token now."""
        self.client_id.check_access("write")
        valid = self.filtered(lambda token: not token.revoked_at)
        valid.sudo().write({"revoked_at": fields.Datetime.now()})
        valid._log("api_token.revoked")
        return True
