from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..decisions.duties import Act, roles_for
from ..providers.errors import ErrorClass
from .retail_exception import AT_REST


class RetailException(models.Model):
    """What people do to exceptions, each within his role (see ``decisions/duties.py``).

    People never write the record itself: every change goes through a button, is checked here and
    leaves an entry in the audit trail.
    """

    _inherit = "retail.exception"

    # Roles

    def _may(self, act):
        """Tell whether the user's roles allow an act on this exception."""
        self.ensure_one()
        money = self.sudo().amount_at_risk > 0
        roles = roles_for(act, ErrorClass(self.sudo().error_class), money)
        groups = [f"retail_connector_base.group_{role.value}" for role in roles]
        return self.env.su or any(self.env.user.has_group(group) for group in groups)

    def _check_may(self, act):
        """Raise ``AccessError`` unless the user may see these exceptions and act on them."""
        self.check_access("read")
        for exception in self:
            if not exception._may(act):
                raise AccessError(
                    self.env._(
                        "Your role does not allow this for “%(problem)s”. Finance is decided by "
                        "an accountant, configuration by an administrator.",
                        problem=exception.title,
                    )
                )

    @api.depends("fix", "error_class", "amount_at_risk")
    @api.depends_context("uid")
    def _compute_may(self):
        for exception in self:
            exception.may_fix = bool(exception.fix) and exception._may(Act.FIX)
            exception.may_dismiss = exception._may(Act.DISMISS)

    # Buttons

    def action_fix(self):
        """Start the proposed fix; return the action that it opens."""
        self.ensure_one()
        self._check_may(Act.RETRY if self.fix == "retry" else Act.FIX)
        if self.fix not in self._fix_labels():
            raise UserError(self.env._("There is no automatic fix. Read the cause, then retry."))
        return getattr(self, f"_fix_{self.fix}")()

    def action_retry(self):
        """Process again what waits. One that nothing waits for is closed."""
        self._check_may(Act.RETRY)
        self.env["retail.audit"]._log("exception.retried", self)
        self.sudo()._retry(self.env.user)
        return True

    def action_dismiss(self, reason):
        """Close without a solution: the messages that wait are ignored, the commands given up."""
        self._check_may(Act.DISMISS)
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why it can be dismissed: the reason is kept."))
        exceptions = self.sudo()
        waiting, commands = exceptions._waiting_messages(), exceptions._waiting_commands()
        commands._check_not_leased()
        exceptions._close("dismissed", reason, self.env.user)
        waiting._skip(reason)
        commands._cancel(reason)
        return True

    def action_open_dismiss(self):
        """Ask for the reason of a dismissal."""
        self._check_may(Act.DISMISS)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dismiss"),
            "res_model": "retail.exception.dismiss",
            "view_mode": "form",
            "target": "new",
            "context": {"default_exception_ids": self.ids},
        }

    def action_take(self):
        """Make it one's own."""
        self._check_may(Act.RETRY)
        self.sudo().write({"owner_id": self.env.uid})
        return True

    # Retrying

    def _waiting_messages(self):
        domain = [("exception_id", "in", self.ids), ("state", "not in", AT_REST)]
        return self.env["retail.inbox.message"].search(domain, order="id")

    def _retry(self, user):
        waiting, commands = self._waiting_messages(), self._waiting_commands()
        waiting._replay()
        if commands:
            commands._replay()
        idle = self - waiting.exception_id - commands.exception_id
        idle._close("resolved", self.env._("Marked as solved."), user)

    def _retry_about(self, records):
        """Retry the open exceptions that are about these records, which are now right."""
        if not records:
            return
        found = self.sudo().search(
            [
                ("state", "=", "open"),
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
            ]
        )
        found._retry(self.env.user)

    # Fixes

    def _fix_retry(self):
        return self.action_retry()

    def _fix_map_value(self):
        mapping = self.env["retail.mapping"].browse(self.res_id).exists()
        if not mapping:
            mapping = self._note_missing_mapping()
        return self.env["retail.mapping.wizard"]._open(mapping)

    def _note_missing_mapping(self):
        """Make the row again that somebody deleted."""
        values = [self.fix_values]
        mapping = self.env["retail.mapping"].sudo()._note_unmapped(self.backend_id, values)[0]
        self.sudo().write({"res_model": mapping._name, "res_id": mapping.id})
        return mapping.sudo(False)

    def _fix_open_backend(self):
        return self._open_form(self.backend_id)

    def _fix_set_credential(self):
        credentials = self.backend_id.credential_ids
        wanted = credentials.filtered(lambda found: found.name == self.fix_values.get("name"))
        return (wanted or credentials)[:1].action_rotate()

    def _fix_open_record(self):
        record = self.env[self.res_model].browse(self.res_id).exists() if self.res_model else None
        if not record:
            raise UserError(self.env._("The document does not exist any more."))
        return self._open_form(record)

    def _open_form(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }
