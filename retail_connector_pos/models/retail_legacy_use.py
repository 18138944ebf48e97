from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.retail_connector_base.providers import ConnectorError

from ..decisions.legacy_layout import layout_of, text_of
from .retail_legacy_layout import SIGNS

WORDS = {sign: word for word, sign in SIGNS.items()}


class RetailLegacyLayout(models.Model):
    """Putting a layout to use, looking through it, and carrying it to another database."""

    _inherit = "retail.legacy.layout"

    use = fields.Selection(
        [("no", "Not in Use"), ("yes", "In Use"), ("changed", "Changed Since")],
        compute="_compute_use",
        string="State",
    )
    reason = fields.Char(help="Why it is put to use; kept with the configuration's version.")

    @api.depends("problems", "backend_id.setting_ids.value")
    def _compute_use(self):
        for layout in self:
            used = layout._used()
            if not used or used.key != layout.key:
                layout.use = "no"
            else:
                layout.use = "yes" if layout._is_same(used) else "changed"

    def _is_same(self, used):
        try:
            return self._layout() == used
        except ValueError:
            return False

    def _setting(self):
        """Return the setting that holds the layout in use, empty where there is none."""
        names = getattr(self.backend_id._provider_class(), "layout_settings", {})
        return self.backend_id.setting_ids.filtered(lambda row: row.name == names.get(self.kind))

    def _used(self):
        """Return the declaration in use, ``None`` without one that can be read."""
        value = self._setting().value
        try:
            return layout_of(value) if value else None
        except ValueError:
            return None

    # Buttons

    def action_use(self):
        """Read by this layout from now on."""
        self.ensure_one()
        self.check_access("write")
        if self.problems:
            raise UserError(self.problems)
        setting, layout = self._setting(), self._layout()
        if not setting:
            raise UserError(self.env._("The backend's system is not read by a layout."))
        if self._reads_elsewhere(layout):
            self._forget_position()
        setting.with_context(retail_reason=self.reason).write({"value": text_of(layout)})
        self.env["retail.audit"]._log(
            "layout.used", self.backend_id, backend=self.backend_id, detail={"layout": self.name}
        )
        self.invalidate_recordset(["use"])
        if setting.value != text_of(layout):
            return self._notify(self.env._("Proposed: somebody else has to approve it."))
        return self._notify(self.env._("Tickets are read by this layout from now on."))

    def _reads_elsewhere(self, layout):
        """Tell whether other tables are read than before: then a position there means nothing."""
        used = self._used()
        if used is None:
            return True
        old, new = used.header, layout.header
        return (used.tables, old.table, old.select, old.key) != (
            layout.tables,
            new.table,
            new.select,
            new.key,
        )

    def _forget_position(self):
        flows = self.backend_id.flow_ids.filtered(
            lambda flow: flow.kind == self.kind and flow.direction == "in"
        )
        flows.sudo().write({"position": False, "cursor": False})

    def action_preview(self):
        """Show what this layout makes of the other system's records, before any is imported."""
        self.ensure_one()
        return self.env["retail.legacy.preview"]._open(self)

    def action_columns(self):
        """Ask the other system which columns the parts have."""
        self.ensure_one()
        self.check_access("write")
        found = []
        for part in self.part_ids.filtered(lambda part: not part.of_header):
            found.append(f"{part.display_name}: {', '.join(self._columns(part))}")
        self.known_columns = "\n".join(found)
        return True

    def _columns(self, part):
        try:
            return self.backend_id._provider().columns(self._layout(), part.name)
        except (ConnectorError, ValueError) as error:
            raise UserError(
                self.env._("%(part)s: %(error)s", part=part.display_name, error=error)
            ) from error

    def action_export(self):
        """Download the layout as a file."""
        self.ensure_one()
        self.check_access("read")
        return self.env["retail.legacy.export"].create({"layout_id": self.id})._download()

    # From a file

    @api.model
    def _take(self, backend, name, layout):
        """Return a new layout of a backend with a declaration's content."""
        files, tables = layout.files, layout.tables
        values = {
            "name": name,
            "backend_id": backend.id,
            "kind": layout.kind,
            "part_ids": [
                fields.Command.create(self.env["retail.legacy.part"]._values_of(part))
                for part in layout.parts
            ],
            "tz": layout.tz,
            "decimal_sign": WORDS[layout.decimal_sign],
            "thousands": WORDS[layout.thousands],
            "day_starts_at": layout.day_starts_at,
        }
        if tables:
            values |= self._values_of_tables(tables)
        if files:
            values |= self._values_of_files(files)
        return self.create(values)

    def _values_of_tables(self, tables):
        names = ("watermark", "watermark_kind", "moment_format", "overlap", "settle", "reads_nulls")
        return {name: getattr(tables, name) for name in names}

    def _values_of_files(self, files):
        names = ("shape", "quote", "encoding", "has_names", "skip_lines", "type_column",
                 "done_suffix", "settle")  # fmt: skip
        return {
            **{name: getattr(files, name) for name in names},
            "file_format": files.format,
            "delimiter": "tab" if files.delimiter == "\t" else files.delimiter,
            "ignored_types": ", ".join(files.ignored_types),
        }


class RetailBackend(models.Model):
    """The layouts by which a backend's system is read."""

    _inherit = "retail.backend"

    legacy_layout_ids = fields.One2many("retail.legacy.layout", "backend_id", string="Layouts")

    def _setup_steps(self, offered):
        """Override: a system that is read needs a layout, before it starts."""
        steps = super()._setup_steps(offered)
        names = getattr(self._provider_class(), "layout_settings", None)
        return [*steps[:3], self._step_layout(names), *steps[3:]] if names else steps

    def _step_layout(self, names):
        settings = self.setting_ids.filtered(lambda row: row.name in names.values())
        return {
            "code": "layout",
            "label": self.env._("Declare what is where"),
            "hint": self.env._("A layout says which column means what. Look through its preview."),
            "done": any(settings.mapped("value")),
            "button": "action_open_layouts",
            "button_label": self.env._("Open Layouts"),
        }

    def action_open_layouts(self):
        """Open the layouts by which this backend's system is read."""
        return self._open("retail_connector_pos.retail_legacy_layout_action")
