"""GraphQL documents for money: transactions, refunds, disputes, payouts and what they are made of.

``shopifyPaymentsAccount`` is null where the shop does not use Shopify Payments.
"""

from .client import Operation

_MOVEMENT = """
fragment Movement on OrderTransaction {
  id kind status gateway test errorCode createdAt processedAt authorizationExpiresAt
  parentTransaction { id }
  amountSet { presentmentMoney { amount currencyCode } }
}
"""
_DISPUTE = """
fragment Contested on ShopifyPaymentsDispute {
  id type status initiatedAt evidenceDueBy evidenceSentOn finalizedOn
  amount { amount currencyCode }
  reasonDetails { reason networkReasonCode }
  order { id }
}
"""
_PAYOUT = """
fragment PaidOut on ShopifyPaymentsPayout {
  id status issuedAt transactionType externalTraceId
  net { amount currencyCode }
}
"""
PAYMENTS = Operation(
    "Payments",
    """
query Payments($first: Int!, $after: String, $query: String, $nested: Int!) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes { id name transactions(first: $nested) { ...Movement } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    + _MOVEMENT,
)
PAYMENT = Operation(
    "OnePayment",
    """
query OnePayment($id: ID!) {
  node(id: $id) { ... on OrderTransaction { ...Movement multiCapturable order { id name } } }
}
"""
    + _MOVEMENT,
)
ORDER_PAYMENTS = Operation(
    "OrderPayments",
    """
query OrderPayments($id: ID!, $nested: Int!) {
  order(id: $id) { id transactions(first: $nested) { ...Movement } }
}
"""
    + _MOVEMENT,
)
REFUND_NOTES = Operation(
    "RefundNotes",
    "query RefundNotes($id: ID!) { order(id: $id) { id refunds(first: 250) { id note } } }",
)
REFUND_PAYMENTS = Operation(
    "RefundPayments",
    """
query RefundPayments($id: ID!) {
  refund(id: $id) { id transactions(first: 50) { nodes { ...Movement } } }
}
"""
    + _MOVEMENT,
)
DISPUTES = Operation(
    "Disputes",
    """
query Disputes($first: Int!, $after: String, $query: String) {
  disputes(first: $first, after: $after, query: $query) {
    nodes { ...Contested }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    + _DISPUTE,
)
DISPUTE = Operation(
    "OneDispute",
    "query OneDispute($id: ID!) { dispute(id: $id) { ...Contested } }" + _DISPUTE,
)
BALANCE = Operation(
    "Balance",
    """
query Balance {
  shop { currencyCode enabledPresentmentCurrencies }
  shopifyPaymentsAccount { id balance { amount currencyCode } }
}
""",
)
PAYOUTS = Operation(
    "Payouts",
    """
query Payouts($first: Int!, $after: String, $query: String) {
  shopifyPaymentsAccount {
    payouts(first: $first, after: $after, query: $query, sortKey: ISSUED_AT) {
      nodes { ...PaidOut }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
    + _PAYOUT,
)
PAYOUT = Operation(
    "OnePayout",
    "query OnePayout($id: ID!) { node(id: $id) { ... on ShopifyPaymentsPayout { ...PaidOut } } }"
    + _PAYOUT,
)
PAYOUT_TRANSACTIONS = Operation(
    "PayoutTransactions",
    """
query PayoutTransactions($first: Int!, $after: String, $query: String) {
  shopifyPaymentsAccount {
    balanceTransactions(first: $first, after: $after, query: $query, sortKey: ID) {
      nodes {
        id type sourceType sourceId sourceOrderTransactionId transactionDate adjustmentReason test
        amount { amount currencyCode }
        fee { amount }
        net { amount }
        associatedOrder { id }
        associatedPayout { id }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
""",
)
PAID_AMOUNTS = Operation(
    "PaidAmounts",
    """
query PaidAmounts($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on OrderTransaction { id amountSet { presentmentMoney { amount currencyCode } } }
  }
}
""",
)
REFUND = Operation(
    "GiveBack",
    """
mutation GiveBack($input: RefundInput!, $key: String!) {
  refundCreate(input: $input) @idempotent(key: $key) {
    refund { id transactions(first: 50) { nodes { ...Movement } } }
    userErrors { field message }
  }
}
"""
    + _MOVEMENT,
    mutation=True,
)
CAPTURE = Operation(
    "Capture",
    """
mutation Capture($input: OrderCaptureInput!) {
  orderCapture(input: $input) { transaction { ...Movement } userErrors { field message } }
}
"""
    + _MOVEMENT,
    mutation=True,
)
VOID = Operation(
    "VoidAuthorization",
    """
mutation VoidAuthorization($parent: ID!) {
  transactionVoid(parentTransactionId: $parent) {
    transaction { ...Movement }
    userErrors { code field message }
  }
}
"""
    + _MOVEMENT,
    mutation=True,
)
