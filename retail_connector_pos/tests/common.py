"""An estate of two stores in one transaction, its tickets, and how they get into Odoo.

Canonical tickets come from ``tickets``, parts of an estate in any environment from ``estate``.
"""

from odoo.tests import TransactionCase
from odoo.tests.common import get_db_name

from odoo.addons.retail_connector_base.decisions.problem import ItemFailures
from odoo.addons.retail_connector_base.tests.spare_company import leave_spare, take_spare

from . import estate
from .tickets import item, ticket


def importer_of(backend, kind):
    """Return the importer of a kind, as the inbox runs it."""
    context = {"allowed_company_ids": backend.company_id.ids, "retail_import": True}
    importer = backend.env[f"retail.importer.{kind}"].with_user(backend.user_id).sudo()
    return importer.with_company(backend.company_id).with_context(**context)


def run_import(backend, *messages):
    """Import messages of one kind in one batch, as the inbox does: what fails is left out and
    reported as the inbox reports it, and the others are run again.

    Return (results, failures), both by external id.
    """
    items, failures, results = [item(message) for message in messages], {}, {}
    names = {one.message_id: one.canonical.external_id for one in items}
    importer = importer_of(backend, messages[0].kind)
    while items:
        try:
            with backend.env.cr.savepoint():
                results = importer._import_batch(backend.with_env(importer.env), items)
            break
        except ItemFailures as failed:
            failures |= {names[key]: error for key, error in failed.failures.items()}
            items = [one for one in items if one.message_id not in failed.failures]
    for error in failures.values():
        report(backend, error)
    return {names[key]: value for key, value in results.items()}, failures


def report(backend, error):
    """Show a failure to a person, as the inbox does after the savepoint of the import."""
    problem = getattr(error, "problem", None)
    if problem:
        record = backend.env["retail.inbox.failure"]._record_of(problem)
        backend.env["retail.exception"]._report(backend, problem, record=record)


class PosCase(TransactionCase):
    """Stores S1 (registers R1 and R2) and S2 (R1) in EUR, with a warehouse each.

    Products A, B and C have 100 units in both; registers call their payments ``cash`` and ``card``;
    there is a tax of 19 % and one of 7 %, each included and on top.
    """

    @classmethod
    def setUpClass(cls):
        leave_spare(get_db_name())
        super().setUpClass()
        cls.company = estate.make_company(cls.env, make=take_spare)
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.company = cls.company.with_env(cls.env)
        cls.currency = cls.company.currency_id
        cls.backend = estate.make_backend(cls.env, cls.company)
        cls.taxes = {
            (percent, included): estate.make_tax(cls.env, cls.company, percent, included)
            for percent in (19, 7)
            for included in (True, False)
        }
        cls._make_places()
        cls.products = {sku: cls.make_product(sku) for sku in "ABC"}

    @classmethod
    def _make_places(cls):
        env, company = cls.env, cls.company
        cls.card = estate.make_method(env, company, "bank", "Card")
        warehouses = [estate.make_warehouse(env, company, name) for name in ("Store 1", "Store 2")]
        cls.warehouse, cls.warehouse2 = warehouses
        cls.store = estate.make_store(cls.backend, "S1", cls.warehouse)
        cls.store2 = estate.make_store(cls.backend, "S2", cls.warehouse2)
        cls.register, cls.register2, cls.register3 = (
            cls.make_register(store, name)
            for store, name in ((cls.store, "R1"), (cls.store, "R2"), (cls.store2, "R1"))
        )
        cls.config, cls.config2 = cls.register.odoo_id, cls.register2.odoo_id
        estate.map_tender(cls.backend, "cash", cls.cash_method(cls.register))
        estate.map_tender(cls.backend, "card", cls.card)

    @classmethod
    def make_register(cls, store, name, **values):
        """Create a register with a point of sale and a drawer of its own."""
        config = estate.make_config(cls.env, cls.company, store.odoo_id, cls.card, **values)
        return estate.make_register(store, name, config)

    @classmethod
    def make_product(cls, sku, stock=100, **values):
        """Create a product with stock in both stores."""
        product = estate.make_product(cls.env, cls.company, sku, **values)
        for warehouse in (cls.warehouse, cls.warehouse2):
            cls.env["stock.quant"]._update_available_quantity(
                product, warehouse.lot_stock_id, stock
            )
        return product

    @classmethod
    def cash_method(cls, register):
        """Return the method of a register's own drawer."""
        return register.odoo_id.payment_method_ids.filtered("is_cash_count")

    @classmethod
    def weigh(cls, digits=3):
        """Let Odoo keep quantities of so many decimals: grams of kilograms."""
        precision = cls.env["decimal.precision"].search([("name", "=", "Product Unit")])
        precision.digits = digits

    # What happens

    def run_import(self, *messages):
        """Import messages of one kind; return (results, failures) by external id."""
        return run_import(self.backend, *messages)

    def drain(self, *messages):
        """Import messages that must all come through; return their results by external id."""
        results, failures = self.run_import(*messages)
        for failure in failures.values():
            problem = getattr(failure, "problem", None)
            raise AssertionError(f"{problem.code}: {problem.cause}") if problem else failure
        return results

    def sell(self, *lines, **values):
        """Import a ticket of these lines that must come through; return its binding."""
        message = ticket(*lines, **values)
        self.drain(message)
        return self.ticket(message)

    def problem_of(self, message):
        """Import one message that must fail; return its problem."""
        results, failures = self.run_import(message)
        self.assertFalse(results, "it was imported")
        (failure,) = failures.values()
        if not hasattr(failure, "problem"):
            raise failure
        return failure.problem

    # What is seen

    def ticket(self, message):
        """Return the binding of a ticket, empty when it is not imported."""
        return self.env["retail.pos.ticket"].search(
            [("backend_id", "=", self.backend.id), ("external_id", "=", message.external_id)]
        )

    def order(self, message):
        """Return the order that a ticket became."""
        return self.ticket(message).odoo_id

    def problems(self, state="open"):
        """Return the codes of the backend's exceptions in a state, sorted."""
        found = self.env["retail.exception"].search(
            [("backend_id", "=", self.backend.id), ("state", "=", state)]
        )
        return sorted(found.mapped("code"))

    def on_hand(self, sku, warehouse=None):
        """Return how many units of a product lie in a store."""
        location = (warehouse or self.warehouse).lot_stock_id
        product = self.products[sku].with_context(location=location.id)
        product.invalidate_recordset(["qty_available"])
        return product.qty_available
