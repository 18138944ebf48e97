from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize
from odoo.tools.sql import escape_psql

from ..canonical import Customer, Order
from ..decisions.customer_match import e164
from ..decisions.erasure import said
from .erasure_subject import Subject

ADDRESSES = ("invoice", "delivery", "other")


class RetailErasure(models.Model):
    """Finding what is a person's, and what stands against erasing it now."""

    _inherit = "retail.erasure"

    def _subject(self):
        """Return whose data it is, together with what an earlier run found."""
        self.ensure_one()
        everything = self.with_context(active_test=False)
        subject = Subject(everything._backends().ids)
        subject.say("email", self.email)
        subject.say("phone", self.phone)
        bindings = everything._find_bindings()
        partners = everything._find_partners(bindings)
        orders = everything._find_orders(partners)
        everything._note_bindings(subject, bindings)
        everything._note_orders(subject, orders)
        everything._note_partners(subject, partners, orders)
        return subject.merge(self.found)

    def _backends(self):
        domain = [("company_id", "=", self.company_id.id)]
        return self.backend_id or self.env["retail.backend"].search(domain)

    def _find_bindings(self):
        """Return the channel's customers that the request is about."""
        bindings = self.env["retail.partner.binding"]
        where = Domain("backend_id", "in", self._backends().ids)
        if self.type == "shop":
            return bindings.search(where)
        email = email_normalize(self.email or "") or None
        identities = []
        if self.customer_external_id and self.backend_id:
            identities.append(Domain("external_id", "=", self.customer_external_id))
        if email:
            identities.append(Domain("email", "=ilike", escape_psql(email)))
            identities.append(Domain("external_id", "=", f"guest:{email}"))
        elif not identities and self.phone:
            identities += [
                Domain("phone", "=", self.phone),
                Domain("odoo_id.retail_phone_e164", "=", e164(self.phone, None) or self.phone),
            ]
        if self.partner_id:
            identities.append(Domain("odoo_id", "child_of", self.partner_id.ids))
        return bindings.search(where & Domain.OR(identities)) if identities else bindings

    def _find_partners(self, bindings):
        """Return the contacts that he is; by e-mail and telephone where no backend is given."""
        partners = bindings.odoo_id | self.partner_id
        if not self.backend_id:
            where = Domain("company_id", "in", (False, self.company_id.id))
            email = email_normalize(self.email or "")
            phone = e164(self.phone, self.company_id.country_id.code) or self.phone
            if email:
                partners |= partners.search(where & Domain("email_normalized", "=", email))
            elif phone and not partners:
                partners |= partners.search(where & Domain("retail_phone_e164", "=", phone))
        addresses = Domain("parent_id", "in", partners.ids) & Domain("type", "in", ADDRESSES)
        return partners | partners.search(addresses)

    def _find_orders(self, partners):
        """Return his orders as the channel's bindings: named, his by contact, or by e-mail."""
        bindings = self.env["retail.order.binding"]
        where = Domain("backend_id", "in", self._backends().ids)
        if self.type == "shop":
            return bindings.search(where)
        named = [str(each) for each in self.order_external_ids or ()]
        his = Domain("odoo_id.partner_id", "in", partners.ids)
        if named and self.backend_id:
            his |= Domain("external_id", "in", named)
        found = bindings.search(where & his)
        email = email_normalize(self.email or "")
        if email:
            self.env.cr.execute(
                "SELECT id FROM retail_order_binding WHERE backend_id = ANY(%s) AND "
                "(lower(snapshot->>'email') = %s OR lower(snapshot->'customer'->>'email') = %s)",
                [self._backends().ids, email, email],
            )
            found |= bindings.browse(row[0] for row in self.env.cr.fetchall())
        return found

    # What is told of him

    def _note_bindings(self, subject, bindings):
        subject.binding_ids += bindings.ids
        for binding in bindings:
            subject.customers.append((binding.backend_id.id, binding.external_id))
            subject.say("email", binding.email)
            subject.say("phone", binding.phone)
            if binding.snapshot:
                self._note_said(subject, Customer.model_validate(binding.snapshot))
        if self.customer_external_id and self.backend_id:
            asked = (self.backend_id.id, self.customer_external_id)
            subject.customers += [asked] if asked not in subject.customers else []

    def _note_orders(self, subject, bindings):
        subject.order_binding_ids += bindings.ids
        subject.order_ids += bindings.odoo_id.ids
        subject.orders += [(each.backend_id.id, each.external_id) for each in bindings]
        for binding in bindings.filtered("snapshot"):
            self._note_said(subject, Order.model_validate(binding.snapshot))
        if self.backend_id:
            named = [(self.backend_id.id, str(each)) for each in self.order_external_ids or ()]
            subject.orders += [each for each in named if each not in subject.orders]

    def _note_said(self, subject, message):
        for kind, text in said(message):
            subject.say(kind, text)

    def _note_partners(self, subject, partners, orders):
        """Note his contacts, and the addresses that guests' orders have of their own."""
        subject.partner_ids += partners.ids
        if not self.backend_id:
            sales = self.env["sale.order"].search(
                [("partner_id", "in", partners.ids), ("company_id", "=", self.company_id.id)]
            )
            subject.order_ids += [each for each in sales.ids if each not in subject.order_ids]
        sales = orders.odoo_id
        addresses = (sales.partner_invoice_id | sales.partner_shipping_id).filtered("parent_id")
        others = self.env["sale.order"].search(
            [
                ("id", "not in", sales.ids),
                "|",
                ("partner_invoice_id", "in", addresses.ids),
                ("partner_shipping_id", "in", addresses.ids),
            ]
        )
        shared = others.partner_invoice_id | others.partner_shipping_id
        own = addresses.filtered(lambda address: address.type in ADDRESSES) - shared - partners
        subject.address_ids += own.ids
        for partner in partners | own:
            subject.say("name", partner.name)
            subject.say("email", partner.email)
            subject.say("phone", partner.phone)
            subject.say("street", partner.street)

    # What an approver sees, and what stands against it

    def _describe(self):
        """Return in words what would be erased."""
        subject = self._subject()
        contacts = self.env["res.partner"].browse(subject.partner_ids)
        sales = self.env["sale.order"].browse(subject.order_ids)
        lines = [
            self.env._(
                "Contacts: %(names)s", names=", ".join(contacts[:10].mapped("display_name"))
            ),
            self.env._(
                "Orders: %(count)s (%(names)s)",
                count=len(sales),
                names=", ".join(sales[:10].mapped("name")),
            ),
            self.env._("Customers of channels: %(count)s", count=len(subject.binding_ids)),
            *self._reasons_to_wait(subject),
        ]
        return "\n".join(lines)

    @api.model
    def _reasons_to_wait(self, subject):
        """Return why it cannot be done yet: what is sold is delivered and paid first."""
        sales = self.env["sale.order"].browse(subject.order_ids).exists()
        going = sales.filtered(self._is_going_on)
        unpaid = sales.invoice_ids.filtered(
            lambda move: (
                move.state == "posted"
                and move.payment_state in ("not_paid", "partial", "in_payment")
            )
        )
        reasons = []
        if going:
            names = ", ".join(going[:5].mapped("name"))
            reasons.append(self.env._("Orders under way: %(names)s.", names=names))
        if unpaid:
            names = ", ".join(unpaid[:5].mapped("name"))
            reasons.append(self.env._("Invoices not paid: %(names)s.", names=names))
        return reasons

    @api.model
    def _is_going_on(self, sale):
        """Tell whether goods of an order are still to leave."""
        if sale.state in ("draft", "sent"):
            return True
        return sale.state == "sale" and any(
            picking.state not in ("done", "cancel") for picking in sale.picking_ids
        )
