"""GraphQL documents for publishing products."""

from .client import Operation

_VARIANT = """
fragment OnSale on ProductVariant {
  id sku
  selectedOptions { name value }
  inventoryItem { id }
}
"""
_MEDIA = """
fragment Pictures on MediaConnection {
  nodes { id alt status ... on MediaImage { image { url } } }
  pageInfo { hasNextPage endCursor }
}
"""
LISTED = Operation(
    "Listed",
    """
query Listed($id: ID!, $nested: Int!, $media: Int!) {
  product(id: $id) {
    id
    variants(first: $nested) { nodes { ...OnSale } pageInfo { hasNextPage endCursor } }
    media(first: $media) { ...Pictures }
  }
}
"""
    + _VARIANT
    + _MEDIA,
)
LISTED_VARIANTS = Operation(
    "ListedVariants",
    """
query ListedVariants($id: ID!, $first: Int!, $after: String) {
  product(id: $id) {
    variants(first: $first, after: $after) {
      nodes { ...OnSale } pageInfo { hasNextPage endCursor }
    }
  }
}
"""
    + _VARIANT,
)
LISTED_MEDIA = Operation(
    "ListedMedia",
    """
query ListedMedia($id: ID!, $first: Int!, $after: String) {
  product(id: $id) { media(first: $first, after: $after) { ...Pictures } }
}
"""
    + _MEDIA,
)
BY_REFERENCE = Operation(
    "ByReference",
    """
query ByReference($identifier: ProductIdentifierInput!) {
  productByIdentifier(identifier: $identifier) { id }
}
""",
)
DEFINE_REFERENCE = Operation(
    "DefineReference",
    """
mutation DefineReference($definition: MetafieldDefinitionInput!) {
  metafieldDefinitionCreate(definition: $definition) {
    createdDefinition { id }
    userErrors { code field message }
  }
}
""",
    mutation=True,
)
SET_PRODUCT = Operation(
    "SetProduct",
    """
mutation SetProduct($identifier: ProductSetIdentifiers!, $input: ProductSetInput!) {
  productSet(identifier: $identifier, input: $input, synchronous: true) {
    product { id }
    userErrors { code field message }
  }
}
""",
    mutation=True,
)
STAGE_UPLOADS = Operation(
    "StageUploads",
    """
mutation StageUploads($input: [StagedUploadInput!]!) {
  stagedUploadsCreate(input: $input) {
    stagedTargets { url resourceUrl parameters { name value } }
    userErrors { field message }
  }
}
""",
    mutation=True,
)
PUBLICATIONS = Operation(
    "Publications",
    """
query Publications($first: Int!) {
  publications(first: $first) { nodes { id catalog { title } } }
}
""",
)
PUBLISH = Operation(
    "Publish",
    """
mutation Publish($id: ID!, $input: [PublicationInput!]!) {
  publishablePublish(id: $id, input: $input) { userErrors { field message } }
}
""",
    mutation=True,
)
