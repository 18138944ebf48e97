"""All GraphQL documents, for the Admin API 2026-04. A test validates each against the schema.

A page of orders is priced by what it could hold. So it asks for what nearly every order has; what
few have (refunds, duties, long lists of lines) is asked for separately, see ``completion.py``.
"""

from .client import Operation

_MONEY = """
fragment Amounts on MoneyBag {
  shopMoney { amount currencyCode }
  presentmentMoney { amount currencyCode }
}
"""
_TAX = """
fragment Tax on TaxLine { title rate channelLiable priceSet { ...Amounts } }
"""
_ADDRESS = """
fragment Place on MailingAddress {
  name firstName lastName company address1 address2 city zip
  province provinceCode countryCodeV2 phone
}
"""
_CUSTOMER = """
fragment Buyer on Customer {
  id firstName lastName verifiedEmail taxExempt
  defaultEmailAddress { emailAddress }
  defaultPhoneNumber { phoneNumber }
  defaultAddress { ...Place }
}
"""
_LINE = """
fragment Line on LineItem {
  id name title sku quantity currentQuantity unfulfilledQuantity nonFulfillableQuantity
  requiresShipping isGiftCard
  product { id }
  variant { id }
  customAttributes { key value }
  originalUnitPriceSet { ...Amounts }
  discountAllocations { allocatedAmountSet { ...Amounts } }
  taxLines { ...Tax }
}
"""
_DUTIES = "duties { id harmonizedSystemCode price { ...Amounts } taxLines { ...Tax } }"
_SHIPPING = """
fragment Carriage on ShippingLine {
  id title code isRemoved
  originalPriceSet { ...Amounts }
  discountedPriceSet { ...Amounts }
  discountAllocations { allocatedAmountSet { ...Amounts } }
  taxLines { ...Tax }
}
"""
_REFUND_LINE = """
fragment RefundedLine on RefundLineItem {
  id quantity restockType
  lineItem { id }
  subtotalSet { ...Amounts }
  totalTaxSet { ...Amounts }
}
"""
_REFUND = """
fragment GivenBack on Refund {
  id
  return { id }
  duties { originalDuty { id } }
  refundLineItems(first: $nested) { nodes { ...RefundedLine } pageInfo { hasNextPage endCursor } }
  refundShippingLines(first: 5) { nodes { id } }
  orderAdjustments(first: 5) { nodes { id } }
  transactions(first: 20) { nodes { status amountSet { ...Amounts } } }
}
"""
_ORDER = (
    """
fragment Whole on Order {
  id name createdAt updatedAt cancelledAt cancelReason closedAt test sourceName
  currencyCode presentmentCurrencyCode taxesIncluded dutiesIncluded
  email phone note tags customerLocale
  displayFinancialStatus displayFulfillmentStatus paymentGatewayNames
  totalPriceSet { ...Amounts }
  totalTaxSet { ...Amounts }
  totalDiscountsSet { ...Amounts }
  totalTipReceivedSet { ...Amounts }
  currentTotalPriceSet { ...Amounts }
  currentTotalTaxSet { ...Amounts }
  originalTotalAdditionalFeesSet { ...Amounts }
  originalTotalDutiesSet { shopMoney { amount } }
  billingAddress { ...Place }
  shippingAddress { ...Place }
  customer { ...Buyer }
  lineItems(first: $nested) { nodes { ...Line } pageInfo { hasNextPage endCursor } }
  shippingLines(first: 2, includeRemovals: true) {
    nodes { ...Carriage } pageInfo { hasNextPage endCursor }
  }
  refunds(first: 1) { id }
}
"""
    + _MONEY
    + _TAX
    + _ADDRESS
    + _CUSTOMER
    + _LINE
    + _SHIPPING
)
_SHOP = "shop { ianaTimezone }"

ORDERS = Operation(
    "Orders",
    """
query Orders($first: Int!, $after: String, $query: String, $nested: Int!) {
  %s
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes { ...Whole }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    % _SHOP
    + _ORDER,
)
ORDER = Operation(
    "OneOrder",
    """
query OneOrder($id: ID!, $nested: Int!) {
  %s
  order(id: $id) { ...Whole }
}
"""
    % _SHOP
    + _ORDER,
)
ORDER_LINES = Operation(
    "OrderLines",
    """
query OrderLines($id: ID!, $first: Int!, $after: String) {
  order(id: $id) {
    updatedAt
    lineItems(first: $first, after: $after) {
      nodes { ...Line %s } pageInfo { hasNextPage endCursor }
    }
  }
}
"""
    % _DUTIES
    + _MONEY
    + _TAX
    + _LINE,
)
ORDER_SHIPPING = Operation(
    "OrderShipping",
    """
query OrderShipping($id: ID!, $first: Int!, $after: String) {
  order(id: $id) {
    updatedAt
    shippingLines(first: $first, after: $after, includeRemovals: true) {
      nodes { ...Carriage } pageInfo { hasNextPage endCursor }
    }
  }
}
"""
    + _MONEY
    + _TAX
    + _SHIPPING,
)
ORDER_REFUNDS = Operation(
    "OrderRefunds",
    """
query OrderRefunds($id: ID!, $refunds: Int!, $nested: Int!) {
  order(id: $id) { updatedAt refunds(first: $refunds) { ...GivenBack } }
}
"""
    + _MONEY
    + _REFUND_LINE
    + _REFUND,
)
REFUND_LINES = Operation(
    "RefundLines",
    """
query RefundLines($id: ID!, $first: Int!, $after: String) {
  refund(id: $id) {
    refundLineItems(first: $first, after: $after) {
      nodes { ...RefundedLine } pageInfo { hasNextPage endCursor }
    }
  }
}
"""
    + _MONEY
    + _REFUND_LINE,
)
ORDER_COUNT = Operation(
    "OrderCount",
    "query OrderCount($query: String) { ordersCount(query: $query, limit: 10000) { count } }",
)
CUSTOMERS = Operation(
    "Customers",
    """
query Customers($first: Int!, $after: String, $query: String) {
  customers(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes { ...Buyer updatedAt }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    + _ADDRESS
    + _CUSTOMER,
)
CUSTOMER = Operation(
    "OneCustomer",
    "query OneCustomer($id: ID!) { customer(id: $id) { ...Buyer updatedAt } }"
    + _ADDRESS
    + _CUSTOMER,
)
_VARIANT = """
fragment Sellable on ProductVariant {
  id title sku barcode price compareAtPrice taxable
  selectedOptions { name value }
  inventoryItem { id }
}
"""
_PRODUCT = (
    """
fragment Article on Product {
  id updatedAt title status handle vendor productType tags
  options { name }
  variants(first: $nested) { nodes { ...Sellable } pageInfo { hasNextPage endCursor } }
}
"""
    + _VARIANT
)
PRODUCTS = Operation(
    "Products",
    """
query Products($first: Int!, $after: String, $query: String, $nested: Int!) {
  products(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes { ...Article }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    + _PRODUCT,
)
PRODUCT = Operation(
    "OneProduct",
    "query OneProduct($id: ID!, $nested: Int!) { product(id: $id) { ...Article } }" + _PRODUCT,
)
PRODUCT_VARIANTS = Operation(
    "ProductVariants",
    """
query ProductVariants($id: ID!, $first: Int!, $after: String) {
  product(id: $id) {
    updatedAt
    variants(first: $first, after: $after) {
      nodes { ...Sellable } pageInfo { hasNextPage endCursor }
    }
  }
}
"""
    + _VARIANT,
)
CONNECTION = Operation(
    "Connection",
    """
query Connection {
  shop { name myshopifyDomain currencyCode ianaTimezone taxesIncluded }
  currentAppInstallation { app { title } accessScopes { handle } }
}
""",
)
SUBSCRIPTIONS = Operation(
    "Subscriptions",
    """
query Subscriptions($first: Int!, $after: String) {
  webhookSubscriptions(first: $first, after: $after) {
    nodes { id topic uri format includeFields filter }
    pageInfo { hasNextPage endCursor }
  }
}
""",
)
SUBSCRIBE = Operation(
    "Subscribe",
    """
mutation Subscribe($topic: WebhookSubscriptionTopic!, $subscription: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $subscription) {
    webhookSubscription { id }
    userErrors { field message }
  }
}
""",
    mutation=True,
)
RESUBSCRIBE = Operation(
    "Resubscribe",
    """
mutation Resubscribe($id: ID!, $subscription: WebhookSubscriptionInput!) {
  webhookSubscriptionUpdate(id: $id, webhookSubscription: $subscription) {
    webhookSubscription { id }
    userErrors { field message }
  }
}
""",
    mutation=True,
)
UNSUBSCRIBE = Operation(
    "Unsubscribe",
    """
mutation Unsubscribe($id: ID!) {
  webhookSubscriptionDelete(id: $id) {
    deletedWebhookSubscriptionId
    userErrors { field message }
  }
}
""",
    mutation=True,
)
