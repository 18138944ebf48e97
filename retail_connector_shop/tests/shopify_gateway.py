"""A fake of the shop's API as far as it moves money."""

from odoo.addons.retail_connector_base.providers import TransientError

ORDER = "gid://shopify/Order/3"


def transaction_gid(number):
    return f"gid://shopify/OrderTransaction/{number}"


class Gateway:
    """An order's transactions and refunds, changed by mutations.

    ``says`` is the status of what is made; with ``lost`` its answer never comes.
    """

    def __init__(self, *kinds, multi=False):
        self.transactions = [self._node(number, kind) for number, kind in enumerate(kinds, 1)]
        self.refunds, self.sent, self.keys = [], [], {}
        self.says, self.lost, self.refusal, self.multi = "SUCCESS", False, None, multi

    def _node(self, number, kind, parent=None, amount="100.0", status="SUCCESS"):
        return {
            "id": transaction_gid(number),
            "kind": kind,
            "status": status,
            "gateway": "shopify_payments",
            "test": False,
            "errorCode": "CARD_DECLINED" if status == "FAILURE" else None,
            "createdAt": "2026-04-02T14:00:00Z",
            "processedAt": "2026-04-02T14:00:00Z",
            "authorizationExpiresAt": None,
            "parentTransaction": parent and {"id": parent},
            "amountSet": {"presentmentMoney": {"amount": amount, "currencyCode": "EUR"}},
        }

    def make(self, kind, parent, amount):
        node = self._node(len(self.transactions) + 1, kind, parent, amount, self.says)
        self.transactions.append(node)
        return node

    def answer(self, name, variables):
        data = getattr(self, f"_{name}")(variables)
        if self.lost and name in ("GiveBack", "Capture", "VoidAuthorization"):
            raise TransientError("The connection broke.")
        return {"data": data}

    def _OnePayment(self, variables):
        found = [one for one in self.transactions if one["id"] == variables["id"]]
        extra = {"multiCapturable": self.multi, "order": {"id": ORDER, "name": "#1"}}
        return {"node": found[0] | extra if found else None}

    def _OrderPayments(self, variables):
        return {"order": {"id": ORDER, "transactions": self.transactions}}

    def _RefundNotes(self, variables):
        return {"order": {"id": ORDER, "refunds": self.refunds}}

    def _RefundPayments(self, variables):
        (refund,) = [one for one in self.refunds if one["id"] == variables["id"]]
        return {"refund": refund}

    def _refused(self, name):
        errors = [{"field": ["input"], "message": self.refusal}]
        return {name: {"userErrors": errors}}

    def _GiveBack(self, variables):
        self.sent.append(variables)
        if self.refusal:
            return self._refused("refundCreate")
        if variables["key"] not in self.keys:
            (asked,) = variables["input"]["transactions"]
            node = self.make("REFUND", asked["parentId"], asked["amount"])
            refund = {
                "id": f"gid://shopify/Refund/{len(self.refunds) + 1}",
                "note": variables["input"]["note"],
                "transactions": {"nodes": [node]},
            }
            self.refunds.append(refund)
            self.keys[variables["key"]] = refund
        refund = self.keys[variables["key"]]
        return {"refundCreate": {"refund": refund, "userErrors": []}}

    def _Capture(self, variables):
        self.sent.append(variables)
        asked = variables["input"]
        if self.refusal:
            return self._refused("orderCapture")
        node = self.make("CAPTURE", asked["parentTransactionId"], asked["amount"])
        return {"orderCapture": {"transaction": node, "userErrors": []}}

    def _VoidAuthorization(self, variables):
        self.sent.append(variables)
        if self.refusal:
            return self._refused("transactionVoid")
        node = self.make("VOID", variables["parent"], "100.0")
        return {"transactionVoid": {"transaction": node, "userErrors": []}}
