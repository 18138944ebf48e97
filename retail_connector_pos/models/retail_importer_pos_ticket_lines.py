from decimal import Decimal

from odoo import models

from odoo.addons.retail_connector_base.canonical import LineKind
from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from .ticket_draft import TicketLineDraft

# Which of the backend's products stands for what is not goods.
PRODUCT_FIELDS = {
    LineKind.CUSTOM: "custom_product_id",
    LineKind.GIFT_CARD: "gift_card_product_id",
    LineKind.TIP: "tip_product_id",
    LineKind.DUTY: "duty_product_id",
    LineKind.FEE: "fee_product_id",
    LineKind.DISCOUNT: "discount_product_id",
}
TIP = "tip"
ROUNDING = "rounding"


class RetailImporterPosTicket(models.AbstractModel):
    """Which product each line of a ticket is."""

    _inherit = "retail.importer.pos_ticket"

    def _find_products(self, backend, drafts):
        """Draft the lines of tickets with their products, one query per way to find them."""
        drafts = [draft for draft in drafts if not draft.is_void]
        for draft in drafts:
            draft.lines = self._draft_lines(backend, draft)
        goods = [line.source for draft in drafts for line in draft.lines if _is_goods(line)]
        found = self.env["retail.product.resolver"]._finder(backend, goods, _variant_of)
        mapped = self._mapped_products(backend, [line for line in goods if not found(line)])
        for draft in drafts:
            for line in draft.lines:
                line.product = line.product or self._product_of(backend, line, found, mapped)
                if not line.product:
                    draft.fail(self._product_problem(backend, draft, line))
            self._check_quantities(draft)

    def _draft_lines(self, backend, draft):
        """Return drafts of the told lines, and one of the tip."""
        ticket = draft.ticket
        lines = [
            TicketLineDraft(line.external_id, line.title, line.quantity, source=line)
            for line in ticket.lines
            if line.quantity
        ]
        return [*lines, self._tip_line(backend, draft)] if ticket.tip else lines

    def _tip_line(self, backend, draft):
        """Return the line of a tip: the product that the register's point of sale has for it."""
        config = draft.config
        own = config.iface_tipproduct and config.tip_product_id
        return TicketLineDraft(
            TIP, self.env._("Tip"), Decimal(1),
            product=own or backend.tip_product_id, price_unit=float(draft.ticket.tip),
        )  # fmt: skip

    def _mapped_products(self, backend, lines):
        words = {_word_of(line) for line in lines}
        return self.env["retail.mapping"]._resolve(backend, "product", words) if words else {}

    def _product_of(self, backend, line, found, mapped):
        if line.source is None:
            return self.env["product.product"]
        if not _is_goods(line):
            return backend[PRODUCT_FIELDS[line.source.kind]]
        return found(line.source) or mapped.get(_word_of(line.source))

    def _product_problem(self, backend, draft, line):
        """Return the problem of a line whose product is not known."""
        if not _is_goods(line):
            return self._missing_product_problem(backend, draft, line)
        source, ticket = line.source, draft.ticket
        word = _word_of(source)
        return Problem(
            error_class=ErrorClass.MAPPING,
            code="unknown_sku",
            subject=word,
            title=self.env._("No product for “%(sku)s”", sku=word),
            cause=self.env._(
                "“%(title)s” of ticket %(ticket)s is no product in Odoo, or several products share "
                "its code. Nothing of the ticket was imported.",
                title=source.title,
                ticket=ticket.number,
            ),
            fix="map_value",
            fix_values=self.env["retail.mapping"]._problem_values(
                "product",
                word,
                label=f"{word} {source.title}" if source.title != word else word,
                sku=source.sku,
                barcode=source.barcode,
                price=str(source.unit_price),
            ),
            amount=ticket.total,
            currency=ticket.currency,
        )

    def _check_quantities(self, draft):
        """Note a quantity that Odoo cannot keep: amounts and stock would be those of another."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        finest = Decimal(1).scaleb(-digits)
        for line in draft.lines:
            if line.quantity != line.quantity.quantize(finest):
                draft.fail(self._quantity_problem(draft, line, digits))

    def _quantity_problem(self, draft, line, digits):
        return Problem(
            error_class=ErrorClass.CONFIGURATION,
            code="quantity_digits",
            subject=str(digits),
            title=self.env._("Odoo keeps %(digits)s decimals of a quantity", digits=digits),
            cause=self.env._(
                "“%(title)s” was sold %(quantity)s times. Raise the decimal accuracy of “Product "
                "Unit” under Settings / Technical, then retry.",
                title=line.title,
                quantity=line.quantity,
            ),
            fix="retry",
            amount=abs(draft.ticket.total),
            currency=draft.ticket.currency,
        )

    def _missing_product_problem(self, backend, draft, line):
        kind = line.source.kind.value if line.source else line.external_id
        return Problem(
            error_class=ErrorClass.CONFIGURATION,
            code="missing_product",
            subject=kind,
            title=self.env._("The backend has no product for “%(kind)s”", kind=kind),
            cause=self.env._("Choose it on the backend under Products, then retry."),
            fix="open_backend",
            amount=draft.ticket.total,
            currency=draft.ticket.currency,
        )


def _is_goods(line):
    return line.source is not None and line.source.kind is LineKind.PRODUCT


def _variant_of(line):
    return line.variant_external_id


def _word_of(line):
    """Return by what the product of a line is mapped: the first code that the register tells."""
    return line.sku or line.variant_external_id or line.barcode or line.title
