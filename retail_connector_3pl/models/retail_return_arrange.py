from odoo import api, fields, models

from odoo.addons.retail_connector_base.decisions.return_state import REFUSED
from odoo.addons.retail_connector_base.models.retail_return_settle import exact

from ..decisions.return_goods import Goods, plan
from .stock_picking_return import MOVING


class RetailReturn(models.Model):
    """Brings the goods of returns where they belong: expected receipts, announcements, tasks."""

    _inherit = "retail.return"

    picking_ids = fields.One2many(
        "stock.picking", "retail_return_id", string="Receipts", readonly=True
    )

    receipt_count = fields.Integer(compute="_compute_receipt_count", compute_sudo=True)

    @api.depends("picking_ids")
    def _compute_receipt_count(self):
        for record in self:
            record.receipt_count = len(record.picking_ids)

    def _arrange(self):
        """Override: expect what may come, tell the third party, move what came."""
        result = super()._arrange()
        for record in self:
            record._believe()
            record._sum_up()
            record._link_moves()
            record._expect()
            record._announce()
            record._withdraw()
            record._see_to_exchange()
            record._report_troubles()
            if not self.env.context.get(MOVING):
                record._put_tasks()
        return result

    def _plan(self):
        """Return what is to be done about the goods."""
        self.ensure_one()
        return plan(row._value() for row in self.goods_ids)

    def _believe(self):
        """Mark the goods of the sources that know best."""
        counts = self._plan().counts
        for row in self.goods_ids:
            if row.counts != (row.id in counts):
                row.counts = row.id in counts

    def _put_tasks(self):
        """Let the lanes of the warehouses move what has not moved."""
        found = self._plan()
        rows = {row.id: row for row in self.goods_ids}
        keys = [part.key for part in (*found.comes, *found.shifts)]
        keys += [to for _from, to, _quantity in found.takes]
        work = [rows[key] for key in keys if rows[key].product_id]
        if work:
            warehouse = work[0].warehouse_id or self.warehouse_id
            self.env["retail.goods.task"]._put(warehouse, self)

    def _is_stuck(self):
        """Override: also while the lane waits for a person."""
        blocked = self.env["retail.goods.task"].sudo()._open_of(self)
        return super()._is_stuck() or "blocked" in blocked.mapped("state")

    def _may_expect(self):
        """Tell whether goods of this return are awaited."""
        return not self.closed and self.state not in ("requested", *REFUSED, "completed")


class RetailReturnGoods(models.Model):
    """Goods as decisions about them need them."""

    _inherit = "retail.return.goods"

    def _value(self) -> Goods:
        return Goods(
            key=self.id,
            line=self.line_id.id,
            source=str(self.binding_id.id or 0),
            rank=self.rank,
            quantity=exact(self.quantity),
            wanted=self.disposition,
            moved=exact(self.moved_quantity),
            place=self.place or None,
            lot=self.lot_name or None,
        )


class RetailGoodsTask(models.Model):
    """Goods of returns that wait for a person."""

    _inherit = "retail.goods.task"

    def _fail(self, error):
        """Override: a return shows that it waits for a person."""
        result = super()._fail(error)
        if self.res_model == "retail.return" and self.state == "blocked":
            self._document()._settle()
        return result
