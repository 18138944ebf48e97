from odoo import api, models
from odoo.exceptions import UserError

from ..decisions.config_difference import Change

# By which field a record of another model is found again in another database.
NATURAL_KEYS = {
    "account.account": "code",
    "product.product": "default_code",
    "stock.location": "complete_name",
    "stock.warehouse": "code",
    "account.journal": "code",
    "res.currency": "name",
    "res.country": "code",
}


class RetailConfig(models.AbstractModel):
    """A backend's configuration in a form that means the same in every database.

    Secrets are no part of it. Each model with configuration says what of it belongs to it
    (``retail.governed.mixin``).
    """

    _name = "retail.config"
    _description = "Retail Connector: configuration"

    # Reading

    @api.model
    def _snapshot(self, backend):
        """Return ``{item: {field: portable value}}`` of a backend."""
        content = {}
        for name in self._models():
            for record in self.env[name].sudo()._governed_records(backend):
                content[record._governed_key()] = self._values_of(record)
        return content

    @api.model
    def _models(self):
        """Return the names of the models that hold configuration."""
        found = self.env.registry.descendants(["retail.governed.mixin"], "_inherit")
        return sorted(name for name in found if not self.env[name]._abstract)

    def _values_of(self, record):
        names = sorted(record._governed_fields())
        return {name: self._portable(record._fields[name], record[name]) for name in names}

    @api.model
    def _portable(self, field, value):
        """Return a field's value without any database id."""
        if field.type == "many2one":
            return self._reference(value) if value else None
        if field.type in ("many2many", "one2many"):
            raise TypeError(f"{field}: only single values are governed")
        return value if value or field.type in ("boolean", "integer", "float") else None

    def _reference(self, record):
        record = record.sudo()
        xmlid = record.get_external_id().get(record.id) or ""
        shared = xmlid and not xmlid.startswith("__")
        key = NATURAL_KEYS.get(record._name)
        name = (key and record[key]) or record.display_name
        return {"model": record._name, "name": name, **({"xmlid": xmlid} if shared else {})}

    # Finding again

    @api.model
    def _from_portable(self, backend, field, value):
        """Return what is written for a portable value. Raises ``UserError`` if it is not here."""
        if field.type != "many2one":
            return value
        return self._find(backend, field.comodel_name, value).id if value else False

    def _find(self, backend, model, reference):
        if reference.get("model") != model:
            raise UserError(self.env._("The file names a record of another kind."))
        found = self.env.ref(reference.get("xmlid") or "-", raise_if_not_found=False)
        if found and found._name == model:
            return found
        # Codes of accounts are a company's own.
        records = self.env[model].sudo().with_company(backend.company_id)
        key = NATURAL_KEYS.get(model, records._rec_name or "name")
        domain = [(key, "=", reference.get("name"))]
        if "company_id" in records._fields:
            domain.append(("company_id", "in", (False, backend.company_id.id)))
        elif "company_ids" in records._fields:
            domain.append(("company_ids", "in", backend.company_id.ids))
        found = records.search(domain, limit=2)
        if len(found) != 1:
            raise UserError(
                self.env._(
                    "“%(name)s” is not here, or is here more than once: create it first.",
                    name=reference.get("name"),
                )
            )
        return found

    # Changing

    @api.model
    def _apply(self, backend, changes: list[Change], reason, origin):
        """Write changes, all or none, and note one version of them. Raises ``UserError``."""
        by_item = {}
        for change in changes:
            by_item.setdefault(change.item, {})[change.field] = change.after
        self.env["retail.config.version"]._note(backend, reason, origin)
        for item, values in by_item.items():
            record = self._record_of(backend, item)
            record.with_context(retail_governed=False).write(self._vals(backend, record, values))

    def _record_of(self, backend, item):
        """Return the record of an item; a mapping that is missing is made."""
        for name in self._models():
            record = self.env[name].sudo()._governed_record(backend, item)
            if record:
                return record
        raise UserError(
            self.env._("“%(item)s” does not exist here: its addon or flow is missing.", item=item)
        )

    def _vals(self, backend, record, values):
        known = record._governed_fields()
        if unknown := set(values) - known:
            raise UserError(
                self.env._("“%(field)s” is not known here.", field=", ".join(sorted(unknown)))
            )
        return {
            name: self._from_portable(backend, record._fields[name], value)
            for name, value in values.items()
        }

    @api.model
    def _problem_of(self, backend, change):
        """Return why a change cannot be made here, "" if it can."""
        try:
            for name in self._models():
                records = self.env[name].sudo()
                if records._governed_prefix() == change.item.partition("/")[0]:
                    if not records._can_be_made(change.item) and not records._governed_record(
                        backend, change.item, make=False
                    ):
                        break
                    self._vals(backend, records, {change.field: change.after})
                    return ""
        except UserError as error:
            return str(error)
        return self.env._("It does not exist here: its addon or flow is missing.")
