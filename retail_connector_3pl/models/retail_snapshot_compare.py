from odoo import fields, models

from . import snapshot_compare_sql as compare_sql
from . import snapshot_keep_sql as keep_sql
from . import snapshot_told_sql as told_sql
from .retail_snapshot_line import DECIDED


class RetailSnapshot(models.Model):
    """The comparison: a few set-based statements, whatever the number of items."""

    _inherit = "retail.snapshot"

    def _compare(self):
        """Compare a whole count with Odoo; keep what differs, and why.

        Lines that somebody has decided about stay as they are.
        """
        self.ensure_one()
        undecided = [("snapshot_id", "=", self.id), ("state", "not in", DECIDED)]
        self.env["retail.snapshot.line"].search(undecided)._forget()
        events = self._work_out()
        self._keep(events)
        self._judge()
        self._outdate()
        self._settle_state()
        self._tell()

    def _work_out(self, own_too=True):
        """Compute what differs now, in a table of this transaction; return what explains it.

        ``own_too``: the count's own approved differences that are not applied yet count as
        explained.
        """
        self.env.flush_all()
        self._drop_tables()
        self._read_told()
        transit = self.env["retail.snapshot.transit"]
        events = transit._events(self, own_too)
        self._put_events(events)
        self._put_holds(transit._holds(self.warehouse_id, self.taken_at))
        root = self.warehouse_id.odoo_id.lot_stock_id.parent_path
        query = compare_sql.COMPARE.replace(
            "%(named_only)s", "" if self.complete else compare_sql.NAMED_ONLY
        )
        values = {"root": f"{root}%", "instant": self.taken_at, "complete": self.complete}
        self.env.cr.execute(compare_sql.BUSY, values)
        self.env.cr.execute(compare_sql.ANALYZE)
        self.env.cr.execute(query, values | {"digits": self._digits()})
        return events

    def _digits(self):
        return self.env["decimal.precision"].precision_get("Product Unit")

    # What explains differences

    def _put_events(self, events):
        self.env.cr.execute(
            compare_sql.EVENT,
            {
                "products": [event.item.product_id for event, _effect in events],
                "lots": [event.item.lot for event, _effect in events],
                "quantities": [effect for _event, effect in events],
                "company": self.company_id.id,
            },
        )

    def _put_holds(self, holds):
        self.env.cr.execute(
            compare_sql.HOLD,
            {
                "products": list(holds),
                "reserved": [reserved for reserved, _known in holds.values()],
                "known": [known for _reserved, known in holds.values()],
            },
        )

    # What is kept

    def _keep(self, events):
        cr, values = self.env.cr, self._keep_values()
        cr.execute(keep_sql.KEEP_ITEMS, values)
        if self._found_any(told_sql.UNUSABLE):
            cr.execute(keep_sql.KEEP_UNREAD, values)
        cr.execute(keep_sql.KEEP_EVENTS, values | _columns_of(events))
        cr.execute(compare_sql.ITEMS)
        items = sum(row[0] for row in cr.fetchall())
        self.env["retail.snapshot.line"].invalidate_model()
        self.env["retail.snapshot.event"].invalidate_model()
        self.invalidate_recordset(["line_ids", "event_ids"])
        self._summarise(items)

    def _keep_values(self):
        fallback = self.env["product.product"]._fields["standard_price"]
        company = self.company_id
        return {
            "snapshot": self.id,
            "warehouse": self.warehouse_id.id,
            "company": company.id,
            "company_key": str(company.id),
            "cost": fallback.get_company_dependent_fallback(self.env["product.product"]) or 0,
            "decimals": company.currency_id.decimal_places,
            "instant": self.taken_at,
        }

    def _summarise(self, items):
        self.env.cr.execute(keep_sql.SUMMARY, {"snapshot": self.id})
        explained, variances, problems, odd, value, size = self.env.cr.fetchone()
        right = items - variances - odd
        counted = None
        if not self.complete:
            self.env.cr.execute(keep_sql.COUNTED)
            counted = self.env.cr.fetchone()[0]
        self.write(
            {
                "compared_at": fields.Datetime.now(),
                "counted_product_ids": counted,
                "line_count": sum(self.part_ids.mapped("line_count")),
                "item_count": items,
                "explained_count": explained,
                "variance_count": variances,
                "problem_count": problems,
                "matched_count": right - explained,
                "accuracy": 100.0 * right / items if items else 0.0,
                "variance_value": float(value),
                "variance_size": float(size),
            }
        )

    def _outdate(self):
        """Put out of date what a newer count tells of, in older counts or in this one."""
        values = {"snapshot": self.id, "warehouse": self.warehouse_id.id}
        self.env.flush_all()
        self.env.cr.execute(keep_sql.OUTDATED, values)
        touched = {row[0] for row in self.env.cr.fetchall()}
        self.env["retail.snapshot.line"].invalidate_model(["state"])
        for other in self.browse(sorted(touched - {self.id})):
            other._settle_state()
            other._tell()


def _columns_of(events):
    """Return what explains differences by column."""
    return {
        "models": [event.document[0] for event, _effect in events],
        "ids": [event.document[1] for event, _effect in events],
        "names": [event.name for event, _effect in events],
        "there": [event.there_at for event, _effect in events],
        "here": [event.here_at for event, _effect in events],
    }
