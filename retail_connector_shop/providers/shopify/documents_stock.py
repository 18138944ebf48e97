"""GraphQL documents for locations and stock."""

from .client import Operation

LOCATIONS = Operation(
    "Locations",
    """
query Locations($first: Int!, $after: String) {
  locations(first: $first, after: $after, includeInactive: true, includeLegacy: true) {
    nodes { id name isActive }
    pageInfo { hasNextPage endCursor }
  }
}
""",
)
STOCK = Operation(
    "Stock",
    """
query Stock($ids: [ID!]!, $location: ID!) {
  nodes(ids: $ids) {
    ... on InventoryItem {
      id
      inventoryLevel(locationId: $location) { quantities(names: ["available"]) { name quantity } }
    }
  }
}
""",
)
SET_STOCK = Operation(
    "SetStock",
    """
mutation SetStock($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    userErrors { code field message }
  }
}
""",
    mutation=True,
)
ACTIVATE_STOCK = Operation(
    "ActivateStock",
    """
mutation ActivateStock($item: ID!, $location: ID!, $available: Int!, $key: String!) {
  inventoryActivate(inventoryItemId: $item, locationId: $location, available: $available)
    @idempotent(key: $key) {
    inventoryLevel { id }
    userErrors { field message }
  }
}
""",
    mutation=True,
)
