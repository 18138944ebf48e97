"""GraphQL documents for fulfilments.

An order's fulfilments are a list without a cursor: it is asked for in brief, and each one that may
be ours by itself.
"""

from .client import Operation

_PARTS = """
fragment Parts on FulfillmentOrderLineItemConnection {
  nodes { id remainingQuantity lineItem { id } }
  pageInfo { hasNextPage endCursor }
}
"""
_PARCEL = """
fragment Parcel on Fulfillment {
  id status
  trackingInfo(first: 100) { company number url }
  fulfillmentLineItems(first: $first, after: $after) {
    nodes { quantity lineItem { id } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
FULFILLMENT_ORDERS = Operation(
    "FulfillmentOrders",
    """
query FulfillmentOrders($id: ID!, $first: Int!, $after: String, $nested: Int!) {
  order(id: $id) {
    id
    fulfillmentOrders(first: $first, after: $after) {
      nodes {
        id status fulfillAt
        assignedLocation { name location { id } }
        fulfillmentHolds { displayReason reasonNotes }
        lineItems(first: $nested) { ...Parts }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
    + _PARTS,
)
FULFILLMENT_ORDER_LINES = Operation(
    "FulfillmentOrderLines",
    """
query FulfillmentOrderLines($id: ID!, $first: Int!, $after: String) {
  fulfillmentOrder(id: $id) { lineItems(first: $first, after: $after) { ...Parts } }
}
"""
    + _PARTS,
)
FULFILLMENTS = Operation(
    "Fulfillments",
    "query Fulfillments($id: ID!) { order(id: $id) { id fulfillments(first: 250) { id status } } }",
)
FULFILLMENT = Operation(
    "OneFulfillment",
    "query OneFulfillment($id: ID!, $first: Int!, $after: String)"
    " { fulfillment(id: $id) { ...Parcel } }" + _PARCEL,
)
FULFILL = Operation(
    "Fulfill",
    """
mutation Fulfill($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) {
    fulfillment { id }
    userErrors { field message }
  }
}
""",
    mutation=True,
)
TRACK = Operation(
    "Track",
    """
mutation Track($id: ID!, $tracking: FulfillmentTrackingInput!, $notify: Boolean!) {
  fulfillmentTrackingInfoUpdate(
    fulfillmentId: $id, trackingInfoInput: $tracking, notifyCustomer: $notify
  ) {
    fulfillment { id }
    userErrors { field message }
  }
}
""",
    mutation=True,
)
CANCEL = Operation(
    "CancelFulfillment",
    """
mutation CancelFulfillment($id: ID!) {
  fulfillmentCancel(id: $id) { fulfillment { id } userErrors { field message } }
}
""",
    mutation=True,
)
REPORT = Operation(
    "ReportDelivery",
    """
mutation ReportDelivery($event: FulfillmentEventInput!) {
  fulfillmentEventCreate(fulfillmentEvent: $event) {
    fulfillmentEvent { id }
    userErrors { field message }
  }
}
""",
    mutation=True,
)
REPORTED = Operation(
    "ReportedDelivery",
    """
query ReportedDelivery($id: ID!) {
  fulfillment(id: $id) {
    id
    events(first: 100, sortKey: HAPPENED_AT, reverse: true) { nodes { id status } }
  }
}
""",
)
