"""Orders that were sold and invoiced, and refunds of them as channels tell them."""

from datetime import timedelta
from decimal import Decimal

from odoo.fields import Command

from odoo.addons.retail_connector_base.canonical import (
    LineKind,
    Money,
    MoneySet,
    Order,
    OrderLine,
    PayableMoneySet,
    PaymentState,
    Refund,
    RefundAdjustment,
    RefundLine,
    RefundTransaction,
    RestockKind,
    ShippingLine,
)

from .common import START, PaymentCase, activate, make_pricelist, make_product, numbers

LATER = START + timedelta(days=1)


def money(amount, currency="EUR"):
    """Return the same amount on both sides."""
    return MoneySet.single(Decimal(str(amount)), currency)


def back(line, quantity=1, amount="10.00", tax=0, restock=RestockKind.RETURN, currency="EUR"):
    """Return refunded units of a line, named by its place in the order or its id."""
    return RefundLine(
        external_id=f"RL{next(numbers)}",
        order_line_external_id=line,
        quantity=Decimal(str(quantity)),
        restock=restock,
        subtotal=money(amount, currency),
        tax=money(tax, currency),
    )


def adjusted(amount, reason="refund_discrepancy", tax=0, currency="EUR"):
    """Return an amount that belongs to no line; positive where the customer gets it."""
    return RefundAdjustment(
        external_id=f"A{next(numbers)}",
        reason=reason,
        amount=money(amount, currency),
        tax=money(tax, currency),
    )


def paid_back(amount, state="success", currency="EUR", name=None):
    """Return a transaction of a refund."""
    return RefundTransaction(
        external_id=name or f"T{next(numbers)}",
        state=state,
        amount=Money(amount=Decimal(str(amount)), currency=currency),
    )


def refund_message(order, *lines, adjustments=(), transactions=(), **values):
    """Return a refund of an order (its binding, or its id)."""
    defaults = {
        "external_id": f"R{next(numbers)}",
        "order_external_id": getattr(order, "external_id", order),
        "created_at": LATER,
        "updated_at": LATER,
    }
    return Refund(
        **{**defaults, **values},
        lines=lines,
        adjustments=tuple(adjustments),
        transactions=tuple(transactions),
    )


class RefundCase(PaymentCase):
    """A shop whose orders are sold with taxes and invoiced."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.country = cls.company.account_fiscal_country_id or cls.env.ref("base.us")
        cls.tax_group = cls.env["account.tax.group"].create(
            {"name": "VAT", "company_id": cls.company.id, "country_id": cls.country.id}
        )
        cls.vat = cls.make_tax(20)
        cls.low_vat = cls.make_tax(5)
        cls.vat_included = cls.make_tax(20, included=True)
        cls.shipping = make_product(cls.env, cls.company, name="Shipping")

    @classmethod
    def make_tax(cls, percent, included=False):
        """Create a sale tax of the company."""
        return cls.env["account.tax"].create(
            {
                "name": f"{percent} % {'incl' if included else 'excl'}",
                "amount": percent,
                "amount_type": "percent",
                "type_tax_use": "sale",
                "price_include_override": "tax_included" if included else "tax_excluded",
                "company_id": cls.company.id,
                "country_id": cls.country.id,
                "tax_group_id": cls.tax_group.id,
            }
        )

    # Orders

    def sold(self, *lines, shipping=None, included=False, currency="EUR", invoiced=True, **told):
        """Return the binding of a confirmed order of (id, quantity, price, taxes[, kind]).

        ``shipping`` is (price, taxes). ``told`` changes what the channel says of lines by id:
        (ordered, still wanted).
        """
        rows = [(*line, LineKind.PRODUCT)[:5] for line in lines]
        sale = self._sale(rows, shipping, currency)
        binding = self._bind(sale, rows, shipping, included, currency, told)
        if invoiced:
            self.invoice(binding)
        return binding

    def _sale(self, rows, shipping, currency):
        wanted = [(self.product, *row[1:4]) for row in rows]
        wanted += [(self.shipping, 1, *shipping)] if shipping else []
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "pricelist_id": make_pricelist(self.env, self.company, currency).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "price_unit": float(price),
                            "tax_ids": [Command.set(taxes.ids)],
                        }
                    )
                    for product, quantity, price, taxes in wanted
                ],
            }
        )
        sale.action_confirm()
        return sale

    def _bind(self, sale, rows, shipping, included, currency, told):
        order = self._order_message(sale, rows, shipping, included, currency, told)
        binding = self.env["retail.order.binding"].create(
            {
                "backend_id": self.backend.id,
                "external_id": order.external_id,
                "name": order.name,
                "odoo_id": sale.id,
                "state": "confirmed",
                "currency_id": activate(self.env, currency).id,
                "amount_total": sale.amount_total,
                "snapshot": order.model_dump(mode="json"),
            }
        )
        names = [("line", row[0]) for row in rows] + [("shipping", "S1")] * bool(shipping)
        self.env["retail.order.line.binding"].create(
            [
                {
                    "order_binding_id": binding.id,
                    "backend_id": self.backend.id,
                    "company_id": self.company.id,
                    "part": part,
                    "external_id": name,
                    "odoo_id": line.id,
                    "imported_quantity": line.product_uom_qty,
                }
                for (part, name), line in zip(names, sale.order_line, strict=True)
            ]
        )
        return binding

    def _order_message(self, sale, rows, shipping, included, currency, told):
        number = f"O{next(numbers)}"
        lines = []
        for name, quantity, price, _taxes, kind in rows:
            ordered, wanted = told.get(name, (quantity, quantity))
            lines.append(
                OrderLine(
                    external_id=name,
                    kind=kind,
                    title="Thing",
                    ordered_quantity=Decimal(str(ordered)),
                    quantity=Decimal(str(wanted)),
                    unit_price=money(price, currency),
                    discount=money(0, currency),
                )
            )
        charges = [
            ShippingLine(
                external_id="S1",
                title="Standard",
                price=money(shipping[0], currency),
                discount=money(0, currency),
            )
        ] if shipping else []  # fmt: skip
        places = sale.currency_id.decimal_places
        return Order(
            external_id=number,
            name=f"#{number}",
            placed_at=START,
            local_date=START.date(),
            currency=currency,
            presentment_currency=currency,
            taxes_included=included,
            lines=tuple(lines),
            shipping_lines=tuple(charges),
            total=PayableMoneySet.single(Decimal(f"{sale.amount_total:.{places}f}"), currency),
            total_tax=PayableMoneySet.single(Decimal(f"{sale.amount_tax:.{places}f}"), currency),
            payment_state=PaymentState.PAID,
        )

    def invoice(self, binding):
        """Invoice what is open of an order; return the posted invoice."""
        move = binding.odoo_id._create_invoices()
        move.invoice_date = START.date()
        move.action_post()
        return move

    # Refunds

    def refunded(self, message):
        """Import a refund; return its binding."""
        self.drain(message)
        bindings = self.env["retail.refund.binding"]
        return bindings._by_external_id(self.backend, [message.external_id])[message.external_id]

    def assertNote(self, binding, total, tax, state="posted"):
        """Check a credit note's state and amounts; return it."""
        move = binding.odoo_id
        self.assertEqual((binding.state, move.state), (state, state))
        self.assertEqual(move.move_type, "out_refund")
        places = move.currency_id.decimal_places
        found = [f"{amount:.{places}f}" for amount in (move.amount_total, move.amount_tax)]
        self.assertEqual(found, [total, tax])
        return move
