import logging
import os
from datetime import timedelta
from hmac import compare_digest

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import config, ormcache

from ..decisions.secrets_box import SecretBox, box_of, last_four
from ..providers.errors import ConfigurationError

SEALED_FIELDS = frozenset({"ciphertext", "previous_ciphertext"})


class HidesTypedSecrets(logging.Filter):
    """Keeps what is typed out of the server's log: at DEBUG it has the arguments of every call."""

    def filter(self, record):
        """Override: drop calls that carry a new secret."""
        return "secret_input" not in record.getMessage()


logging.getLogger("odoo.service.model").addFilter(HidesTypedSecrets())


class RetailCredential(models.Model):
    """A secret of a backend: encrypted, never shown again, rotated with an overlap.

    The key is kept outside the database (``RETAIL_CONNECTOR_KEY`` or ``retail_connector_key``).
    Nothing but ``_secrets_of`` opens a secret, and no plaintext is ever stored, cached or logged.
    """

    _name = "retail.credential"
    _description = "Retail Credential"
    _order = "backend_id, id"
    _rec_name = "label"

    backend_id = fields.Many2one(
        "retail.backend", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="backend_id.company_id", store=True, index=True)
    name = fields.Char(
        required=True, readonly=True, string="Technical Name", help="As the provider calls it."
    )
    label = fields.Char(string="Credential", readonly=True)
    help = fields.Char(readonly=True, help="Where to find the value.")
    required = fields.Boolean(readonly=True)
    secret_input = fields.Char(
        string="New Value",
        compute="_compute_secret_input",
        inverse="_inverse_secret_input",
        copy=False,
        groups="retail_connector_base.group_administrator",
        help="Type or paste the secret; it is encrypted and not shown again.",
    )
    ciphertext = fields.Char(groups=fields.NO_ACCESS, copy=False, prefetch=False)
    previous_ciphertext = fields.Char(groups=fields.NO_ACCESS, copy=False, prefetch=False)
    overlap_hours = fields.Integer(
        string="Overlap (h)",
        default=24,
        help="How many hours the previous value stays valid after a rotation.",
    )
    previous_until = fields.Datetime(
        string="Previous Valid Until",
        readonly=True,
        copy=False,
        help="Until then the previous value is accepted as well.",
    )
    last_four = fields.Char(string="Ends With", readonly=True, copy=False)
    rotated_at = fields.Datetime(string="Set On", readonly=True, copy=False)
    is_set = fields.Boolean(readonly=True, copy=False)

    _name_unique = models.UniqueIndex("(backend_id, name)", "A credential exists once per backend.")
    _overlap_possible = models.Constraint(
        "CHECK (overlap_hours BETWEEN 0 AND 720)", "The overlap is between 0 and 720 hours."
    )

    # Sealed fields

    @api.model
    def _has_field_access(self, field, operation):
        """Override: nobody reads what is sealed, not even the superuser."""
        if field.name in SEALED_FIELDS and operation == "read":
            return False
        return super()._has_field_access(field, operation)

    @api.depends_context("uid")
    def _compute_secret_input(self):
        self.secret_input = False

    def _inverse_secret_input(self):
        """Encrypt what was typed, and forget it at once."""
        for credential in self:
            secret = (credential.secret_input or "").strip()
            if secret:
                credential._rotate(secret)
        self.invalidate_recordset(["secret_input"], flush=False)

    def _rotate(self, secret):
        """Make this the current secret; the one before stays valid while the rotation overlaps."""
        self.ensure_one()
        former = self._sealed()[0]
        if former and self._is_same(former, secret):
            return
        now = fields.Datetime.now()
        until = (
            now + timedelta(hours=self.overlap_hours) if former and self.overlap_hours else False
        )
        self.sudo().write(
            {
                "ciphertext": self._sealing_box().seal(secret),
                "previous_ciphertext": former if until else False,
                "previous_until": until,
                "last_four": last_four(secret),
                "rotated_at": now,
                "is_set": True,
            }
        )
        action = "credential.rotated" if former else "credential.set"
        detail = {"name": self.name, "previous_until": str(until or "")}
        self.env["retail.audit"]._log(action, self, detail=detail)

    def _is_same(self, sealed, secret):
        try:
            return compare_digest(self._box().open(sealed).encode(), secret.encode())
        except ConfigurationError:
            return False

    # Encryption

    @api.model
    def _box(self) -> SecretBox:
        """Return the box of the server's keys. Raises ``ConfigurationError`` without a key."""
        return box_of(
            os.environ.get("RETAIL_CONNECTOR_KEY") or config.get("retail_connector_key") or ""
        )

    @api.model
    def _sealing_box(self):
        try:
            return self._box()
        except ConfigurationError as error:
            raise UserError(str(error)) from error

    @api.model
    def _secrets_of(self, backend_id: int) -> dict[str, tuple[str, ...]]:
        """Return the values that are valid now by credential: the current one, then the previous.

        Raises ``ConfigurationError`` when there is a secret and no key to open it.
        """
        now = fields.Datetime.now()
        return {
            name: tuple(
                self._box().open(sealed)
                for sealed in (current, previous if until and until > now else None)
                if sealed
            )
            for name, current, previous, until in self._sealed_of(backend_id)
        }

    @api.model
    @ormcache("backend_id")
    def _sealed_of(self, backend_id: int) -> tuple:
        """Return (name, ciphertext, previous ciphertext, its expiry) of all that is set."""
        self.flush_model([*SEALED_FIELDS, "previous_until", "name", "backend_id"])
        self.env.cr.execute(
            "SELECT name, ciphertext, previous_ciphertext, previous_until FROM retail_credential "
            "WHERE backend_id = %s AND ciphertext IS NOT NULL",
            [backend_id],
        )
        return tuple(self.env.cr.fetchall())

    def _sealed(self):
        """Return the ciphertexts of this credential: current and previous."""
        self.flush_recordset([*SEALED_FIELDS])
        self.env.cr.execute(
            "SELECT ciphertext, previous_ciphertext FROM retail_credential WHERE id = %s", self.ids
        )
        return self.env.cr.fetchone()

    def _reseal(self):
        """Encrypt what is stored with the first of the server's keys, after it was changed."""
        for credential in self:
            current, previous = credential._sealed()
            credential.sudo().write(
                {
                    "ciphertext": current and self._sealing_box().reseal(current),
                    "previous_ciphertext": previous and self._sealing_box().reseal(previous),
                }
            )

    @api.autovacuum
    def _gc_previous(self):
        """Delete the previous values whose overlap is over: what is not needed cannot leak."""
        expired = self.search([("previous_until", "<", fields.Datetime.now())])
        expired.write({"previous_ciphertext": False, "previous_until": False})

    # Cache

    @api.model_create_multi
    def create(self, vals_list):
        credentials = super().create(vals_list)
        self.env.registry.clear_cache()
        return credentials

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # Buttons

    def action_rotate(self):
        """Open the form in which a new value is entered."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Rotate %(credential)s", credential=self.label or self.name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_forget_previous(self):
        """End the overlap now: only the current value stays valid."""
        self.check_access("write")
        self.sudo().write({"previous_ciphertext": False, "previous_until": False})
        self.env["retail.audit"]._log("credential.previous_forgotten", self)
        return True

    def action_reseal(self):
        """Encrypt the stored values with the server's newest key, so that an old one can go."""
        self.check_access("write")
        try:
            self._reseal()
        except ConfigurationError as error:
            raise UserError(str(error)) from error
        self.env["retail.audit"]._log("credential.resealed", self)
        return True
