from odoo import api, fields, models
from odoo.exceptions import UserError

SOURCES = ("retail.inbox.message", "retail.outbox.command")


class RetailReveal(models.TransientModel):
    """Shows a raw payload to an administrator who says why. The payload is not copied here."""

    _name = "retail.reveal"
    _description = "Reveal a Payload"

    source_model = fields.Selection(
        [("retail.inbox.message", "Message"), ("retail.outbox.command", "Command")],
        required=True,
        readonly=True,
    )
    source_id = fields.Many2oneReference(model_field="source_model", required=True, readonly=True)
    reason = fields.Char(help="Kept in the audit trail.")
    revealed_at = fields.Datetime(readonly=True)
    payload = fields.Text(compute="_compute_payload", string="Raw Payload")

    @api.model
    def _open(self, record):
        """Return the action that asks for the reason."""
        self.env["retail.reveal.source"]._check_may(record)
        context = {"default_source_model": record._name, "default_source_id": record.id}
        return self._action() | {"context": context}

    def _action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Raw Payload"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _source(self):
        return self.env[self.source_model].browse(self.source_id).exists()

    @api.depends("revealed_at")
    @api.depends_context("uid")
    def _compute_payload(self):
        """Read it each time, and only for the one who gave the reason."""
        sources = self.env["retail.reveal.source"]
        for wizard in self:
            shown = wizard.revealed_at and wizard.create_uid == self.env.user
            if shown:
                sources._check_may(wizard._source())
            wizard.payload = sources._raw(wizard._source()) if shown else False

    @api.model_create_multi
    def create(self, vals_list):
        """Override: only the button reveals."""
        return super().create([{**vals, "revealed_at": False} for vals in vals_list])

    def write(self, vals):
        """Override: only the button reveals."""
        if not self.env.su:
            vals = {name: value for name, value in vals.items() if name == "reason"}
        return super().write(vals)

    def action_reveal(self):
        """Leave an entry with the reason, then show the payload."""
        self.ensure_one()
        source = self._source()
        self.env["retail.reveal.source"]._check_may(source)
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why you need to see it: the reason is kept."))
        if source.payload_dropped_at:
            raise UserError(self.env._("There is nothing to show: the payload was dropped."))
        detail = {"reason": reason, "ids": source.ids, "model": source._name}
        backend = source.backend_id
        self.env["retail.audit"]._log("payload.revealed", backend, backend=backend, detail=detail)
        self.sudo().write({"revealed_at": fields.Datetime.now()})
        return self._action()
