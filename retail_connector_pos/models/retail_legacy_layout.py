import uuid
from zoneinfo import available_timezones

from odoo import api, fields, models

from ..decisions.legacy_check import problems_of
from ..decisions.legacy_layout import HEADER, Layout, layout_from
from ..decisions.legacy_targets import REQUIRED, TARGETS


def _timezones(_self):
    return [(name, name) for name in sorted(available_timezones())]


SIGNS = {"none": "", "point": ".", "comma": ",", "blank": " ", "apostrophe": "'"}
# What a declaration is made of, but its parts.
OWN_FIELDS = (
    "kind",
    "medium",
    "key",
    "tz",
    "decimal_sign",
    "thousands",
    "day_starts_at",
    "watermark",
    "watermark_kind",
    "moment_format",
    "overlap",
    "reads_nulls",
    "file_format",
    "shape",
    "delimiter",
    "quote",
    "encoding",
    "has_names",
    "skip_lines",
    "type_column",
    "ignored_types",
    "done_suffix",
    "settle",
)


class RetailLegacyLayout(models.Model):
    """How the tables or files of a register system are laid out, as an administrator declares it.

    It is edited and previewed here; what is read by is the declaration in use, kept with the
    connection's settings and changed by ``action_use`` only.
    """

    _name = "retail.legacy.layout"
    _description = "Retail Layout of a Register System"
    _inherit = ["retail.notice.mixin"]
    _order = "backend_id, kind, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    backend_id = fields.Many2one("retail.backend", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="backend_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [("pos_ticket", "Tickets"), ("pos_closing", "Day Reports")],
        required=True,
        default="pos_ticket",
    )
    medium = fields.Selection(
        [("tables", "Tables"), ("files", "Files")], compute="_compute_medium", store=True
    )
    key = fields.Char(
        required=True, readonly=True, copy=False, default=lambda self: str(uuid.uuid4()),
        help="The name of what this layout claims.",
    )  # fmt: skip
    part_ids = fields.One2many("retail.legacy.part", "layout_id", string="Parts", copy=True)
    # Notation
    tz = fields.Selection(
        _timezones,
        string="Time Zone",
        required=True,
        default=lambda self: self.env.company.partner_id.tz or "UTC",
        help="Of times that name none.",
    )
    decimal_sign = fields.Selection(
        [("point", "Point: 12.50"), ("comma", "Comma: 12,50")], required=True, default="point"
    )
    thousands = fields.Selection(
        [
            ("none", "None"),
            ("point", "Point"),
            ("comma", "Comma"),
            ("blank", "Blank"),
            ("apostrophe", "Apostrophe"),
        ],
        required=True,
        default="none",
    )
    day_starts_at = fields.Integer(
        string="Day Starts (min)",
        help="Minutes after midnight until which a sale counts for the day before, where the "
        "system tells no business date.",
    )
    # Tables
    watermark = fields.Char(help="The header's column that tells what is new.")
    watermark_kind = fields.Selection(
        [("moment", "A Time"), ("number", "A Number")], required=True, default="moment"
    )
    moment_format = fields.Char(
        string="Watermark Format", help="Where times are texts, e.g. %Y-%m-%d %H:%M:%S; or epoch."
    )
    overlap = fields.Integer(
        default=120,
        help="How far each poll reaches back for what was committed late: minutes of a time, "
        "steps of a number.",
    )
    reads_nulls = fields.Boolean(
        string="Read Rows without Watermark", default=True, help="By every poll."
    )
    # Files
    file_format = fields.Selection(
        [("csv", "CSV"), ("jsonl", "JSON Lines")], required=True, default="csv"
    )
    shape = fields.Selection(
        [
            ("rows", "All Rows in One File"),
            ("files", "A File for Each Part"),
            ("nested", "Nested Objects"),
        ],
        required=True,
        default="rows",
    )
    delimiter = fields.Char(default=",", help="One character, or “tab”.")
    quote = fields.Char(string="Quotation Mark", default='"', help="Empty: none.")
    encoding = fields.Char(default="utf-8", help="E.g. utf-8, cp1252, iso8859-15.")
    has_names = fields.Boolean(
        string="First Line Has Names", default=True, help="If not, columns are called 1, 2, 3 …"
    )
    skip_lines = fields.Integer(help="Lines before the names or the first row.")
    type_column = fields.Char(help="The column that tells a header's row from a line's.")
    ignored_types = fields.Char(help="Types of rows that are left out, separated by commas.")
    done_suffix = fields.Char(
        string="Marker", help="A file is complete when one of this ending is beside it, e.g. .done"
    )
    settle = fields.Integer(
        string="Settling Time (s)",
        default=30,
        help="What was written so many seconds ago may still be written: it is left for later.",
    )
    problems = fields.Text(compute="_compute_problems")
    known_columns = fields.Text(readonly=True, copy=False, string="Columns Found")

    _key_unique = models.UniqueIndex("(key)", "Layouts claim apart from one another.")

    @api.depends("backend_id.provider")
    def _compute_medium(self):
        for layout in self:
            layout.medium = getattr(layout.backend_id._provider_class(), "medium", False)

    @api.model_create_multi
    def create(self, vals_list):
        """Override: begin with the parts and fields that cannot be done without."""
        for vals in vals_list:
            if not vals.get("part_ids"):
                vals["part_ids"] = self._first_parts(vals.get("kind") or "pos_ticket")
        return super().create(vals_list)

    @api.model
    def _first_parts(self, kind):
        return [
            fields.Command.create(
                {
                    "name": name,
                    "rule_ids": [
                        fields.Command.create({"target": target})
                        for target in REQUIRED[kind].get(name, ())
                    ],
                }
            )
            for name in TARGETS[kind]
            if name in (HEADER, "lines", "tenders")
        ]

    # The declaration

    def _layout(self) -> Layout:
        """Return the declaration. Raises ``ValueError`` in words for people."""
        self.ensure_one()
        return layout_from(
            {
                "kind": self.kind,
                "key": self.key,
                "parts": tuple(part._declared() for part in self.part_ids),
                "tables": self._tables() if self.medium == "tables" else None,
                "files": self._files() if self.medium == "files" else None,
                "tz": self.tz,
                "decimal_sign": SIGNS.get(self.decimal_sign),
                "thousands": SIGNS.get(self.thousands),
                "day_starts_at": self.day_starts_at,
            }
        )

    def _tables(self):
        return {
            "watermark": self.watermark or "",
            "watermark_kind": self.watermark_kind,
            "moment_format": self.moment_format or "",
            "overlap": self.overlap,
            "settle": self.settle,
            "reads_nulls": self.reads_nulls,
        }

    def _files(self):
        return {
            "format": self.file_format,
            "shape": self.shape,
            "delimiter": "\t" if self.delimiter == "tab" else self.delimiter or "",
            "quote": self.quote or "",
            "encoding": self.encoding or "",
            "has_names": self.has_names,
            "skip_lines": self.skip_lines,
            "type_column": self.type_column or "",
            "ignored_types": tuple(
                part.strip() for part in (self.ignored_types or "").split(",") if part.strip()
            ),
            "done_suffix": self.done_suffix or "",
            "settle": self.settle,
        }

    @api.depends(lambda self: self._declared_fields())
    def _compute_problems(self):
        for layout in self:
            layout.problems = "\n".join(layout._problems()) or False

    def _declared_fields(self):
        """Return the names of the fields that a declaration is made of."""
        parts = [f"part_ids.{name}" for name in self.env["retail.legacy.part"]._own_fields()]
        rules = [f"part_ids.rule_ids.{n}" for n in self.env["retail.legacy.rule"]._own_fields()]
        return [*OWN_FIELDS, *parts, *rules]

    def _problems(self):
        if not self.medium:
            return [self.env._("The backend's system is not read by a layout.")]
        try:
            return problems_of(self._layout())
        except ValueError as error:
            return [str(error)]
