from odoo import api, fields, models

from ..decisions.fingerprint import storable_json
from ..decisions.receipt import printable
from ..decisions.vocabulary import normalised

IDENTITY = ("backend_id", "kind", "external_key")


class RetailMapping(models.Model):
    """One word of a channel's vocabulary and what it means in Odoo.

    A word that is met for the first time makes an unmapped row (``_note_unmapped``), so that the
    table lists what is missing; as soon as a row is mapped, what waited for it is tried again.
    """

    _name = "retail.mapping"
    _description = "Retail Mapping"
    _inherit = ["retail.mapping.target", "retail.once.mixin"]
    _order = "backend_id, kind, external_label, id"
    _rec_name = "external_label"
    _check_company_auto = True

    backend_id = fields.Many2one(
        "retail.backend", required=True, ondelete="cascade", index=True, copy=False
    )
    company_id = fields.Many2one(related="backend_id.company_id", store=True, index=True)
    external_key = fields.Char(
        string="Channel's Value", required=True, help="As the channel writes it, normalised."
    )
    external_label = fields.Char(string="Shown as", help="In the words of the channel.")
    context = fields.Json(readonly=True, help="What else is known, e.g. a tax's rate.")
    context_text = fields.Char(compute="_compute_context_text", string="Details")
    state = fields.Selection(
        [("mapped", "Mapped"), ("unmapped", "To Map"), ("ignored", "Ignored")],
        compute="_compute_state",
        store=True,
        index=True,
    )
    origin = fields.Selection(
        [("manual", "Manual"), ("automatic", "Automatic"), ("imported", "Imported")],
        required=True,
        default="manual",
        readonly=True,
    )
    active = fields.Boolean(default=True)
    target_name = fields.Char(compute="_compute_target_name", string="In Odoo")

    _key_unique = models.UniqueIndex(
        "(backend_id, kind, external_key)", "A value of a channel is mapped once per kind."
    )

    @api.depends(lambda self: ("kind", "ignored", *self._kind_fields().values()))
    def _compute_state(self):
        for mapping in self:
            mapped = mapping.kind and mapping._target()
            mapping.state = "ignored" if mapping.ignored else "mapped" if mapped else "unmapped"

    @api.depends(lambda self: ("kind", *self._kind_fields().values()))
    def _compute_target_name(self):
        for mapping in self:
            mapping.target_name = mapping.kind and mapping._target().display_name

    @api.depends("context")
    def _compute_context_text(self):
        for mapping in self:
            pairs = (mapping.context or {}).items()
            mapping.context_text = ", ".join(f"{key}: {value}" for key, value in pairs)

    # For importers

    @api.model
    def _resolve(self, backend, kind, external_keys):
        """Return ``{external key: record}`` of what is mapped, in one query.

        What is deliberately ignored has an empty record; what is missing is not mapped: raise a
        problem whose fix is ``map_value`` (``_problem_values`` has its ``fix_values``).
        """
        words = {key: self._normalised(kind, key) for key in external_keys}
        rows = self.search(
            [
                ("backend_id", "=", backend.id),
                ("kind", "=", kind),
                ("external_key", "in", list(set(words.values()))),
                ("state", "!=", "unmapped"),
            ]
        )
        targets = {row.external_key: row._meaning() for row in rows}
        return {key: targets[word] for key, word in words.items() if word in targets}

    def _meaning(self):
        target = self._target()
        return target.browse() if self.ignored else target

    @api.model
    def _problem_values(self, kind, external_key, label=None, **context):
        """Return the ``fix_values`` of a problem that is fixed by mapping this value."""
        return {
            "kind": kind,
            "external_key": external_key,
            "label": label or external_key,
            "context": context,
        }

    @api.model
    def _note_unmapped(self, backend, wanted):
        """Return the mappings of these ``fix_values``, in their order; make rows that are missing.

        Call it outside the savepoint of the import that failed, or the rows are lost with it.
        """
        rows = [self._unmapped_row(backend, values) for values in wanted]
        found = self._by_word(backend, rows)
        self._insert_once(
            IDENTITY,
            [row for row in rows if (row["kind"], row["external_key"]) not in found],
        )
        found = self._by_word(backend, rows)
        return [found[row["kind"], row["external_key"]] for row in rows]

    def _by_word(self, backend, rows):
        found = self.with_context(active_test=False).search(
            [
                ("backend_id", "=", backend.id),
                ("external_key", "in", [row["external_key"] for row in rows]),
            ]
        )
        return {(row.kind, row.external_key): row for row in found}

    def _unmapped_row(self, backend, values):
        return {
            "backend_id": backend.id,
            "company_id": backend.company_id.id,
            "kind": values["kind"],
            "external_key": self._normalised(values["kind"], values["external_key"]),
            "external_label": printable(values.get("label") or values["external_key"]),
            "context": storable_json(values.get("context") or {}),
            "state": "unmapped",
            "origin": "automatic",
            "ignored": False,
            "active": True,
        }

    @api.model
    def _normalised(self, kind, external_key):
        return normalised(str(external_key), case_sensitive=kind == "product")

    # Changes

    @api.model_create_multi
    def create(self, vals_list):
        mappings = super().create([self._with_normal_key(vals) for vals in vals_list])
        mappings._log_change("mapping.created")
        mappings._retry_what_waited()
        return mappings

    def write(self, vals):
        before = {mapping: mapping.target_name for mapping in self}
        result = super().write(self._with_normal_key(vals))
        if vals.keys() & self._meaningful_fields():
            self._log_change("mapping.changed", before)
            self._retry_what_waited()
        return result

    def unlink(self):
        self._log_change("mapping.deleted")
        return super().unlink()

    def _with_normal_key(self, vals):
        if not vals.get("external_key"):
            return vals
        kind = vals.get("kind") or self[:1].kind
        label = {} if self else {"external_label": vals["external_key"]}
        return {
            **label,
            **vals,
            "external_key": self._normalised(kind, vals["external_key"]),
        }

    @api.model
    def _meaningful_fields(self):
        return {"kind", "external_key", "ignored", "active", *self._kind_fields().values()}

    def _log_change(self, action, before=None):
        for mapping in self:
            detail = {
                "kind": mapping.kind,
                "value": mapping.external_key,
                "from": (before or {}).get(mapping) or "",
                "to": mapping.target_name or mapping.state,
            }
            self.env["retail.audit"]._log(action, mapping, detail=detail)

    def _retry_what_waited(self):
        known = self.filtered(lambda mapping: mapping.state != "unmapped" and mapping.active)
        self.env["retail.exception"]._retry_about(known)

    # Buttons

    def action_map(self):
        """Open the wizard that maps this value."""
        self.ensure_one()
        self.check_access("read")
        return self.env["retail.mapping.wizard"]._open(self)
