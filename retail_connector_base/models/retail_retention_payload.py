import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..decisions.masking import masked, masked_preview
from ..providers import Capability
from .retail_inbox_message import PENDING

ADMINISTRATOR = "retail_connector_base.group_administrator"
# Which capability fetches one entity of a kind again.
FETCHED_BY = {
    "order": Capability.ORDER_FETCH,
    "customer": Capability.CUSTOMER_POLL,
    "product": Capability.PRODUCT_ADOPTION,
}


class RetailInboxMessage(models.Model):
    """Payloads: dropped after a while or with a person, and shown raw only for a reason."""

    _inherit = "retail.inbox.message"

    # Nobody but the connector reads it; see ``retail.reveal``.
    body = fields.Binary(groups=fields.NO_ACCESS)
    payload_dropped_at = fields.Datetime(
        readonly=True, copy=False, string="Payload Dropped", help="Identity and state stay."
    )
    payload_dropped_why = fields.Selection(
        [("retention", "Retention"), ("erasure", "Erasure")], readonly=True, copy=False
    )
    is_erased = fields.Boolean(
        readonly=True,
        copy=False,
        help="It is about an erased person: it was imported without what tells who he is, or not.",
    )

    # Only what came to rest is in it: a webhook pays nothing.
    _retention_index = models.Index(
        "(backend_id, finished_at) WHERE payload_dropped_at IS NULL "
        "AND state IN ('done', 'superseded', 'ignored')"
    )

    @api.depends("payload_dropped_at")
    def _compute_preview(self):
        """Override: say why there is nothing to see."""
        dropped = self.filtered("payload_dropped_at")
        dropped.preview = self.env._("The payload was dropped; identity and state are kept.")
        return super(RetailInboxMessage, self - dropped)._compute_preview()

    def _drop_payload(self, why):
        """Drop body and headers for good."""
        if self:
            self.write(
                {
                    "body": False,
                    "headers": False,
                    "payload_dropped_at": fields.Datetime.now(),
                    "payload_dropped_why": why,
                }
            )

    def _replay(self):
        """Override: what has no payload any more is fetched again, or cannot be replayed."""
        dropped = self.filtered(
            lambda message: message.payload_dropped_at and message.state not in PENDING
        )
        lost = dropped.filtered(lambda message: not message._can_be_fetched())
        if lost:
            raise UserError(
                self.env._(
                    "%(count)s of these messages have no payload any more (dropped %(date)s): they "
                    "cannot be replayed. Let the channel send them again, or take them out of the "
                    "selection.",
                    count=len(lost),
                    date=fields.Date.to_string(lost[0].payload_dropped_at),
                )
            )
        for message in dropped:
            _kind, _colon, external_id = message.entity_key.partition(":")
            self.env["retail.poll"]._refetch_after_commit(
                message.backend_id, message.kind, external_id
            )
        if dropped:
            dropped._audit("refetch")
        return super(RetailInboxMessage, self - dropped)._replay()

    def _can_be_fetched(self):
        """Tell whether the channel can be asked for the entity of a message again."""
        self.ensure_one()
        provider = self.backend_id._provider_class()
        wanted = FETCHED_BY.get(self.kind)
        kind, _colon, external_id = self.entity_key.partition(":")
        known = provider and self.source != "api" and kind == self.kind and external_id
        return bool(known and wanted in provider.capabilities)

    def action_reveal(self):
        """Ask for the reason for which the raw payload is shown."""
        self.ensure_one()
        return self.env["retail.reveal"]._open(self)


class RetailOutboxCommand(models.Model):
    """The same for what is sent."""

    _inherit = "retail.outbox.command"

    payload = fields.Json(groups=fields.NO_ACCESS)
    payload_dropped_at = fields.Datetime(readonly=True, copy=False, string="Payload Dropped")

    @api.depends("payload", "external_ids", "payload_dropped_at")
    def _compute_payload_text(self):
        """Override: masked; raw only by ``retail.reveal``."""
        kept = self.sudo().filtered(lambda command: not command.payload_dropped_at)
        result = super(RetailOutboxCommand, kept)._compute_payload_text()
        for command in kept:
            command.payload_text = masked_preview((command.payload_text or "").encode())
        for command in self.sudo() - kept:
            command.payload_text = self.env._("Dropped; key and outcome are kept.")
            command.external_ids_text = ", ".join(command.external_ids or ())
        return result

    def _command(self):
        """Override: what was dropped cannot be sent again."""
        if self.payload_dropped_at and self.kind == "deliver_event":
            raise UserError(self.env._("The payload of this delivery was dropped: it is gone."))
        return super(RetailOutboxCommand, self.sudo())._command()

    def action_reveal(self):
        """Ask for the reason for which the raw payload is shown."""
        self.ensure_one()
        return self.env["retail.reveal"]._open(self)


class RetailPartnerBinding(models.Model):
    """Who a customer is, masked for all but administrators."""

    _inherit = "retail.partner.binding"

    email = fields.Char(groups=ADMINISTRATOR)
    phone = fields.Char(groups=ADMINISTRATOR)
    snapshot = fields.Json(groups=fields.NO_ACCESS)
    email_masked = fields.Char(compute="_compute_masked", string="Email")
    phone_masked = fields.Char(compute="_compute_masked", string="Phone")

    @api.depends("email", "phone")
    def _compute_masked(self):
        for binding in self:
            known = binding.sudo()
            shown = masked({"email": known.email or "", "phone": known.phone or ""})
            binding.email_masked, binding.phone_masked = shown["email"], shown["phone"]


class RetailOrderBinding(models.Model):
    """The snapshot of an order tells all about its customer."""

    _inherit = "retail.order.binding"

    snapshot = fields.Json(groups=fields.NO_ACCESS)

    def _imported_order(self):
        """Override: buttons of people need it too."""
        return super(RetailOrderBinding, self.sudo())._imported_order()


class RetailRevealSource(models.AbstractModel):
    """Where a raw payload may be shown, and to whom."""

    _name = "retail.reveal.source"
    _description = "Retail: sources of raw payloads"

    @api.model
    def _check_may(self, record):
        """Raise ``AccessError`` unless the user may see the raw payload of a record."""
        record.check_access("read")
        if not self.env.user.has_group(ADMINISTRATOR):
            raise AccessError(self.env._("Only an administrator reveals a payload."))

    @api.model
    def _raw(self, record):
        """Return the raw payload as text."""
        if record._name == "retail.inbox.message":
            return record.sudo()._raw_body().decode("utf-8", "replace").replace("\0", "�")
        return json.dumps(record.sudo().payload, indent=2, ensure_ascii=False)
