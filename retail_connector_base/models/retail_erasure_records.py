from odoo import models

from ..decisions.erasure import Trace, digest

# Of a contact, everything that tells who he is. The country stays: taxes were paid by it.
BLANK = (
    "email",
    "phone",
    "street",
    "street2",
    "city",
    "zip",
    "state_id",
    "vat",
    "website",
    "comment",
    "function",
    "company_name",
    "ref",
    "image_1920",
    "barcode",
)
QUIET = {"tracking_disable": True, "mail_notrack": True, "mail_create_nolog": True}


class RetailErasure(models.Model):
    """What records keep of a person: bindings, orders, deliveries, contacts."""

    _inherit = "retail.erasure"

    def _alias(self):
        """Return what replaces him everywhere."""
        return self.env._("Erased customer %(id)s", id=self.id)

    def _step_bindings(self, after):
        """Untie the channel's customer: a new order of his is a new relation."""
        subject, key = self._subject(), self.env["retail.erasure.mark"]._key()
        bindings = self.env["retail.partner.binding"].browse(subject.binding_ids).exists()
        for binding in bindings:
            trace = Trace("customer", binding.external_id)
            done = binding.external_id.startswith("erased:")
            values = {} if done else {"external_id": f"erased:{digest(key, trace)[:32]}"}
            binding.write({**values, "email": False, "phone": False, "snapshot": False})
        orders = self.env["retail.order.binding"].browse(subject.order_binding_ids).exists()
        orders._strip_snapshots()
        for backend_id, external_id in subject.customers:
            left_out = self.env["retail.left.out"].search(
                [
                    ("backend_id", "=", backend_id),
                    ("kind", "=", "customer"),
                    ("external_id", "=", external_id),
                ]
            )
            left_out.unlink()
        self._note(self.env._("Customers and orders of channels"), len(bindings) + len(orders))

    def _step_documents(self, after):
        """Blank what orders and deliveries tell beside their contacts."""
        subject = self._subject()
        sales = self.env["sale.order"].browse(subject.order_ids).exists().with_context(**QUIET)
        sales.write({"note": False, "signed_by": False, "signature": False})
        pickings = sales.picking_ids
        pickings.write({"note": False})
        moves = sales.invoice_ids.filtered(lambda move: move.state == "posted")
        why = (
            self.env._("Invoices with their files are kept as the law demands.") if moves else None
        )
        self._note(self.env._("Orders and deliveries"), len(sales) + len(pickings), len(moves), why)

    def _step_partners(self, after):
        """Make his contacts nobody's, but those that somebody needs for another reason."""
        subject = self._subject()
        partners = self._known_partners(subject)
        kept, reasons = self._partners_to_keep(partners, subject)
        erased = partners - kept
        self._deactivate_portal_users(erased)
        erased.write({name: False for name in BLANK if name in partners._fields})
        erased.write({"name": self._alias(), "active": False, "lang": False})
        erased.bank_ids.write({"acc_holder_name": False})
        if "retail.consent" in self.env:
            self.env["retail.consent"].search([("partner_id", "in", erased.ids)]).unlink()
        self.env["mail.followers"].search([("partner_id", "in", erased.ids)]).unlink()
        note = " ".join(sorted(reasons)) or None
        self._note(self.env._("Contacts"), len(erased), len(kept), note)

    def _known_partners(self, subject):
        partners = self.env["res.partner"].with_context(active_test=False, **QUIET)
        return partners.browse([*subject.partner_ids, *subject.address_ids]).exists()

    def _erased_partners(self, subject):
        """Return his contacts that nobody needs for another reason."""
        partners = self._known_partners(subject)
        return partners - self._partners_to_keep(partners, subject)[0]

    def _partners_to_keep(self, partners, subject):
        """Return the contacts that are needed for another reason, and the reasons."""
        kept, reasons = partners.browse(), set()
        users = (
            self.env["res.users"]
            .with_context(active_test=False)
            .search([("partner_id", "in", partners.ids)])
        )
        staff = users.filtered(lambda user: not user.share)
        if staff:
            kept |= staff.partner_id
            reasons.add(
                self.env._("A contact is a user of this database: an administrator decides.")
            )
        companies = self.env["res.company"].search([("partner_id", "in", partners.ids)])
        kept |= companies.partner_id
        elsewhere = self.env["retail.partner.binding"].search(
            [("odoo_id", "in", partners.ids), ("backend_id", "not in", subject.backend_ids)]
        )
        if elsewhere and self.backend_id:
            kept |= elsewhere.odoo_id
            reasons.add(self.env._("Another channel knows the contact too."))
        foreign = self.env["sale.order"].search(
            [("partner_id", "in", partners.ids), ("company_id", "!=", self.company_id.id)]
        )
        if foreign:
            kept |= foreign.partner_id
            reasons.add(self.env._("Another company has orders of the contact."))
        children = partners.filtered(lambda partner: partner.parent_id in kept)
        return kept | children, reasons

    def _deactivate_portal_users(self, partners):
        users = (
            self.env["res.users"]
            .with_context(active_test=False, **QUIET)
            .search([("partner_id", "in", partners.ids)])
        )
        for user in users:
            user.write({"active": False, "login": f"erased-{user.id}"})
