"""A vendor of tests that takes refunds, captures and voids."""

from odoo.addons.retail_connector_base.providers import Capability, Direction, FlowSpec
from odoo.addons.retail_connector_base.tests.common import create_backend
from odoo.addons.retail_connector_base.tests.sample_provider import SampleProvider, SendingProvider


class RefundingProvider(SendingProvider):
    """Sends as the sample vendor does: what is sent twice has two effects."""

    capabilities = SampleProvider.capabilities | {
        Capability.PAYMENTS_IN,
        Capability.REFUNDS_IN,
        Capability.REFUND_PAYMENT,
        Capability.CAPTURE_PAYMENT,
        Capability.VOID_PAYMENT,
    }
    flows = (
        *SampleProvider.flows,
        FlowSpec("payment"),
        FlowSpec("refund"),
        FlowSpec("payment_command", direction=Direction.OUT),
    )


def make_refunding_backend(env, company, **values):
    """Create a running backend of this vendor."""
    return create_backend(env, name="Refunding", company_id=company.id, **values)


def take(backend, amount="100.00", currency="EUR", order=None, **values):
    """Store a payment that succeeded, as the gateway told it."""
    env = backend.env
    gateway = env["retail.gateway"]._of(backend, [None])[None]
    defaults = {
        "external_id": f"PAY-{env['retail.payment'].search_count([])}",
        "kind": "sale",
        "state": "success",
        "processed_at": "2026-05-04 09:30:00",
    }
    return env["retail.payment"].create(
        {
            **defaults,
            "backend_id": backend.id,
            "gateway_id": gateway.id,
            "currency_id": env.ref(f"base.{currency}").id,
            "amount": float(amount),
            "order_binding_id": order.id if order else False,
            **values,
        }
    )
