import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..decisions.duties import Act

OPERATOR = "retail_connector_base.group_operator"


class RetailOutboxCommand(models.Model):
    """What people do with commands, and what the form shows of them."""

    _inherit = "retail.outbox.command"

    stage = fields.Selection(
        [("queue", "In Queue"), ("person", "Needs a Person"), ("rest", "At Rest")],
        compute="_compute_stage",
        help="Who acts next: the system, a person, or nobody.",
    )
    subject = fields.Char(
        compute="_compute_subject", string="About", help="The order in Odoo, where it is known."
    )
    payload_text = fields.Text(compute="_compute_payload_text", string="What is Sent")
    external_ids_text = fields.Char(compute="_compute_payload_text", string="IDs at the Channel")

    @api.depends("state")
    def _compute_stage(self):
        stages = {"blocked": "person", "done": "rest", "cancelled": "rest"}
        for command in self:
            command.stage = stages.get(command.state, "queue")

    @api.depends("entity_key", "backend_id")
    def _compute_subject(self):
        orders = {}
        for backend, commands in self.grouped("backend_id").items():
            ids = {command._order_id() for command in commands} - {None}
            found = self.env["retail.order.binding"].sudo()._by_external_id(backend, sorted(ids))
            orders |= {(backend, key): bound.odoo_id.name for key, bound in found.items()}
        for command in self:
            name = orders.get((command.backend_id, command._order_id()))
            command.subject = name or command.entity_key

    def _order_id(self):
        """Return the channel's id of the order that the command is about, else ``None``."""
        entity, _colon, external_id = (self.entity_key or "").partition(":")
        return external_id if entity == "order" else None

    @api.depends("kind", "subject")
    def _compute_display_name(self):
        words = dict(self._selection_kind())
        for command in self:
            what = words.get(command.kind, command.kind)
            command.display_name = f"{what} {command.subject}" if what else command.subject

    @api.depends("payload", "external_ids")
    def _compute_payload_text(self):
        for command in self:
            command.payload_text = json.dumps(command.payload, indent=2, ensure_ascii=False)
            command.external_ids_text = ", ".join(command.external_ids or ())

    # Buttons

    def action_send_again(self):
        """Send now; what may have arrived already is asked about first."""
        self._check_operator()
        self.sudo()._check_not_leased()
        self.sudo()._replay()
        return self._notify(self.env._("Commands put back in the queue: %(n)s.", n=len(self)))

    def action_send_unseen(self):
        """Send what nobody can tell about: somebody has looked, it did not arrive."""
        self._check_may_decide()
        self.sudo()._vouch_for_absence()
        return self._notify(self.env._("Commands put back in the queue: %(n)s.", n=len(self)))

    def action_open_cancel(self):
        """Ask for the reason for which commands are cancelled."""
        self._check_may_decide()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel Commands"),
            "res_model": "retail.outbox.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_command_ids": self.ids},
        }

    def action_cancel(self, reason):
        """Give commands up: the channel will not be told. Later commands of the entity go on."""
        self._check_may_decide()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why they can be cancelled: the reason is kept."))
        commands = self.sudo()
        commands._check_not_leased()
        cancelled = commands._cancel(reason)
        return self._notify(self.env._("Commands cancelled: %(n)s.", n=len(cancelled)))

    def action_open_record(self):
        """Open the document that the command comes from."""
        self.ensure_one()
        self.check_access("read")
        record = self._document()
        if not record:
            raise UserError(self.env._("This command has no document in Odoo."))
        return self._open_form(record)

    def action_open_exception(self):
        """Open the exception that the command waits for."""
        self.ensure_one()
        self.check_access("read")
        return self._open_form(self.exception_id)

    def action_open_entity(self):
        """Open all commands about the same entity."""
        self.ensure_one()
        action = self.backend_id.action_open_commands()
        action["domain"] += [("entity_key", "=", self.entity_key)]
        return action | {"display_name": self.entity_key}

    def _open_form(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }

    # Access: people have no right to write commands

    def _check_operator(self):
        self.check_access("read")
        if not self.env.user.has_group(OPERATOR):
            raise AccessError(self.env._("Only an operator sends commands again."))

    def _check_may_decide(self):
        """Raise ``AccessError`` unless the user may decide what becomes of these commands."""
        self._check_operator()
        self.exception_id._check_may(Act.DISMISS)
