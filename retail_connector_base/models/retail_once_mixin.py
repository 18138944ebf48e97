from psycopg2.extras import Json

from odoo import api, models
from odoo.tools import SQL


class RetailOnceMixin(models.AbstractModel):
    """Adds rows whose identity is a unique index, whoever else is adding them just now."""

    _name = "retail.once.mixin"
    _description = "Retail Connector: rows that exist once"

    @api.model
    def _insert_once(self, identity, rows):
        """Insert what is not there yet and return the records that this call made.

        ``identity`` are the columns of the unique index; all ``rows`` have the same columns. A row
        that another transaction added since our snapshot raises a serialization failure (under
        READ COMMITTED it waits instead): whoever runs the transaction runs it again.
        """
        unique = {tuple(row[column] for column in identity): row for row in rows}
        if not unique:
            return self.browse()
        # One order for all transactions, so that none waits for another in a circle.
        ordered = [unique[key] for key in sorted(unique)]
        self.env.cr.execute(self._insert_once_sql(identity, ordered), log_exceptions=False)
        return self.browse(row[0] for row in self.env.cr.fetchall())

    def _insert_once_sql(self, identity, rows):
        stamps = {"create_uid": self.env.uid, "write_uid": self.env.uid}
        columns = [*rows[0], *stamps, "create_date", "write_date"]
        now = SQL("now() AT TIME ZONE 'UTC'")
        values = [[*map(_column, {**row, **stamps}.values()), now, now] for row in rows]
        return SQL(
            "INSERT INTO %s (%s) VALUES %s ON CONFLICT (%s) DO NOTHING RETURNING id",
            SQL.identifier(self._table),
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL(", ").join(SQL("(%s)", SQL(", ").join(row)) for row in values),
            SQL(", ").join(map(SQL.identifier, identity)),
        )


def _column(value):
    if isinstance(value, (dict, list)):
        value = Json(value)
    return SQL("%s", None if value is False else value)
