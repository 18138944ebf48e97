"""What must come of every order among the recorded and published samples of Shopify.

Derived by hand from the payloads (the arithmetic stands beside each row), not by our code. Paths
are relative to ``shopify/`` of the contracts. ``lines`` is what lines and shipping add up to,
untaxed: where it differs from ``untaxed`` nothing may be imported, it is a tie-out exception.
"""

import os
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path


@dataclass(frozen=True)
class ContractOrder:
    """The canonical figures of one sample, or the error that its parsing must end in."""

    path: str
    topic: str = "orders/create"
    wrapper: str = ""
    external_id: str = ""
    currency: str = ""
    total: str = "0"
    tax: str = "0"
    untaxed: str = "0"
    lines: str = "0"
    line_count: int = 0
    payment_state: str = ""
    test: bool = False
    cancelled: bool = False
    error: str = ""

    @property
    def ties(self) -> bool:
        """Tell whether an import may post this order at all (line taxes are missing or fine)."""
        return not self.error and Decimal(self.untaxed) == Decimal(self.lines)


def contracts_root() -> Path | None:
    """Return Shopify's folder of the contracts, ``None`` where it is absent."""
    default = Path(__file__).resolve().parents[3] / "shared" / "contracts"
    root = Path(os.environ.get("RETAIL_CONTRACTS") or default) / "shopify"
    return root if root.is_dir() else None


def _documented(name: str) -> ContractOrder:
    """Shopify's documentation shows one voided, cancelled test order of 2021 under every topic.

    Lines: 89.99 + 19.99 + 24.99 + 159.99 + 119.99 = 414.95. Shipping 10.00, discounted to 0.00.
    total_discounts is 20.00: 10.00 on shipping, no allocation for the rest, so an order discount of
    10.00. 414.95 + 10.00 − 10.00 − 10.00 = 404.95 = total_price; no taxes.
    """
    return ContractOrder(
        f"webhook_samples/2026-04/orders.{name}.json",
        topic=f"orders/{name}",
        wrapper="response",
        external_id="820982911946154500",
        currency="USD",
        total="404.95",
        untaxed="404.95",
        lines="404.95",
        line_count=6,
        payment_state="voided",
        test=True,
        cancelled=True,
    )


CONTRACT_ORDERS = (
    *map(
        _documented,
        ("cancelled", "create", "fulfilled", "paid", "partially_fulfilled", "updated"),
    ),
    # Topics about an order that we keep but do not read.
    *(
        ContractOrder(
            f"webhook_samples/2026-04/orders.{name}.json",
            topic=f"orders/{name}",
            wrapper="response",
            error="not one that can be read",
        )
        for name in ("link_requested", "shopify_protect_eligibility_changed")
    ),
    # 3 × 150.00 + 5 × 0.00 + shipping 20.00 = 470.00; prices include tax, but no tax line is there.
    ContractOrder(
        "orders/recorded_eur_taxincl_partial_fulfil_order.json",
        wrapper="order",
        external_id="5182437124",
        currency="EUR",
        total="470.00",
        untaxed="470.00",
        lines="470.00",
        line_count=2,
        payment_state="paid",
        test=True,
    ),
    # total 409.94 = 398.00 + 11.94 tax, but the lines are 3 × 199.00 = 597.00 without tax lines:
    # it does not tie, and must not.
    ContractOrder(
        "rest_fixtures/order.json",
        wrapper="order",
        external_id="450789469",
        currency="USD",
        total="409.94",
        tax="11.94",
        untaxed="398.00",
        lines="597.00",
        line_count=3,
        payment_state="authorized",
    ),
    # 0.00 + 5.00 − 5.00 (total_discount of the line) + shipping 10.00 = 10.00; total_tax is null.
    ContractOrder(
        "go_shopify/order.json",
        wrapper="order",
        external_id="123456",
        currency="USD",
        total="10.00",
        untaxed="10.00",
        lines="10.00",
        line_count=2,
        payment_state="voided",
        test=True,
        cancelled=True,
    ),
    # Shapes whose values were replaced: "example string" is no currency.
    *(
        ContractOrder(
            f"webhook_shapes_anonymised/{name}.json", error="“currency” is not a currency"
        )
        for name in ("2024-01_orders_1", "2024-01_orders_2", "2025-04_orders_1")
    ),
    # Named orders, but an order edit and a risk assessment: under their own topic they are kept,
    # as orders/create they lack everything.
    ContractOrder("webhook_shapes_anonymised/2025-04_orders_2.json", error="“currency” is missing"),
    ContractOrder("webhook_shapes_anonymised/2025-04_orders_3.json", error="“currency” is missing"),
)


@dataclass(frozen=True)
class ContractOther:
    """A sample of another kind: the canonical kind and entity key, or the error."""

    path: str
    topic: str
    wrapper: str = "response"
    kind: str = ""
    entity_key: str = ""
    error: str = ""


_DOC = "webhook_samples/2026-04/"
_ORDER = "order:820982911946154500"
_ANON = "webhook_shapes_anonymised/"
_PRODUCT = "product:788032119674292900"
_CUSTOMER = "customer:706405506930370000"

CONTRACT_OTHERS = (
    ContractOther(
        f"{_DOC}shop.redact.json",
        "shop/redact",
        kind="privacy_request",
        entity_key="privacy_request:shop_redact:954889",
    ),
    ContractOther(f"{_DOC}orders.delete.json", "orders/delete", kind="deletion", entity_key=_ORDER),
    *(
        ContractOther(
            f"{_DOC}customers.{name}.json",
            f"customers/{name}",
            kind="customer",
            entity_key=_CUSTOMER,
        )
        for name in ("create", "update", "enable", "disable")
    ),
    ContractOther(
        f"{_DOC}customers.delete.json",
        "customers/delete",
        kind="deletion",
        entity_key=_CUSTOMER,
    ),
    *(
        ContractOther(
            f"{_DOC}products.{name}.json", f"products/{name}", kind="product", entity_key=_PRODUCT
        )
        for name in ("create", "update")
    ),
    ContractOther(
        f"{_DOC}products.delete.json", "products/delete", kind="deletion", entity_key=_PRODUCT
    ),
    ContractOther(f"{_DOC}refunds.create.json", "refunds/create", kind="refund", entity_key=_ORDER),
    *(
        ContractOther(
            f"{_DOC}disputes.{name}.json", f"disputes/{name}", kind="dispute", entity_key=_ORDER
        )
        for name in ("create", "update")
    ),
    *(
        ContractOther(
            f"{_DOC}fulfillments.{name}.json",
            f"fulfillments/{name}",
            kind="shipment",
            entity_key=_ORDER,
        )
        for name in ("create", "update")
    ),
    ContractOther(
        f"{_DOC}inventory_levels.disconnect.json",
        "inventory_levels/disconnect",
        kind="stock_level",
        entity_key="stock_level:271878346596884000:24826418",
    ),
    *(
        ContractOther(
            f"{_ANON}{name}.json",
            "fulfillments/create",
            "",
            kind="shipment",
            entity_key="order:123",
        )
        for name in ("2024-01_fulfillments_1", "2025-04_fulfillments_1")
    ),
    ContractOther(
        f"{_ANON}2025-04_inventory_levels_1.json",
        "inventory_levels/update",
        "",
        kind="stock_level",
        entity_key="stock_level:123:123",
    ),
    *(
        ContractOther(
            f"{_ANON}{name}.json",
            "products/update",
            "",
            error="“variants[0].price” is not a number",
        )
        for name in ("2023-10_products_1", "2025-04_products_1")
    ),
    ContractOther(
        f"{_ANON}2025-04_refunds_1.json", "refunds/create", "", error="is not a currency"
    ),
    ContractOther(
        f"{_ANON}2025-04_tender_transactions_1.json",
        "tender_transactions/create",
        "",
        error="not one that can be read",
    ),
)
