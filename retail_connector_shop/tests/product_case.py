"""Fixtures of products: canonical messages and their way through the importer."""

from datetime import datetime, timedelta, timezone
from itertools import count

from odoo.addons.retail_connector_base.canonical.product import (
    Product,
    ProductOption,
    ProductState,
    ProductVariant,
)
from odoo.addons.retail_connector_base.decisions.outcome import InboundItem
from odoo.addons.retail_connector_base.tests.common import BackendCase

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)


def variant(external_id, sku=None, barcode=None, price="10.00", size="L"):
    """Return a variant of a shop."""
    return ProductVariant(
        external_id=external_id,
        title=size,
        sku=sku,
        barcode=barcode,
        price=price,
        options=(ProductOption(name="Size", value=size),),
        inventory_item_external_id=f"stock-{external_id}",
    )


def product(external_id, *variants, minute=0, title="Shirt", state=ProductState.ACTIVE):
    """Return a product as the shop showed it ``minute`` minutes after noon."""
    return Product(
        external_id=external_id,
        updated_at=NOON + timedelta(minutes=minute),
        title=title,
        state=state,
        variants=variants,
    )


class ProductCase(BackendCase):
    """Imports products as the inbox would, in a transaction that is rolled back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.message_ids = count(1)
        cls.candidates = cls.env["retail.product.candidate"]
        cls.bindings = cls.env["retail.product.binding"]

    def take(self, *products, backend=None, authoritative=False):
        """Import products in one batch; return the outcomes in their order."""
        backend = backend or self.backend
        items = [self.item(canonical, authoritative) for canonical in products]
        importer = self.env["retail.importer.product"].sudo().with_company(backend.company_id)
        results = importer._import_batch(backend, items)
        return [results[item.message_id].outcome.value for item in items]

    def item(self, canonical, authoritative=False):
        """Return a product as the inbox hands it over."""
        return InboundItem(
            message_id=next(self.message_ids),
            canonical=canonical,
            topic="products/update",
            observed_at=canonical.version,
            content_hash=canonical.content_hash(),
            correlation_id="test",
            authoritative=authoritative,
        )

    def candidate(self, external_id, backend=None):
        """Return the row of a variant, empty when there is none."""
        backend = backend or self.backend
        return self.candidates.search(
            [("backend_id", "=", backend.id), ("external_id", "=", external_id)]
        )

    def verdict(self, external_id):
        """Return state and reason of a variant."""
        row = self.candidate(external_id)
        return (row.state, row.match_reason)

    @classmethod
    def goods(cls, sku=None, barcode=None, **values):
        """Create a product of Odoo."""
        return cls.env["product.product"].create(
            {"name": sku or barcode, "default_code": sku, "barcode": barcode, **values}
        )
