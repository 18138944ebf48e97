from odoo import api, fields, models

PARTS = [
    ("header", "Header"),
    ("lines", "Lines"),
    ("tenders", "Tenders"),
    ("taxes", "Taxes"),
    ("cash_movements", "Cash Movements"),
]


def names_of(text):
    """Return names that are separated by commas."""
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


class RetailLegacyPart(models.Model):
    """A part of a layout: where its rows are, and what its columns mean."""

    _name = "retail.legacy.part"
    _description = "Retail Layout: part"
    _order = "layout_id, sequence, id"

    layout_id = fields.Many2one(
        "retail.legacy.layout", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="layout_id.company_id", store=True)
    medium = fields.Selection(related="layout_id.medium")
    shape = fields.Selection(related="layout_id.shape")
    sequence = fields.Integer(default=10)
    name = fields.Selection(PARTS, string="Part", required=True)
    of_header = fields.Boolean(
        string="In the Header's Row",
        help="One item in columns of the header, e.g. a column for cash and one for cards.",
    )
    key_columns = fields.Char(
        string="Key", help="Columns that say which ticket or report a row is of, with commas."
    )
    sort_columns = fields.Char(string="In the Order of", help="Columns, with commas.")
    table_name = fields.Char(string="Table or View", help="Its schema before it, if any: pos.sales")
    select_text = fields.Text(
        string="SELECT",
        help="Instead of a table: one statement that only reads, without comments and semicolons.",
    )
    pattern = fields.Char(string="File Name", help="With one *: tickets_*.csv")
    row_type = fields.Char(help="What the type column says of such a row.")
    path = fields.Char(help="Where the list is within an object: sale.items")
    rule_ids = fields.One2many("retail.legacy.rule", "part_id", string="Fields", copy=True)

    @api.depends("name")
    def _compute_display_name(self):
        words = dict(self._fields["name"]._description_selection(self.env))
        for part in self:
            part.display_name = words.get(part.name, part.name)

    @api.model
    def _own_fields(self):
        """Return the names of the fields that a declaration is made of."""
        return [
            "name",
            "of_header",
            "key_columns",
            "sort_columns",
            "table_name",
            "select_text",
            "pattern",
            "row_type",
            "path",
        ]

    def _declared(self):
        """Return the part as a declaration has it."""
        self.ensure_one()
        return {
            "name": self.name,
            "rules": tuple(rule._declared() for rule in self.rule_ids),
            "of_header": self.of_header,
            "key": names_of(self.key_columns),
            "sort": names_of(self.sort_columns),
            "table": (self.table_name or "").strip(),
            "select": (self.select_text or "").strip(),
            "pattern": (self.pattern or "").strip(),
            "row_type": (self.row_type or "").strip(),
            "path": (self.path or "").strip(),
        }

    @api.model
    def _values_of(self, part):
        """Return the values of a record for a declared part."""
        return {
            "name": part.name,
            "rule_ids": [
                fields.Command.create(self.env["retail.legacy.rule"]._values_of(rule))
                for rule in part.rules
            ],
            "of_header": part.of_header,
            "key_columns": ", ".join(part.key),
            "sort_columns": ", ".join(part.sort),
            "table_name": part.table,
            "select_text": part.select,
            "pattern": part.pattern,
            "row_type": part.row_type,
            "path": part.path,
        }
