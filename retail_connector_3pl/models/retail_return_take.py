from odoo import fields, models

from odoo.addons.retail_connector_base.canonical import ReturnState
from odoo.addons.retail_connector_base.decisions.moment import naive_utc

from ..decisions.return_receipt import HERE


class RetailReturnBinding(models.Model):
    """What a system's word is worth."""

    _inherit = "retail.return.binding"

    authorizes = fields.Boolean(
        readonly=True, default=True, help="What it tells of may come back. A receipt says not so."
    )


class RetailReturn(models.Model):
    """Takes over what a system tells of a return.

    Everything is found again from what each system told last, so that neither order nor duplicates
    change the outcome.
    """

    _inherit = "retail.return"

    def _take(self, binding, told):
        """Take over a message."""
        self.ensure_one()
        finder = self.env["retail.return.finder"]
        self._take_order(finder, binding.backend_id, told.order_external_id)
        told = self._as_kits(binding.backend_id, told)
        self._take_head(finder, binding, told)
        self._take_lines(finder, binding, told)
        self._take_goods(finder, binding, told)
        self._take_exchange(finder, binding, told)
        self._sum_up()
        self._take_state(finder, binding, told)

    # The order

    def _take_order(self, finder, backend, external_id):
        """Tie the return to its order, if that is known by now."""
        if self.order_id or not (external_id or self.order_external_id):
            return
        order = finder._order_of(backend, external_id or self.order_external_id)
        values = {"order_external_id": external_id or self.order_external_id}
        if order:
            values |= {
                "order_id": order.id,
                "order_binding_id": order.retail_binding_ids[:1].id,
            }
        self.write(values)

    def _take_head(self, finder, binding, told):
        values = {}
        if told.name and not self.rma:
            values["rma"] = told.name.strip()
        if told.requested_at and not binding.search_count(
            [("odoo_id", "=", self.id), ("id", "!=", binding.id)], limit=1
        ):
            values["requested_at"] = naive_utc(told.requested_at)
        if told.received_at and told.state in HERE and not self.received_at:
            values["received_at"] = naive_utc(told.received_at)
        trackings = ", ".join(one.number for one in told.trackings)
        values |= {
            name: value
            for name, value in (
                ("carrier", told.carrier), ("tracking", trackings), ("note", told.note)
            )
            if value and not self[name]
        }  # fmt: skip
        warehouse = self._place_of(finder, binding.backend_id, told)
        if warehouse and (told.state in HERE or not self.warehouse_id):
            values["warehouse_id"] = warehouse.id
        if binding.authorizes and self.unannounced:
            values["unannounced"] = False
        self.write(
            {
                name: value
                for name, value in values.items()
                if (self[name].id if name == "warehouse_id" else self[name]) != value
            }
        )

    def _place_of(self, finder, backend, told):
        if not told.location_external_id and self.warehouse_id:
            return self.warehouse_id
        found = finder._warehouse(backend, told.location_external_id, self.order_id)
        return found or finder._warehouse(backend, None, self.order_id)

    # Lines

    def _take_lines(self, finder, binding, told):
        """Find our line of each told line, then add up what may come back."""
        products = finder._products(binding.backend_id, [line.sku for line in told.lines])
        known, found = binding.lines or {}, {}
        reasons = self._reasons(binding.backend_id, told)
        for each in told.lines:
            line = self.env["retail.return.line"].browse(known.get(each.external_id)).exists()
            line = self._tied(finder, binding, each, products, line) or self._line_of(
                finder, binding, each, products
            )
            if each.reason and not line.reason:
                line.reason = reasons[each.reason][:200]
            found[each.external_id] = line.id
        binding.lines = found
        self._add_up_authorized()

    def _reasons(self, backend, told):
        """Return our words for the reasons that are told, the system's own where none is mapped."""
        words = {line.reason for line in told.lines if line.reason}
        mapped = (
            self.env["retail.mapping"]._resolve(backend, "return_reason", words) if words else {}
        )
        return {word: mapped[word].name if mapped.get(word) else word for word in words}

    def _tied(self, finder, binding, told, products, line):
        """Return a line that is known, with the order line that may be known only now."""
        if not line:
            return line
        if not line.sale_line_id:
            sale_line = self._sale_line_of(finder, binding, told, products)
            taken = self.line_ids.filtered(lambda one: sale_line and one.sale_line_id == sale_line)
            if taken:
                return taken[:1]
            if sale_line:
                line.write({"sale_line_id": sale_line.id, "product_id": sale_line.product_id.id})
        if not line.product_id and told.sku in products:
            line.product_id = products[told.sku]
        return line

    def _line_of(self, finder, binding, told, products):
        sale_line = self._sale_line_of(finder, binding, told, products)
        product = sale_line.product_id or products.get(told.sku, self.env["product.product"])
        alike = self.line_ids.filtered(
            lambda one: one.product_id == product and (product or one.sku == told.sku)
        )
        own = alike.filtered(lambda one: one.sale_line_id == sale_line)
        # What came before the order was known.
        loose = alike.filtered(lambda one: not one.sale_line_id)
        if own or loose:
            found = (own or loose)[:1]
            if sale_line and not found.sale_line_id:
                found.sale_line_id = sale_line
            return found
        if product and not sale_line and alike:
            return alike[:1]
        return self.env["retail.return.line"].create(
            {
                "return_id": self.id,
                "sale_line_id": sale_line.id,
                "product_id": product.id,
                "sku": told.sku,
            }
        )

    def _sale_line_of(self, finder, binding, told, products):
        """Return the order line: the one that is named, else the one that sold the item."""
        order = self.order_id
        found = finder._sale_line(binding.backend_id, order, told.order_line_external_id)
        if found or not order or told.sku not in products:
            return found
        sold = order.order_line.filtered(
            lambda one: one.product_id == products[told.sku] and one.product_uom_qty > 0
        )
        free = sold - self.line_ids.sale_line_id
        return (free or sold)[:1]

    def _add_up_authorized(self):
        """Add up what may come back: by a person of ours, or by whoever tells of most."""
        told = {}
        for binding in self.binding_ids.filtered("authorizes"):
            message, sums = binding._told(), {}
            message = message and self._as_kits(binding.backend_id, message)
            for each in message.lines if message else ():
                line_id = (binding.lines or {}).get(each.external_id)
                sums[line_id] = sums.get(line_id, 0) + each.quantity
            for line_id, quantity in sums.items():
                told[line_id] = max(told.get(line_id, 0), quantity)
        for line in self.line_ids:
            quantity = max(float(told.get(line.id, 0)), line.manual_quantity)
            if line.quantity != quantity:
                line.quantity = quantity

    # Instead

    def _take_exchange(self, finder, binding, told):
        if not told.exchange_lines:
            return
        products = finder._products(binding.backend_id, [one.sku for one in told.exchange_lines])
        variants = self.env["retail.product.binding"]._by_external_id(
            binding.backend_id,
            [one.variant_external_id for one in told.exchange_lines if one.variant_external_id],
        )
        known = {one.external_id: one for one in self.exchange_ids}
        for each in told.exchange_lines:
            bound = variants.get(each.variant_external_id)
            product = bound.odoo_id if bound else products.get(each.sku)
            values = {
                "sku": each.sku or each.variant_external_id,
                "product_id": product.id if product else False,
                "quantity": float(each.quantity),
            }
            if each.external_id in known:
                known[each.external_id].write(values)
            else:
                self.env["retail.return.exchange"].create(
                    {**values, "return_id": self.id, "external_id": each.external_id}
                )

    # State

    def _take_state(self, finder, binding, told):
        """Go forwards as far as the message says; goods that are here say it themselves."""
        came = any(self.line_ids.mapped("received_quantity"))
        counted = any(line.received_quantity is not None for line in told.lines)
        knows = counted or not self._is_told_elsewhere(finder, binding.backend_id)
        if told.state is ReturnState.COMPLETED and knows:
            self.closed = True
        if told.state in HERE:
            self._advance("received" if came else "in_transit")
        elif told.state is not ReturnState.UNKNOWN:
            self._advance(told.state.value)
