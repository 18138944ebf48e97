from decimal import ROUND_HALF_UP, Decimal
from random import Random

from odoo.tests import tagged

from .refunds import RefundCase, back, paid_back, refund_message

CENT = Decimal("0.01")
SEEDS = range(12)


def share(total, done, units):
    """Return what a channel gives back in all for the first ``done`` of some units."""
    return (total * done / units).quantize(CENT, ROUND_HALF_UP)


@tagged("post_install", "-at_install")
class TestRefundRounding(RefundCase):
    """Whatever is returned, unit by unit: all credit notes together are what was sold."""

    def test_units_that_come_back_one_by_one_come_to_the_invoice(self):
        for seed in SEEDS:
            with self.subTest(seed=seed), self.env.cr.savepoint():
                self.return_all(Random(seed))

    def return_all(self, random):
        """Sell something, let the channel give it back in random parts, compare."""
        included = random.random() < 0.5
        taxes = [self.vat_included] if included else [self.vat, self.low_vat]
        rows = [
            (f"L{number}", random.randint(1, 4), self.price(random), random.choice(taxes))
            for number in range(random.randint(1, 3))
        ]
        order = self.sold(*rows, included=included)
        invoice = order.odoo_id.invoice_ids
        lines = dict(zip([row[0] for row in rows], invoice.invoice_line_ids, strict=True))
        parts = [(name, unit) for name, quantity, *_ in rows for unit in range(1, quantity + 1)]
        # Units of one line come back in their order, lines in any.
        parts.sort(key=lambda part: (part[1], random.random()))
        for name, unit in parts:
            binding = self.give_back(order, lines[name], name, unit, included)
            self.assertEqual(binding.state, "posted", self.comparison())
        notes = order.refund_binding_ids.odoo_id
        self.assertEqual(len(notes), len(parts))
        sold = invoice.invoice_line_ids
        untaxed, total = sum(sold.mapped("price_subtotal")), sum(sold.mapped("price_total"))
        self.assertAlmostEqual(sum(notes.mapped("amount_untaxed")), untaxed, 2)
        self.assertAlmostEqual(sum(notes.mapped("amount_total")), total, 2)

    def price(self, random):
        return str(Decimal(random.randint(1, 9999)) * CENT)

    def give_back(self, order, line, name, unit, included):
        """Give one unit back, with the channel's own rounding; return the refund's binding."""
        untaxed = Decimal(f"{line.price_subtotal:.2f}")
        gross = Decimal(f"{line.price_total:.2f}")
        units = Decimal(f"{line.quantity:.0f}")
        amount, tax = (
            share(total, unit, units) - share(total, unit - 1, units)
            for total in (gross if included else untaxed, gross - untaxed)
        )
        paid = amount if included else amount + tax
        return self.refunded(
            refund_message(order, back(name, 1, amount, tax), transactions=[paid_back(paid)])
        )

    def comparison(self):
        """Return what does not tie, for the test's message."""
        found = self.env["retail.exception"].search([("backend_id", "=", self.backend.id)])
        return found.mapped("comparison")
