"""A third party's warehouse in one transaction: orders, releases, and what the warehouse says.

Messages come from ``messages``; the account's system is ``sample_warehouse.SampleWarehouse``.
"""

from contextlib import contextmanager
from itertools import count
from unittest.mock import patch
from uuid import uuid4

from odoo.fields import Command
from odoo.tests import TransactionCase

from odoo.addons.retail_connector_base.providers import ReceivedMessage
from odoo.addons.retail_connector_base.tests.common import offer_sample_provider

from .messages import said
from .sample_warehouse import SampleWarehouse

numbers = count(1)


class WarehouseCase(TransactionCase):
    """A company whose warehouse a third party runs (its ``W1``), with products A, B and C.

    Each has 100 units there. ``with_accounts`` of a subclass loads a chart of accounts.
    ``provider`` is the third party's system; ``shop`` is another backend, without warehouses.
    """

    provider = SampleWarehouse
    with_accounts = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_sample_provider(cls.registry, cls.provider))
        cls.company = cls._make_company()
        context = {"allowed_company_ids": cls.company.ids, "tracking_disable": True}
        cls.env = cls.env(context={**cls.env.context, **context})
        cls.company = cls.company.with_env(cls.env)
        cls.stock = cls._make_stock("Third Party")
        cls.backend = cls.make_backend("Warehouse", cls.provider.code)
        cls.shop = cls.make_backend("Shop", "canonical")
        cls.warehouse = cls.env["retail.warehouse"].create(
            {
                "backend_id": cls.backend.id,
                "external_id": "W1",
                "name": "Sample Warehouse 1",
                "odoo_id": cls.stock.id,
                "tz": "UTC",
            }
        )
        cls.products = {sku: cls.make_product(sku) for sku in "ABC"}
        cls.customer = cls.make_customer()

    def setUp(self):
        super().setUp()
        self.provider.forget()

    @classmethod
    def _make_company(cls):
        company = cls.env["res.company"].create({"name": f"Goods {uuid4().hex[:8]}"})
        cls.env.user.company_ids += company
        if cls.with_accounts:
            cls.env["account.chart.template"].try_loading("generic_coa", company)
        return company

    @classmethod
    def _make_stock(cls, name):
        code = f"T{next(numbers)}{uuid4().hex[:3]}"[:5].upper()
        values = {"name": name, "code": code, "company_id": cls.company.id}
        return cls.env["stock.warehouse"].create(values)

    @classmethod
    def make_backend(cls, name, provider, **values):
        """Create a running backend of the company, with one lane."""
        return cls.env["retail.backend"].create(
            {
                "name": f"{name} {uuid4().hex[:8]}",
                "provider": provider,
                "state": "running",
                "company_id": cls.company.id,
                "lane_count": 1,
                **values,
            }
        )

    @classmethod
    def make_product(cls, sku, stock=100, **values):
        """Create a product with units in the third party's warehouse.

        ``tracking="lot"`` or ``"serial"`` needs ``stock=0``: use ``put_in_stock`` with lots.
        """
        defaults = {
            "name": f"Product {sku}",
            "default_code": sku,
            "is_storable": True,
            "lst_price": 10.0,
            "standard_price": 4.0,
            "taxes_id": [Command.clear()],
        }
        product = cls.env["product.product"].create({**defaults, **values})
        if stock:
            cls.put_in_stock(product, stock)
        return product

    @classmethod
    def put_in_stock(cls, product, quantity, lot=None):
        """Put units of a product (of a lot, by its number) on the shelf."""
        lots = cls.env["stock.lot"]
        if lot:
            values = {"name": lot, "product_id": product.id, "company_id": cls.company.id}
            domain = [(name, "=", value) for name, value in values.items()]
            lots = lots.search(domain) or lots.create(values)
        cls.env["stock.quant"]._update_available_quantity(
            product, cls.stock.lot_stock_id, quantity, lot_id=lots or None
        )
        return lots

    @classmethod
    def make_customer(cls, **values):
        """Create a customer with an address."""
        defaults = {
            "name": "Ada Lovelace",
            "street": "Main Street 1",
            "city": "Berlin",
            "zip": "10115",
            "country_id": cls.env.ref("base.de").id,
            "email": "ada@example.com",
            "phone": "+4930123456",
        }
        return cls.env["res.partner"].create({**defaults, **values})

    # Orders and releases

    def sell(self, bound=False, customer=None, warehouse=None, **quantities):
        """Return a confirmed order (``sell(A=3, B=2)``) with its delivery reserved.

        ``bound``: it came from the shop, and has a binding. ``warehouse``: another one of ours.
        """
        lines = [(self.products[sku], quantity) for sku, quantity in quantities.items()]
        order = self.env["sale.order"].create(
            {
                "partner_id": (customer or self.customer).id,
                "company_id": self.company.id,
                "warehouse_id": (warehouse or self.stock).id,
                "order_line": [
                    Command.create(
                        {"product_id": one.id, "product_uom_qty": quantity, "price_unit": 10.0}
                    )
                    for one, quantity in lines
                ],
            }
        )
        if bound:
            self.bind(order)
        order.action_confirm()
        order.picking_ids.action_assign()
        return order

    def bind(self, order, **values):
        """Return the binding of an order, as if it had come from the shop."""
        number = f"O{next(numbers)}-{uuid4().hex[:6]}"
        defaults = {
            "backend_id": self.shop.id,
            "external_id": number,
            "name": f"#{number}",
            "odoo_id": order.id,
            "state": "confirmed",
            "currency_id": order.currency_id.id,
            "amount_total": order.amount_total,
        }
        return self.env["retail.order.binding"].create({**defaults, **values})

    def release(self, order):
        """Return the release of an order's delivery: made, not sent yet (state ``ready``)."""
        self.env["retail.releaser"]._make(self.warehouse)
        return self.release_of(order)

    def sent(self, order):
        """Return the release of an order, sent to the warehouse (state ``sent``)."""
        release = self.release(order)
        release._send()
        self.send()
        return release

    def accepted(self, order):
        """Return the release of an order, which the warehouse has taken (state ``accepted``)."""
        release = self.sent(order)
        release._take_state("accepted")
        return release

    def release_of(self, order):
        """Return the releases of an order."""
        return self.env["retail.release"].search([("order_id", "=", order.id)], order="id")

    # What happens

    def receive(self, *messages, backend=None):
        """Put canonical messages into the inbox and let the real processor import what it can.

        Return the inbox's messages in their order: see their ``state``, ``error`` and
        ``waiting_key``. What waits is imported once its time comes: see ``drain``.
        """
        backend = backend or self.backend
        stored = self.env["retail.inbox.message"]
        for message in messages:
            receipt = self.env["retail.inbox.receiver"]._store(
                backend.id, 1, self._received(message), "api"
            )
            stored |= stored.search([("correlation_id", "=", receipt.message_id)])
        self.drain(backend)
        return stored

    def _received(self, message):
        return ReceivedMessage(
            event_id=str(uuid4()),
            topic=f"api/{message.kind}",
            kind=message.kind,
            body=message.model_dump_json().encode(),
            entity_key=message.entity_key,
            version=message.version,
            observed_at=next(numbers),
        )

    def drain(self, backend=None, all_due=False):
        """Import what waits in the inbox; ``all_due``: what waits for its time as well."""
        backend, inbox = backend or self.backend, self.env["retail.inbox.message"]
        if all_due:
            domain = [("backend_id", "=", backend.id), ("next_attempt_at", "!=", False)]
            inbox.search(domain).write({"next_attempt_at": False})
        for _chunk in range(100):
            inbox.flush_model()
            found = self.env["retail.inbox.drain"]._claim(backend.id, 0)
            if not found:
                return
            self.env["retail.inbox.processor"]._process(found)
        raise AssertionError("The inbox does not come to rest.")

    def move_goods(self, warehouse=None):
        """Run the stock lane of a warehouse until nothing is left for it."""
        lane, warehouse = self.env["retail.reservation"], warehouse or self.stock
        for _chunk in range(100):
            self.env.flush_all()
            if not lane._try_chunk(warehouse.id):
                return
        raise AssertionError("The lane does not come to rest.")

    def happen(self, *messages, backend=None):
        """Receive messages, then move the goods that they tell of; return the messages."""
        stored = self.receive(*messages, backend=backend)
        self.move_goods()
        return stored

    def say(self, release, state, minutes=1, **values):
        """Receive what the warehouse says of a release."""
        return self.receive(said(release, state, minutes, **values))

    def send(self, all_due=True, backend=None):
        """Send what the backend is owed, with the real sender; ``all_due``: retries as well."""
        backend = backend or self.backend
        with self.sending() as sender:
            for _batch in range(100):
                if all_due:
                    self._let_time_pass(backend)
                self.env.flush_all()
                if not sender._run_batch(backend.id, 0):
                    return
                all_due = False
        raise AssertionError("The outbox does not come to rest.")

    def _let_time_pass(self, backend):
        domain = [("backend_id", "=", backend.id), ("next_attempt_at", "!=", False)]
        self.env["retail.outbox.command"].search(domain).write({"next_attempt_at": False})

    @contextmanager
    def sending(self):
        """Yield a sender whose steps happen in the test's transaction instead of their own."""
        sender = self.env["retail.outbox.sender"]

        def apart(model, backend_id, lane, step, *args):
            model.env.flush_all()
            return getattr(model.sudo(), step)(backend_id, lane, *args)

        with patch.object(self.registry["retail.outbox.sender"], "_apart", apart):
            yield sender

    # What is seen

    def commands(self, kind=None, backend=None):
        """Return the commands to the backend, in the order in which they were put."""
        domain = [("backend_id", "=", (backend or self.backend).id)]
        domain += [("kind", "=", kind)] if kind else []
        return self.env["retail.outbox.command"].search(domain, order="id")

    def asked(self, kind):
        """Return the commands of a kind that reached the sample warehouse, in order."""
        return [command for _key, command in self.provider.sent if command.kind == kind]

    def problems(self, state="open", backend=None):
        """Return the codes of the backend's exceptions in a state, sorted."""
        found = self.env["retail.exception"].search(
            [("backend_id", "=", (backend or self.backend).id), ("state", "=", state)]
        )
        return sorted(found.mapped("code"))

    def on_hand(self, sku, warehouse=None):
        """Return how many units of a product lie in the third party's warehouse."""
        location = (warehouse or self.stock).lot_stock_id
        product = self.products[sku].with_context(location=location.id)
        product.invalidate_recordset(["qty_available"])
        return product.qty_available
