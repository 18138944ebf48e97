from odoo import api, models

from ..decisions.customer_match import Match, match
from ..decisions.problem import Problem
from ..providers.errors import ErrorClass


class RetailCustomerResolver(models.AbstractModel):
    """Finds the partners that customers of a channel are, or makes them, over a whole batch.

    By external id, then proved e-mail, then telephone, within the company. What is ambiguous
    becomes a new partner and a suggestion: people are never merged by a guess.
    """

    _name = "retail.customer.resolver"
    _description = "Retail Connector: customers"

    @api.model
    def _partners(self, backend, needs):
        """Return a partner for each need; those without any identity share the guest partner."""
        identified = {need.external_id: need for need in needs if need.external_id}
        known = self._known(backend, identified)
        new = [need for external_id, need in identified.items() if external_id not in known]
        known |= self._bind(backend, new, self._match(backend, new))
        guest = None
        partners = []
        for need in needs:
            if not need.external_id and guest is None:
                guest = backend._guest_partner()
            partners.append(known[need.external_id] if need.external_id else guest)
        return partners

    def _known(self, backend, identified):
        bindings = self.env["retail.partner.binding"]._by_external_id(backend, identified)
        return {external_id: binding.odoo_id for external_id, binding in bindings.items()}

    # Matching

    def _match(self, backend, needs):
        """Return the ``Match`` of each need with the company's partners, in one query per key."""
        emails = {need.verified_email for need in needs} - {None}
        phones = {need.e164 for need in needs} - {None}
        by_email = self._search(backend, "email_normalized", emails)
        by_phone = self._search(backend, "retail_phone_e164", phones)
        return [
            match(
                by_email.get(need.verified_email, self.env["res.partner"]).ids,
                self._of_phone(need, by_phone).ids,
            )
            for need in needs
        ]

    def _search(self, backend, field, values):
        if not values:
            return {}
        domain = [
            (field, "in", list(values)),
            ("parent_id", "=", False),
            ("company_id", "in", (False, backend.company_id.id)),
        ]
        return self.env["res.partner"].search(domain).grouped(field)

    def _of_phone(self, need, by_phone):
        """Return partners with the customer's number. An e-mail of their own that differs from his
        proved one tells them apart: families share a telephone."""
        found = by_phone.get(need.e164, self.env["res.partner"])
        return found.filtered(
            lambda partner: (
                not (need.verified_email and partner.email_normalized)
                or partner.email_normalized == need.verified_email
            )
        )

    # New customers

    def _bind(self, backend, needs, matches):
        """Bind customers to the partners they are; make those that are nobody yet."""
        partners = self._create_missing(backend, needs, matches)
        self.env["retail.partner.binding"].create(
            [
                {
                    "backend_id": backend.id,
                    "company_id": backend.company_id.id,
                    "external_id": need.external_id,
                    "odoo_id": partners[need.external_id].id,
                    "email": need.any_email,
                    "phone": need.any_phone,
                    "external_version": "0",
                    "snapshot": need.customer and need.customer.model_dump(mode="json"),
                }
                for need in needs
            ]
        )
        self._suggest(backend, needs, matches, partners)
        return partners

    def _create_missing(self, backend, needs, matches):
        """Return partners by external id; one for all who have the same proved e-mail."""
        pairs = list(zip(needs, matches, strict=True))
        unmatched = {}
        for need, found in pairs:
            if not found.partner_id:
                unmatched.setdefault(need.verified_email or need.external_id, need)
        created = self.env["res.partner"].create(
            self.env["retail.customer.address"]._partner_values(backend, list(unmatched.values()))
        )
        by_key = dict(zip(unmatched, created, strict=True))
        return {
            need.external_id: self.env["res.partner"].browse(found.partner_id)
            if found.partner_id
            else by_key[need.verified_email or need.external_id]
            for need, found in pairs
        }

    # Suggestions

    def _suggest(self, backend, needs, matches, partners):
        """Show customers who may be partners that exist already."""
        reports = [
            (self._suggestion(need, found, partners[need.external_id]), (), None)
            for need, found in zip(needs, matches, strict=True)
            if found.suggestions
        ]
        if reports:
            self.env["retail.exception"]._report_many(backend, reports)

    def _suggestion(self, need, found: Match, partner):
        names = self.env["res.partner"].browse(found.suggestions).mapped("display_name")
        return Problem(
            error_class=ErrorClass.DATA,
            code="customer_ambiguous",
            subject=need.external_id,
            title=self.env._("Customer %(name)s may be known already", name=need.name),
            cause=self.env._(
                "A new contact was made. The same e-mail or phone have: %(names)s. Merge the "
                "contacts if they are one person.",
                names=", ".join(names),
            ),
            fix_values={"partner_id": partner.id, "suggestions": list(found.suggestions)},
        )
