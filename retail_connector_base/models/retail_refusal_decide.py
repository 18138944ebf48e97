from odoo import models
from odoo.exceptions import AccessError, UserError

from ..decisions.problem import Problem
from ..providers.errors import ErrorClass

CODE = "ownership_conflict"


class RetailRefusal(models.Model):
    """What people decide about values that two sides tell differently."""

    _inherit = "retail.refusal"

    def _check_decider(self):
        """Raise ``AccessError`` unless the user may see these rows and decide about them.

        Prices are money: an accountant decides. All else is an operator's.
        """
        self.check_access("read")
        roles = {"accountant" if row._group().money else "operator" for row in self.sudo()}
        for role in roles:
            if not (self.env.su or self.env.user.has_group(f"retail_connector_base.group_{role}")):
                raise AccessError(
                    self.env._(
                        "Your role does not decide about this: it takes an %(role)s.", role=role
                    )
                )

    def _fingerprint(self):
        self.ensure_one()
        subject = f"{self.res_model}:{self.res_id}:{self.domain}:{self.field_group}"
        return CODE, subject

    def _ask(self):
        """Let a person decide. Values of people stay in this row, where they can be erased."""
        code, subject = self._fingerprint()
        problem = Problem(
            error_class=ErrorClass.CONFLICT,
            code=code,
            subject=subject,
            title=self.env._("%(what)s: two systems say different things", what=self.label),
            cause=self.env._(
                "It was changed in %(backend)s and in Odoo. “Take Theirs” writes their value, "
                "“Keep Ours” leaves Odoo's. Whichever it is, the same value is not asked about "
                "again.",
                backend=self.backend_id.name,
            ),
            fix="take_theirs",
            fix_values={"refusal_id": self.id, "money": self._group().money},
            comparison=tuple(
                (what, theirs, ours, before)
                for what, before, theirs, ours in self._rows(not self._group().personal)
            ),
        )
        exceptions = self.env["retail.exception"]
        exception = exceptions._report(self.backend_id, problem, record=self)
        # The values may be newer than those that were asked about first.
        exception.sudo().write({"comparison": [list(row) for row in problem.comparison]})

    def _take_theirs(self, user):
        """Write their values into the record."""
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("The document does not exist any more."))
        theirs = {name: each["theirs"] for name, each in self.values.items()}
        self._write_theirs(record.with_company(self.company_id), theirs)
        self._log("refusal.taken", user)
        self._close("taken", self.env._("Their value was taken."), user)

    def _write_theirs(self, record, theirs):
        """Write values, as JSON by field. Each addon does it for its domains."""
        if (self.domain, self.field_group) == ("customer", "consent"):
            return self.env["retail.consent"]._write_states(self.backend_id, record, theirs)
        raise UserError(self.env._("Change it in the document itself."))

    def _close(self, state, note, user=None):
        self.write({"state": state})
        for row in self:
            code, subject = row._fingerprint()
            exceptions = self.env["retail.exception"].sudo()
            found = exceptions._by_fingerprint(row.backend_id, [f"{code}|{subject}"]).values()
            open_ones = exceptions.union(*found).filtered(lambda each: each.state == "open")
            open_ones._close("resolved", note, user)

    def _log(self, action, user):
        """Note in the audit trail who decided; the values are not kept there."""
        audit = self.env["retail.audit"].with_user(user)
        audit._log(action, self, detail={"what": self.label, "fields": sorted(self.values)})
