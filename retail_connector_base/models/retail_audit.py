from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..decisions.masking import without_secrets

# Marks the one way to add an entry. An object of this process: no caller can send it by RPC.
BY_LOG = object()


class RetailAudit(models.Model):
    """Who did what, and when. Rows are only ever added, and only by ``_log``."""

    _name = "retail.audit"
    _description = "Retail Audit Trail"
    _order = "id desc"
    _rec_name = "action"
    _log_access = False

    at = fields.Datetime(
        string="When", required=True, readonly=True, default=fields.Datetime.now, index=True
    )
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    backend_id = fields.Many2one(
        "retail.backend", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    action = fields.Char(required=True, readonly=True, help="What was done, e.g. mapping.changed.")
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", readonly=True, index="btree_not_null"
    )
    res_display = fields.Char(
        string="Document Name", readonly=True, help="As it was called at that time."
    )
    correlation_id = fields.Char(readonly=True, index="btree_not_null")
    detail = fields.Json(readonly=True, help="What changed; never a secret.")
    detail_text = fields.Text(compute="_compute_detail_text", string="Details")

    @api.depends("detail")
    def _compute_detail_text(self):
        for entry in self:
            entry.detail_text = "\n".join(
                f"{key}: {value}" for key, value in (entry.detail or {}).items()
            )

    @api.model
    def _log(self, action, record=None, backend=None, detail=None, correlation_id=None):
        """Add an entry, one for each when there are several records; return the entries.

        The backend and the company are those of the record unless they are given.
        """
        values = {
            "action": action,
            "user_id": self.env.uid,
            "detail": without_secrets(detail or {}),
            "correlation_id": correlation_id,
        }
        documents = list(record.sudo()) if record else [None]
        entries = (
            self.sudo()
            .with_context(retail_audit=BY_LOG)
            .create([values | self._document_values(document, backend) for document in documents])
        )
        return self.sudo().browse(entries.ids)  # without the mark

    def _document_values(self, document, backend):
        if backend is None and document is not None:
            backend = document if document._name == "retail.backend" else document.backend_id
        values = {
            "backend_id": backend.id if backend else False,
            "company_id": (backend and backend.sudo().company_id or self.env.company).id,
        }
        if document is not None:
            values |= {
                "res_model": document._name,
                "res_id": document.id,
                "res_display": document.display_name,
            }
        return values

    # Append-only, for everyone

    @api.model_create_multi
    def create(self, vals_list):
        """Override: only ``_log`` adds entries."""
        if self.env.context.get("retail_audit") is not BY_LOG:
            raise AccessError(self.env._("Entries of the audit trail are made by the system only."))
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        """Override: nobody changes an entry, not even the superuser."""
        raise AccessError(self.env._("The audit trail cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("The audit trail cannot be deleted."))
