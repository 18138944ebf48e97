from odoo import api, models
from odoo.tools import SQL, float_compare

from ..canonical.event import StockChanged
from ..decisions.event_filter import Facts, wants
from .event_occurrence import decimal, text

LOCK_SPACE = 0x52435F45
PRODUCTS_AT_ONCE = 1000
OWED = "SELECT DISTINCT backend_id FROM retail_event_change"
# A warehouse is all that lies in it.
ROOTS = """
    SELECT warehouse.id AS group_id, location.parent_path
      FROM stock_warehouse warehouse
      JOIN stock_location location ON location.id = warehouse.view_location_id
     WHERE warehouse.id = ANY(%s)
"""


class RetailEventStock(models.AbstractModel):
    """Tells subscriptions of stock: one comparison of many products, never a job per move."""

    _name = "retail.event.stock"
    _description = "Retail Connector: events of stock"
    _inherit = ["retail.lane.mixin"]

    _lane_job = "_job_tell"

    def _lane_user(self, backend_id):
        return self.env["retail.backend"].browse(backend_id).user_id

    def _lane_title(self, backend_id):
        return self.env._("Compare stock with what subscribers were told")

    def _job_tell(self, backend_id):
        """Compare what changed with what the subscriptions of a backend were told."""
        with self._exclusive(LOCK_SPACE, backend_id):
            self._run_chunks(backend_id)

    @api.model
    def _sweep(self):
        """Wake what is owed; every minute."""
        self.env.cr.execute(OWED)
        for (backend_id,) in self.env.cr.fetchall():
            self._wake_after_commit(backend_id)

    def _try_chunk(self, backend_id):
        """Override: tell what differs of some products."""
        product_ids = self.env["retail.event.change"]._take(backend_id, PRODUCTS_AT_ONCE)
        if not product_ids:
            return False
        wishes = [
            wish
            for wish in self.env["retail.subscription"]._wishes()
            if wish.backend_id == backend_id and StockChanged.type in wish.types
        ]
        if wishes:
            self.env["retail.event"]._of_nobody()._tell_stock(wishes, product_ids)
        return True


class RetailEvent(models.AbstractModel):
    """Events of stock."""

    _inherit = "retail.event"

    @api.model
    def _tell_stock(self, wishes, product_ids):
        """Owe the differences of some products to these subscriptions, all of one company."""
        products = self.env["product.product"].browse(product_ids).filtered("is_storable")
        warehouses = self.env["stock.warehouse"].search(
            [("company_id", "=", wishes[0].company_id)], order="id"
        )
        free = self._free_of(warehouses, products)
        stock = self.env["retail.subscription.stock"]
        told = stock._told([wish.subscription_id for wish in wishes], products.ids)
        deliveries, kept = [], []
        for product in products:
            for warehouse in warehouses:
                quantity = free.get((warehouse.id, product.id), 0.0)
                for wish in self._who_hears(wishes, warehouse, product):
                    before = told.get((wish.subscription_id, warehouse.id, product.id))
                    if self._is_same(product, before, quantity):
                        continue
                    deliveries.append((wish, *self._stock(warehouse, product, quantity, before)))
                    kept.append((*self._key(wish, warehouse), product.id, quantity))
        stock._keep(kept)
        return self.env["retail.outbox.command"]._put_events(deliveries)

    @api.model
    def _free_of(self, warehouses, products):
        """Return what can be sold by (warehouse, product), as ids."""
        self.env["stock.quant"].flush_model()
        self.env["stock.move"].flush_model()
        roots = SQL(ROOTS, warehouses.ids)
        query = self.env["retail.availability"]._free_sql((), products.ids, roots)
        self.env.cr.execute(query)
        return {tuple(row[:2]): float(row[2]) for row in self.env.cr.fetchall()}

    @api.model
    def _who_hears(self, wishes, warehouse, product):
        facts = Facts(
            type=StockChanged.type,
            company_id=warehouse.company_id.id,
            warehouses=frozenset(warehouse.ids),
            categories=frozenset(product.categ_id.ids),
        )
        return [wish for wish in wishes if wants(wish, facts)]

    @api.model
    def _is_same(self, product, before, quantity):
        """Tell whether a quantity is what was told; what was never told is another."""
        rounding = product.uom_id.rounding
        return (
            before is not None and float_compare(before, quantity, precision_rounding=rounding) == 0
        )

    @api.model
    def _key(self, wish, warehouse):
        return wish.subscription_id, warehouse.company_id.id, warehouse.id

    @api.model
    def _stock(self, warehouse, product, quantity, before):
        """Return entity, event and document of a quantity that changed."""
        data = StockChanged(
            sku=text(product.default_code),
            product=product.display_name,
            warehouse=warehouse.code,
            unit=product.uom_id.name,
            available=decimal(quantity),
            before=None if before is None else decimal(before),
        )
        event = self._event(product.default_code or f"product:{product.id}", data)
        return f"stock:{warehouse.id}:{product.id}", event, product
