from odoo import api, fields, models
from odoo.exceptions import UserError

from ..decisions.config_difference import Change


class RetailGovernedMixin(models.AbstractModel):
    """Configuration whose changes are kept as versions, with who and why, and may need approval.

    What the system itself writes is noted like everything else, but never waits for anybody. A
    person's change is asked for a reason, or waits for a second person, as the backend says.
    """

    _name = "retail.governed.mixin"
    _description = "Retail Connector: governed configuration"

    change_reason = fields.Char(
        compute="_compute_change_reason",
        inverse="_inverse_change_reason",
        help="Why you change this; it is kept with the version.",
    )

    @api.depends_context("uid")
    def _compute_change_reason(self):
        self.change_reason = False

    def _inverse_change_reason(self):
        """The reason goes with the change it was given for (``_write_governed``)."""

    # What a model says

    @api.model
    def _governed_prefix(self):
        """Return the first part of its items' names."""
        raise NotImplementedError

    @api.model
    def _governed_fields(self):
        """Return the names of the fields that are configuration."""
        raise NotImplementedError

    @api.model
    def _governed_records(self, backend):
        """Return the records of a backend."""
        raise NotImplementedError

    def _governed_parts(self):
        """Return what names a record among those of its backend, the same in every database."""
        raise NotImplementedError

    def _governed_backend(self):
        """Return the backend that a record configures."""
        return self.backend_id

    @api.model
    def _can_be_made(self, item):
        """Tell whether an item that is missing is made when it is imported."""
        return False

    def _make_governed(self, backend, item):
        """Return a new record for an item that can be made."""
        raise NotImplementedError

    # Items

    def _governed_key(self):
        self.ensure_one()
        return "/".join((self._governed_prefix(), *self._governed_parts()))

    @api.model
    def _governed_record(self, backend, item, make=True):
        """Return the record of an item, empty where there is none."""
        if item.partition("/")[0] != self._governed_prefix():
            return self.browse()
        for record in self._governed_records(backend):
            if record._governed_key() == item:
                return record
        return self._make_governed(backend, item) if make and self._can_be_made(item) else self

    # Changes

    def _write_governed(self, vals, write):
        """Write what may be written now; let the rest wait for a second person.

        ``write(records, vals)`` is the model's own.
        """
        vals = dict(vals)
        reason = vals.pop("change_reason", None) or self.env.context.get("retail_reason")
        governed = {name: value for name, value in vals.items() if name in self._governed_fields()}
        # What belongs to it is changed for the same reason: settings in a backend's form.
        records = self.with_context(retail_reason=reason) if reason else self
        return records._write_apart(vals, governed, reason, write)

    def _write_apart(self, vals, governed, reason, write):
        if not governed:
            return write(self, vals)
        waiting = self._waiting_for_approval(reason)
        for backend, records in (self - waiting).grouped(lambda r: r._governed_backend()).items():
            self.env["retail.config.version"]._note(backend, reason)
            write(records, vals)
        rest = {name: value for name, value in vals.items() if name not in governed}
        if waiting and rest:
            write(waiting, rest)
        for record in waiting:
            record._propose(governed, reason)
        return True

    def _waiting_for_approval(self, reason):
        """Return the records whose change waits. Raises ``UserError`` if a reason is missing."""
        if not self._is_by_person():
            return self.browse()
        backends = self.mapped(lambda record: record._governed_backend())
        if not reason and any(backend.config_policy != "open" for backend in backends):
            raise UserError(self.env._("Say why: this backend keeps a reason with every change."))
        return self.filtered(lambda record: record._governed_backend()._needs_approval())

    def _is_by_person(self):
        asked = self.env.context.get("retail_governed")
        return asked is not False and (bool(asked) or not self.env.su)

    def _propose(self, governed, reason):
        config, backend = self.env["retail.config"], self._governed_backend()
        item, changes = self._governed_key(), []
        for name, value in governed.items():
            field = self._fields[name]
            before = config._portable(field, self.sudo()[name])
            after = config._portable(field, field.convert_to_record(
                field.convert_to_cache(value, self), self
            ))  # fmt: skip
            if before != after:
                changes.append(Change(item, name, before, after))
        if changes:
            self.env["retail.config.change"]._propose(backend, changes, reason)
