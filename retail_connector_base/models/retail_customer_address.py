from odoo import api, models

from ..canonical import Address
from ..decisions.customer_match import address_key


class RetailCustomerAddress(models.AbstractModel):
    """The addresses of customers: child contacts of their partner, reused when equal."""

    _name = "retail.customer.address"
    _description = "Retail Connector: addresses"

    @api.model
    def _contacts(self, backend, wanted):
        """Return a contact for each (partner, address or ``None``): the partner itself if equal."""
        places = self._places([address for _partner, address in wanted if address])
        known = self._known(wanted)
        new = {}
        for position, (partner, address) in enumerate(wanted):
            key = address and (partner.id, self._key_of(partner, address))
            if address and key not in known:
                kind = "delivery" if position % 2 else "invoice"
                values = self._address_values(backend, address, places)
                contact = {"parent_id": partner.id, "type": kind, "name": address.name or False}
                new.setdefault(key, {**values, **contact})
        created = self.env["res.partner"].create(list(new.values()))
        known |= dict(zip(new, created, strict=True))
        return [
            known[partner.id, self._key_of(partner, address)] if address else partner
            for partner, address in wanted
        ]

    def _known(self, wanted):
        """Return the contacts that the partners have already, by (partner id, address key).

        Of partners with many contacts (guests) only those in the same postal codes are read.
        """
        partners = self.env["res.partner"].union(*(partner for partner, _address in wanted))
        zips = {address.zip or False for _partner, address in wanted if address}
        children = self.env["res.partner"].search(
            [
                ("parent_id", "in", partners.ids),
                ("type", "in", ("delivery", "invoice", "other")),
                ("zip", "in", list(zips)),
            ],
            order="id desc",
        )
        found = {(child.parent_id.id, self._key(child)): child for child in children}
        return found | {(partner.id, self._key(partner)): partner for partner in partners}

    def _key(self, partner):
        address = Address(
            name=partner.name if partner.parent_id else None,
            company=partner.company_name or None,
            street=partner.street or None,
            street2=partner.street2 or None,
            city=partner.city or None,
            zip=partner.zip or None,
            province_code=partner.state_id.code or None,
            country_code=partner.country_id.code or None,
        )
        return address_key(address)

    def _key_of(self, partner, address):
        """Return an address's key; the partner's own name in it says nothing."""
        own = " ".join((partner.name or "").split()).casefold()
        key = address_key(
            address.model_copy(update={"province": None, "province_code": _code(address)})
        )
        return ("", *key[1:]) if key[0] == own else key

    # Values

    @api.model
    def _partner_values(self, backend, needs):
        """Return the values of new partners."""
        places = self._places([need.address for need in needs if need.address])
        languages = dict(self.env["res.lang"].get_installed())
        return [self._values_of_need(backend, need, places, languages) for need in needs]

    def _values_of_need(self, backend, need, places, languages):
        language = (need.customer and need.customer.language or "").replace("-", "_")
        matching = [code for code in languages if code == language or code[:2] == language[:2]]
        values = {
            "name": need.name,
            "email": need.any_email or False,
            "phone": need.any_phone or False,
            "company_id": backend.company_id.id,
        }
        if language and matching:
            values["lang"] = matching[0]
        # An address in another name is a contact of its own.
        own = need.address and (need.address.name or need.name) == need.name
        return {**self._address_values(backend, need.address, places), **values} if own else values

    def _address_values(self, backend, address, places):
        country, state = places(address)
        return {
            "company_id": backend.company_id.id,
            "company_name": address.company or False,
            "street": address.street or False,
            "street2": address.street2 or False,
            "city": address.city or False,
            "zip": address.zip or False,
            "state_id": state.id,
            "country_id": country.id,
            "phone": address.phone or False,
        }

    def _places(self, addresses):
        """Return a function that gives country and state of an address, from two queries."""
        codes = {address.country_code for address in addresses} - {None}
        countries = self.env["res.country"].search([("code", "in", list(codes))])
        provinces = {_code(address) for address in addresses} - {None}
        states = self.env["res.country.state"].search(
            [("country_id", "in", countries.ids), ("code", "in", list(provinces))]
        )
        by_code = {country.code: country for country in countries}
        by_state = {(state.country_id.code, state.code): state for state in states}

        def place(address):
            state = by_state.get((address.country_code, _code(address)))
            country = by_code.get(address.country_code)
            return country or countries.browse(), state or states.browse()

        return place


def _code(address):
    """Return a province's code within its country: some channels write DE-BY, some BY."""
    return (address.province_code or "").rsplit("-", 1)[-1] or None
