from odoo import models

from odoo.addons.retail_connector_base.decisions.order_edit import (
    LineState,
    ThreeWay,
    plan_edit,
)
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass


class RetailImporterOrder(models.AbstractModel):
    """Edits of orders in the channel: what is safe is applied, the rest is for a person to decide.

    Three states are compared: what was imported, what the channel wants now, and what is in Odoo.
    """

    _inherit = "retail.importer.order"

    # Planning

    def _plan_edits(self, backend, drafts):
        """Plan what to do with known orders; note those whose edit is not safe."""
        for draft in drafts:
            if draft.error:
                continue
            lines = self._three_way(draft)
            draft.plan = plan_edit(lines)
            if draft.plan.conflicts:
                rows = [self._conflict_row(draft, key, lines[key]) for key in draft.plan.conflicts]
                draft.fail(self._edit_conflict(draft, rows))
            elif self._address_changed(draft) and not draft.binding._may_change_address():
                draft.fail(self._edit_conflict(draft, [self._address_row(draft)]))

    def _three_way(self, draft):
        bound = {(line.part, line.external_id): line for line in draft.binding.line_ids}
        wanted = {line.key: line.state() for line in draft.lines}
        return {
            key: ThreeWay(
                imported=self._imported_state(bound.get(key)),
                channel=wanted.get(key),
                odoo=self._odoo_state(bound.get(key)),
                settled_quantity=self._settled(bound.get(key)),
            )
            for key in dict.fromkeys([*bound, *wanted])
        }

    def _imported_state(self, bound):
        if not bound or not bound.imported_quantity:
            return None
        return LineState(
            bound.imported_product_id.id,
            bound.imported_quantity,
            bound.imported_price,
            frozenset(bound.imported_tax_ids or ()),
        )

    def _odoo_state(self, bound):
        line = bound and bound.odoo_id
        if not line or not line.product_uom_qty or line.order_id.state == "cancel":
            return None
        return LineState(
            line.product_id.id,
            line.product_uom_qty,
            line.price_unit * (1 - line.discount / 100),
            frozenset(line.tax_ids.ids),
        )

    def _settled(self, bound):
        line = bound and bound.odoo_id
        return max(line.qty_delivered, line.qty_invoiced) if line else 0.0

    def _address_changed(self, draft):
        before = draft.binding._imported_order()
        return (before.shipping_address, before.billing_address) != (
            draft.order.shipping_address,
            draft.order.billing_address,
        )

    # Applying

    def _edit_order(self, backend, draft):
        """Apply the plan of a known order; keep the channel's state for the next comparison."""
        order = draft.binding.odoo_id
        locked = order.locked
        if locked:
            order.action_unlock()
        self._edit_lines(draft, {line.key: line for line in draft.lines})
        if self._address_changed(draft):
            self._edit_addresses(backend, draft)
        self._edit_note(draft)
        if locked:
            order.action_lock()
        draft.binding.write(self._binding_values(draft))

    def _edit_lines(self, draft, wanted):
        bound = {(line.part, line.external_id): line for line in draft.binding.line_ids}
        for key in draft.plan.remove:
            self._remove_line(bound[key])
        for key in draft.plan.change:
            self._change_line(bound[key], wanted[key])
        for key in draft.plan.add:
            if bound.get(key) and bound[key].odoo_id:
                self._change_line(bound[key], wanted[key])
            else:
                self._add_line(draft, wanted[key], bound.get(key))
        untouched = wanted.keys() - {*draft.plan.change, *draft.plan.add}
        if draft.plan.change or draft.plan.add or draft.plan.remove:
            self._keep_taxes(draft, {bound[k].odoo_id: wanted[k] for k in untouched & bound.keys()})

    def _keep_taxes(self, draft, lines):
        """Write the tax amounts of lines that stay: the whole order says whether they need any."""
        changed = {
            line: wanted.extra_tax_data
            for line, wanted in lines.items()
            if (line.extra_tax_data or None) != wanted.extra_tax_data
        }
        for line, data in changed.items():
            line.extra_tax_data = data
        if changed:
            # Odoo's totals do not depend on this field.
            order = draft.binding.odoo_id
            order.order_line._compute_amount()
            order._compute_amounts()

    def _remove_line(self, bound):
        """Remove a line; in a confirmed order it stays with quantity 0, as Odoo demands."""
        line = bound.odoo_id
        bound.imported_quantity = 0
        if line.order_id.state in ("draft", "sent"):
            line.unlink()
        else:
            line.product_uom_qty = 0

    def _change_line(self, bound, wanted):
        line, quantity = bound.odoo_id, float(wanted.amounts.quantity)
        values = self._price_values(wanted)
        if line.product_id != wanted.product:
            values |= {"product_id": wanted.product.id, "name": wanted.title}
        if line.product_uom_qty != quantity:
            values["product_uom_qty"] = quantity
        line.write(values)
        bound.write(self._imported_values(wanted))

    def _add_line(self, draft, wanted, bound):
        order = draft.binding.odoo_id
        sequence = max(order.order_line.mapped("sequence"), default=0) + 1
        values = {**self._line_values(draft, wanted, sequence), "order_id": order.id}
        line = self.env["sale.order.line"].with_context(sale_no_log_for_new_lines=True)
        line = line.create(values)
        if bound:
            bound.write({"odoo_id": line.id, **self._imported_values(wanted)})
        else:
            values = self._line_binding_values(draft, wanted, line)
            self.env["retail.order.line.binding"].create(values)

    def _edit_addresses(self, backend, draft):
        order = draft.binding.odoo_id
        addresses = [self._billing_address(draft), draft.order.shipping_address]
        invoice, shipping = self.env["retail.customer.address"]._contacts(
            backend, [(order.partner_id, address) for address in addresses]
        )
        order.with_context(update_delivery_shipping_partner=True).write(
            {"partner_invoice_id": invoice.id, "partner_shipping_id": shipping.id}
        )

    def _edit_note(self, draft):
        before, now = draft.binding._imported_order().note, draft.order.note
        if before != now:
            draft.binding.odoo_id.note = now or False

    # Conflicts

    def _conflict_row(self, draft, key, line):
        names = {line.key: line.title for line in draft.lines}
        imported = self._in_words(draft, line.imported)
        what = self.env._(
            "%(line)s (imported: %(state)s)", line=names.get(key, key[1]), state=imported
        )
        return what, self._in_words(draft, line.channel), self._in_words(draft, line.odoo)

    def _in_words(self, draft, state):
        if state is None:
            return "–"
        product = self.env["product.product"].browse(state.product)
        price = draft.currency.round(state.price_unit)
        return f"{state.quantity:g} × {product.display_name} @ {price:g}"

    def _address_row(self, draft):
        def text(address):
            parts = address and (address.name, address.street, address.zip, address.city)
            return ", ".join(part for part in parts or () if part) or "–"

        before = text(draft.binding._imported_order().shipping_address)
        return (
            self.env._("Address (imported: %(address)s)", address=before),
            text(draft.order.shipping_address),
            draft.binding.odoo_id.partner_shipping_id.display_name,
        )

    def _edit_conflict(self, draft, rows):
        return Problem(
            error_class=ErrorClass.CONFLICT,
            code="edit_conflict",
            subject=draft.order.external_id,
            title=self.env._("Order %(name)s was edited in two places", name=draft.order.name),
            cause=self.env._(
                "The channel changed what was changed in Odoo as well, or what was shipped or "
                "invoiced already. Bring the order to the state that is right, then retry."
            ),
            fix="open_record",
            fix_values={"res_model": "sale.order", "res_id": draft.binding.odoo_id.id},
            amount=draft.total,
            currency=draft.currency_code,
            comparison=tuple(rows),
        )
