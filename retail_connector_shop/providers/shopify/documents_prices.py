"""GraphQL documents for prices."""

from .client import Operation

CURRENCY = Operation("Currency", "query Currency { shop { currencyCode } }")
SET_PRICES = Operation(
    "SetPrices",
    """
mutation SetPrices($product: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkUpdate(productId: $product, variants: $variants) {
    userErrors { code field message }
  }
}
""",
    mutation=True,
)
