from datetime import timezone

from odoo import models

from odoo.addons.retail_connector_base.canonical import Customer, version_of
from odoo.addons.retail_connector_base.decisions.outcome import ImportResult, Outcome
from odoo.addons.retail_connector_base.decisions.ownership import (
    NEVER_TOLD,
    Facts,
    Owner,
    Rule,
    Ruling,
    decide,
)
from odoo.addons.retail_connector_base.decisions.ownership_table import BY_KEY
from odoo.addons.retail_connector_base.models.customer_need import CustomerNeed

CONTACT, ADDRESS, CONSENT = (BY_KEY["customer", code] for code in ("contact", "address", "consent"))
# How the partner calls what the channel tells.
CONTACT_FIELDS = {"display_name": "name", "email": "email", "phone": "phone"}
ADDRESS_FIELDS = ("street", "street2", "city", "zip", "province_code", "country_code")
PARTNER_FIELDS = ("street", "street2", "city", "zip", "state_id", "country_id")


class RetailImporterCustomer(models.AbstractModel):
    """Makes partners of customers, and takes over what their owner, or the newest word, says.

    Who owns what is said by ``retail.ownership``; what is not taken is listed in
    ``retail.refusal``. What is empty in Odoo may be filled by anybody, consents excepted.
    """

    _name = "retail.importer.customer"
    _description = "Retail Importer: customers"
    _inherit = ["retail.importer"]

    _binding_model = "retail.partner.binding"

    def _apply(self, backend, pairs):
        """Override: import the customers of a batch."""
        importer = self.with_context(**self.env["retail.order.binding"]._quiet(backend))
        new = [item for item, binding in pairs if not binding]
        importer._bind_new(backend, new)
        bindings = importer.env[self._binding_model]._by_external_id(
            backend, [item.canonical.external_id for item, _binding in pairs]
        )
        rules = importer._rules_of(backend, bindings)
        for item, known in pairs:
            binding = bindings[item.canonical.external_id]
            importer._update_partner(binding, item, bool(known), rules)
            binding.write(importer._binding_values(item))
        return {
            item.message_id: ImportResult(
                Outcome.DONE,
                record=("res.partner", bindings[item.canonical.external_id].odoo_id.id),
            )
            for item, _binding in pairs
        }

    def _bind_new(self, backend, items):
        needs = [
            CustomerNeed(item.message_id, item.canonical, address=item.canonical.default_address)
            for item in items
        ]
        self.env["retail.customer.resolver"]._partners(backend, needs)

    def _binding_values(self, item):
        customer = item.canonical
        return {
            **self.env[self._binding_model]._state_values(item),
            "email": customer.email,
            "phone": customer.phone,
            "snapshot": customer.model_dump(mode="json"),
        }

    # Who decides

    def _rules_of(self, backend, bindings):
        """Return a function that gives the rule of a group for a partner.

        Of several owners the first that knows the customer owns him.
        """
        ownership = self.env["retail.ownership"]
        rule = ownership._rules(backend, "customer")
        superiors = ownership._superiors(backend, "customer")
        partners = self.env["res.partner"].union(*(b.odoo_id for b in bindings.values()))
        above = self.env["retail.backend"].union(*superiors.values())
        known = set()
        if above:
            found = self.env[self._binding_model].search(
                [("backend_id", "in", above.ids), ("odoo_id", "in", partners.ids)]
            )
            known = {(each.backend_id, each.odoo_id) for each in found}

        def of(group, partner):
            told = rule(group.code)
            outranked = any((each, partner) in known for each in superiors[group.code])
            return Rule(Owner.ELSEWHERE, told.policy, told.fills) if outranked else told

        return of

    # Taking over

    def _update_partner(self, binding, item, was_known, rules):
        """Write what may be written; list what may not."""
        partner, backend = binding.odoo_id, binding.backend_id
        # Of a new customer the snapshot is what is told now: nothing was told before.
        before = was_known and binding.snapshot and Customer.model_validate(binding.snapshot)
        for group, update in ((CONTACT, self._update_contact), (ADDRESS, self._update_address)):
            rule = rules(group, partner)
            # Whom an e-mail was found to be is as Odoo knows him, unless the owner says more.
            if was_known or rule.owner is Owner.CHANNEL:
                update(backend, partner, before, item, rule)
        if item.canonical.consents is not None:
            # An order tells who buys, not what he consented to.
            told = before if int(binding.external_version or 0) else None
            self._update_consents(backend, partner, told, item, rules(CONSENT, partner))

    def _update_contact(self, backend, partner, before, item, rule):
        customer, values, news = item.canonical, {}, []
        for attribute, field in CONTACT_FIELDS.items():
            theirs = getattr(customer, attribute)
            # What the channel does not tell is no wish to empty it.
            if not theirs:
                continue
            told = getattr(before, attribute) or NEVER_TOLD if before else NEVER_TOLD
            facts = Facts(told, theirs, partner[field] or None, *self._times(partner, item))
            decision = decide(rule, facts)
            news.append((attribute, facts, decision))
            if decision.ruling is Ruling.APPLY:
                values[field] = theirs
        self._write(partner, values)
        self._tell(backend, partner, CONTACT, news, item, rule)

    def _update_address(self, backend, partner, before, item, rule):
        address = item.canonical.default_address
        if not address:
            return
        told = before and before.default_address
        if address == told and rule.owner is not Owner.CHANNEL:
            return
        known = self._plain(self._address_values(backend, told)) if told else NEVER_TOLD
        values = self._address_values(backend, address)
        ours = self._plain({name: partner[name] for name in values})
        ours = ours if any(ours) else None
        facts = Facts(known, self._plain(values), ours, *self._times(partner, item))
        decision = decide(rule, facts)
        if decision.ruling is Ruling.APPLY:
            self._write(partner, values)
        self._tell(backend, partner, ADDRESS, [("default_address", facts, decision)], item, rule)

    def _address_values(self, backend, address):
        """Return what a partner holds himself of an address."""
        addresses = self.env["retail.customer.address"]
        values = addresses._address_values(backend, address, addresses._places([address]))
        return {name: values[name] for name in PARTNER_FIELDS}

    def _plain(self, values):
        """Return an address in words, in the order of ``ADDRESS_FIELDS``."""
        state = self.env["res.country.state"].browse(_id(values["state_id"])).code
        country = self.env["res.country"].browse(_id(values["country_id"])).code
        words = [values[name] or "" for name in PARTNER_FIELDS[:4]]
        return (*words, state or "", country or "")

    def _update_consents(self, backend, partner, before, item, rule):
        consents = self.env["retail.consent"]
        told = before.consents if before else None
        news = consents._take(backend, partner, item.canonical.consents, told, rule, item)
        self._tell(backend, partner, CONSENT, news, item, rule)

    def _times(self, partner, item):
        """Return when they and when we changed it, as far as is known.

        Odoo tells when a contact was changed, not which field of it: where in doubt ours counts as
        the newer.
        """
        ours = partner.write_date
        return item.version, version_of(ours.replace(tzinfo=timezone.utc)) if ours else 0

    def _write(self, partner, values):
        changed = {name: value for name, value in values.items()
                   if getattr(partner[name], "id", partner[name]) != value}  # fmt: skip
        if changed:
            partner.write(changed)

    def _tell(self, backend, partner, group, news, item, rule):
        why = {
            Owner.ELSEWHERE: self.env._("Another system owns it."),
            Owner.ODOO: self.env._("Odoo owns it."),
        }
        self.env["retail.refusal"]._tell(
            backend, partner, group, news, why.get(rule.owner), item.correlation_id
        )

    def _on_deleted(self, binding):
        """Leave the partner: orders and invoices are his."""


def _id(value):
    return getattr(value, "id", value)
