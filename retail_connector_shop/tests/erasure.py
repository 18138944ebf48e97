"""A customer of a shop, what he leaves in Odoo, and how he asks to be erased."""

import base64

from odoo.addons.retail_connector_base.canonical import Address
from odoo.addons.retail_connector_base.tests.access import create_user
from odoo.addons.retail_connector_base.tests.inbox import blocked_message

from .orders import OrderCase, customer, line, order

NAME, EMAIL, PHONE = "Zebulon Quackenbush", "zebulon.canary@example.org", "+4930901820444"
STREET = "Canary Street 4711"
WORDS = ("quackenbush", EMAIL, PHONE, STREET)
HOME = Address(name=NAME, street=STREET, city="Berlin", zip="10117", country_code="DE", phone=PHONE)


class ErasureCase(OrderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        users = {
            role: create_user(cls.env, role, company=cls.company)
            for role in ("operator", "administrator", "auditor")
        }
        cls.operator, cls.administrator, cls.auditor = users.values()

    def person(self, external_id="C77", **values):
        names = dict(zip(("first_name", "last_name"), NAME.split(), strict=True))
        return customer(
            external_id,
            **{"email": EMAIL, "phone": PHONE, "default_address": HOME, **names} | values,
        )

    def his_order(self, **values):
        defaults = {
            "customer": self.person(),
            "email": EMAIL.upper(),
            "phone": PHONE,
            "billing_address": HOME,
            "shipping_address": HOME,
            "note": f"Ring at {NAME}",
        }
        return order(line("A", note=f"for {NAME}"), total="10.00", **(defaults | values))

    def store(self, message, state="received", **values):
        """Store a canonical message as the API does."""
        return blocked_message(
            self.backend,
            **{
                "source": "api",
                "topic": f"api/{message.kind}s",
                "kind": message.kind,
                "entity_key": message.entity_key,
                "version": str(message.version),
                "observed_at": str(message.version),
                "state": state,
                "body": base64.b64encode(message.model_dump_json().encode()),
                **values,
            },
        )

    def receive(self, message, **values):
        """Store a message and import it."""
        stored = self.store(message, **values)
        self.process(stored)
        return stored

    def process(self, messages):
        self.env.flush_all()
        self.env["retail.inbox.processor"]._process(messages)
        self.env.flush_all()
        self.env.invalidate_all()

    def sale_of(self, message):
        return self.binding(message).odoo_id

    def request(self, **values):
        wizard = (
            self.env["retail.erasure.request"]
            .with_user(self.operator)
            .with_context(allowed_company_ids=self.company.ids)
        )
        action = wizard.create(
            {"reason": "letter 12", "company_id": self.company.id, "email": EMAIL, **values}
        ).action_request()
        return self.env["retail.erasure"].browse(action["res_id"])

    def erase(self, **values):
        request = self.request(**values)
        request.with_user(self.administrator).action_approve()
        request._carry_out()
        return request

    def finish(self, sale):
        """Let the goods be out of the house."""
        sale.picking_ids.action_cancel()
