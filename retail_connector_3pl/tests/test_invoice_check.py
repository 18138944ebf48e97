from datetime import date
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical import (
    InvoiceLine,
    Money,
    Service,
    WarehouseInvoice,
)
from odoo.addons.retail_connector_base.tests.access import create_user

from .inbound import InboundCase, came, receipt
from .messages import at, left


def charge(service, quantity, price, external_id=None, **values):
    """Return one charge; ``amount`` is its quantity times its price where it is not given."""
    amount = values.pop("amount", None) or str(Decimal(str(quantity)) * Decimal(str(price)))
    return InvoiceLine(
        external_id=external_id or f"{service}-{len(str(values))}-{quantity}",
        service=Service(service),
        quantity=Decimal(str(quantity)),
        unit_price=Money(amount=Decimal(str(price)), currency="USD"),
        amount=Money(amount=Decimal(amount), currency="USD"),
        **values,
    )


def invoice(*lines, external_id="I1", minutes=1, total=None, tax=0, **values):
    """Return an invoice of May; it adds up unless ``total`` is given."""
    whole = sum((line.amount.amount for line in lines), Decimal()) + Decimal(str(tax))
    return WarehouseInvoice(
        external_id=external_id,
        number=f"No. {external_id}",
        updated_at=at(minutes),
        issued_on=date(2026, 5, 31),
        period_start=date(2026, 5, 1),
        period_end=date(2026, 5, 31),
        location_external_id="W1",
        total=Money(amount=Decimal(str(whole if total is None else total)), currency="USD"),
        total_tax=Money(amount=Decimal(str(tax)), currency="USD"),
        lines=lines,
        **values,
    )


@tagged("post_install", "-at_install")
class TestWarehouseInvoice(InboundCase):
    with_accounts = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        prices = [("pick", "unit", 0.5), ("pack", "order", 1.25), ("freight", "parcel", 4.0),
                  ("receiving", "unit", 0.1), ("storage", "unit_day", 0.01)]  # fmt: skip
        usd = cls.env.ref("base.USD")
        cls.warehouse.write(
            {
                "biller_id": cls.env["res.partner"].create({"name": "Third Party Ltd"}).id,
                "tariff_ids": [
                    Command.create(
                        {"service": service, "per": per, "price": price, "currency_id": usd.id}
                    )
                    for service, per, price in prices
                ],
            }
        )
        domain = [("account_type", "=", "expense"), ("company_ids", "in", cls.company.ids)]
        cls.account = cls.env["account.account"].search(domain, limit=1)
        cls.env["retail.mapping"].create(
            [
                {
                    "backend_id": cls.backend.id,
                    "kind": "warehouse_service",
                    "external_key": service.value,
                    "service_account_id": cls.account.id,
                }
                for service in Service
            ]
        )
        cls.accountant = create_user(cls.env, "accountant", "checker", cls.company)

    def take(self, *lines, **values):
        """Receive an invoice; return its record."""
        [message] = self.receive(invoice(*lines, **values))
        self.assertEqual(message.state, "done", message.error)
        domain = [("external_id", "=", values.get("external_id", "I1"))]
        return self.env["retail.warehouse.invoice"].search(domain)

    def shipped(self, **quantities):
        """Return a release that left as one shipment (its parcel's number is ``T-<name>``)."""
        release = self.accepted(self.sell(**quantities))
        self.happen(left(release, f"S-{release.name}", tracking=f"T-{release.name}", **quantities))
        return release

    def state(self, record):
        return record.line_ids.mapped("state")

    def test_what_was_done_matches_and_becomes_a_bill(self):
        release = self.shipped(A=3, B=1)
        record = self.take(
            charge("pick", 4, "0.5", order_external_id=release.name),
            charge("pack", 1, "1.25", shipment_external_id=f"S-{release.name}"),
            charge("freight", 1, "4", tracking_number=f"T-{release.name}"),
        )
        self.assertEqual(self.state(record), ["match"] * 3)
        self.assertEqual((record.ties, record.amount_difference, self.problems()), (True, 0, []))
        record.with_user(self.accountant).action_approve()
        bill = record.move_id
        self.assertEqual(
            (bill.move_type, bill.state, bill.amount_total), ("in_invoice", "draft", 7.25)
        )
        self.assertEqual(sorted(bill.invoice_line_ids.mapped("price_subtotal")), [1.25, 2.0, 4.0])
        self.assertEqual(bill.invoice_line_ids.account_id, self.account)
        self.assertIn("Charged", record.chart)

    def test_what_differs_is_shown_with_the_money_at_risk_and_can_be_disputed(self):
        release = self.shipped(A=3)
        record = self.take(
            charge("pick", 5, "0.5", order_external_id=release.name),
            charge("pack", 1, "2.25", order_external_id=release.name),
            charge("freight", 1, "4", tracking_number="nobody knows"),
            charge("material", 1, "0.75"),
        )
        self.assertEqual(
            self.state(record),
            ["quantity_differs", "price_differs", "unknown_reference", "not_in_tariff"],
        )
        self.assertEqual(record.line_ids.mapped("difference"), [1.0, 1.0, 4.0, 0.75])
        self.assertEqual(self.problems(), ["warehouse_invoice_differs"])
        found = self.env["retail.exception"].search([("code", "=", "warehouse_invoice_differs")])
        self.assertEqual((found.amount_at_risk, len(found.comparison)), (6.75, 4))
        record.with_user(self.accountant).action_dispute()
        self.assertEqual(record.state, "disputed")
        self.assertIn("nobody knows", record.dispute)
        self.warehouse.charge_tolerance = 4.0
        record.action_check()
        self.assertEqual(self.problems(), [])

    def test_work_is_charged_once_also_across_invoices(self):
        release = self.shipped(A=3)
        pick = charge("pick", 3, "0.5", "1", order_external_id=release.name)
        again = charge("pick", 3, "0.50", "2", order_external_id=release.name)
        self.assertEqual(self.state(self.take(pick, again)), ["match", "charged_twice"])
        freight = charge("freight", 1, "4", "3", tracking_number=f"T-{release.name}")
        later = self.take(pick, freight, external_id="I2", minutes=5)
        self.assertEqual(self.state(later), ["charged_twice", "match"])
        self.assertEqual(later.amount_difference, 1.5)

    def test_an_invoice_that_does_not_add_up_is_never_approved(self):
        release = self.shipped(A=3)
        pick = charge("pick", 3, "0.5", order_external_id=release.name)
        record = self.take(pick, total="1.51")
        self.assertEqual((record.ties, self.problems()), (False, ["warehouse_invoice_sum"]))
        with self.assertRaises(UserError):
            record.with_user(self.accountant).action_approve()
        self.assertFalse(record.move_id)
        record = self.take(pick, minutes=9)
        self.assertEqual((record.ties, self.problems()), (True, []))

    def test_an_approved_invoice_that_changes_is_shown_and_stays(self):
        release = self.shipped(A=3)
        record = self.take(charge("pick", 3, "0.5", order_external_id=release.name))
        record.with_user(self.accountant).action_approve()
        bill = record.move_id
        told = invoice(charge("pick", 9, "0.5", order_external_id=release.name), minutes=9)
        [message] = self.receive(told)
        self.assertEqual((message.state, record.amount_total), ("superseded", 1.5))
        self.assertEqual((record.move_id, self.problems()), (bill, ["warehouse_invoice_changed"]))

    def test_receiving_and_storage_are_checked_by_what_came_and_lay_there(self):
        self.products["S"] = self.make_product("S", stock=0)
        announcement = self.announced(S=10)
        self.happen(receipt(announcement, came("S", 10, "1")))
        moves = self.received().move_binding_ids.odoo_id
        moves.move_line_ids.write({"date": "2026-05-30 10:00:00"})
        record = self.take(
            charge("receiving", 10, "0.1", receipt_external_id="R1"),
            charge("storage", 20, "0.01", sku="S"),
            charge("storage", 25, "0.01", sku="S", charged_on=date(2026, 5, 30)),
        )
        self.assertEqual(self.state(record), ["match", "match", "quantity_differs"])
        self.assertEqual(record.line_ids[-1].expected_quantity, 10)

    def test_taxes_are_the_invoices_or_there_is_no_bill(self):
        release = self.shipped(A=3)
        tax = self.env["account.tax"].create(
            {"name": "20%", "amount": 20, "type_tax_use": "purchase", "company_id": self.company.id}
        )
        pick = charge("pick", 3, "0.5", order_external_id=release.name)
        record = self.take(pick, tax="0.30")
        with self.assertRaises(UserError):
            record.with_user(self.accountant).action_approve()
        self.assertEqual((record.state, record.move_id.ids), ("checked", []))
        self.warehouse.bill_tax_ids = tax
        record.with_user(self.accountant).action_approve()
        self.assertEqual(record.move_id.amount_total, 1.8)

    def test_only_accountants_of_the_company_decide(self):
        record = self.take(charge("material", 1, "0.75"))
        other = self.env["res.company"].sudo().create({"name": "Other"})
        users = [
            create_user(self.env, "operator", "op", self.company),
            create_user(self.env, "administrator", "ad", self.company),
            create_user(self.env, "accountant", "ac", other),
        ]
        for user in users:
            for action in ("action_approve", "action_dispute", "action_reject"):
                with self.assertRaises(AccessError):
                    getattr(record.with_user(user), action)()
        for reader in (users[0], self.accountant):
            self.assertTrue(record.with_user(reader).read())
            self.assertTrue(record.line_ids.with_user(reader).read())
            with self.assertRaises(AccessError):
                record.with_user(reader).write({"state": "approved"})
        self.assertEqual(record.state, "checked")
