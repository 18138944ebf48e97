from odoo import api, models

from ..canonical import Address, Consent
from ..canonical.event import CustomerUpdated
from ..decisions.event_filter import Facts
from .event_occurrence import Occurrence, text


class RetailEvent(models.AbstractModel):
    """Events of customers."""

    _inherit = "retail.event"

    @api.model
    def _build_customer_updated(self, partner):
        """Return an event for each company whose channels know the customer."""
        return [
            self._of_customer(partner, company, bindings)
            for company, bindings in partner.retail_binding_ids.grouped("company_id").items()
        ]

    @api.model
    def _of_customer(self, partner, company, bindings):
        facts = Facts(
            type=CustomerUpdated.type,
            company_id=company.id,
            channels=frozenset(bindings.backend_id.ids),
            brands=frozenset(bindings.backend_id.brand_id.ids),
        )
        return Occurrence(
            facts,
            str(partner.id),
            f"customer:{partner.id}",
            lambda: self._customer(partner, company),
        )

    @api.model
    def _customer(self, partner, company):
        return CustomerUpdated(
            customer=str(partner.id),
            channel_customers=self._channel_customers(partner, company),
            name=partner.name or "",
            email=text(partner.email),
            phone=text(partner.phone),
            language=text(partner.lang),
            address=Address(
                company=text(partner.commercial_company_name),
                street=text(partner.street),
                street2=text(partner.street2),
                city=text(partner.city),
                zip=text(partner.zip),
                province=text(partner.state_id.name),
                province_code=text(partner.state_id.code),
                country_code=text(partner.country_id.code),
            ),
            consents=self._consents(partner, company),
        )

    @api.model
    def _consents(self, partner, company):
        found = self.env["retail.consent"].search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        )
        return tuple(
            Consent(
                channel=consent.channel,
                state=consent.state,
                changed_at=consent.changed_at and self._moment(consent.changed_at) or None,
                source=text(consent.source),
            )
            for consent in found
        )
