from odoo import api, models

from ..canonical import COMMANDS, KINDS


class RetailKind(models.AbstractModel):
    """What people call the kinds of flows and of commands.

    A kind without a word of its own is called by its technical name, in words.
    """

    _name = "retail.kind"
    _description = "Retail Connector: kinds in words"

    @api.model
    def _words(self):
        """Return the words for domains by kind. Each addon adds its own."""
        return {
            "deletion": self.env._("Deletions"),
            "customer": self.env._("Customers"),
            "dispute": self.env._("Disputes"),
            "fulfillment": self.env._("Fulfilments"),
            "order": self.env._("Orders"),
            "payment": self.env._("Payments"),
            "payment_command": self.env._("Payment Commands"),
            "payout": self.env._("Payouts"),
            "price": self.env._("Prices"),
            "product": self.env._("Products"),
            "refund": self.env._("Refunds"),
            "return": self.env._("Returns"),
            "shipment": self.env._("Shipments"),
            "stock_level": self.env._("Stock"),
            "warehouse_order": self.env._("Orders at the Warehouse"),
            "stock_snapshot": self.env._("Stock Counts"),
            "receipt": self.env._("Receipts"),
            "tracking": self.env._("Parcels on Their Way"),
            "warehouse_invoice": self.env._("Invoices of Warehouses"),
            "release": self.env._("Releases"),
            "announcement": self.env._("Announcements"),
            "parcel": self.env._("Parcels"),
        }

    @api.model
    def _command_words(self):
        """Return the words for commands by kind: what is done to what follows, such as an order."""
        return {
            "fulfill": self.env._("Fulfil"),
            "update_tracking": self.env._("Update Tracking"),
            "cancel_fulfillment": self.env._("Cancel Fulfilment"),
            "report_delivery": self.env._("Report Delivery"),
            "refund_payment": self.env._("Give Money Back"),
            "capture_payment": self.env._("Take Authorised Money"),
            "void_payment": self.env._("Set Authorisation Free"),
            "release_order": self.env._("Release"),
            "change_release": self.env._("Change"),
            "cancel_release": self.env._("Cancel"),
            "announce_receipt": self.env._("Announce Receipt"),
            "cancel_announcement": self.env._("Cancel Announcement"),
            "cancel_return": self.env._("Cancel Announced Return"),
            "announce_return": self.env._("Announce Return"),
            "track_parcel": self.env._("Follow"),
            "buy_label": self.env._("Buy Label"),
        }

    @api.model
    def _word(self, kind):
        return self._words().get(kind) or _in_words(kind)

    @api.model
    def _selection(self):
        """Return the domains that a flow may have, as of a selection field."""
        words = self._words()
        kinds = {*words, *KINDS, *self.env["retail.projection"]._models()}
        pairs = [(kind, words.get(kind) or _in_words(kind)) for kind in kinds]
        return sorted(pairs, key=lambda pair: pair[1])

    @api.model
    def _command_selection(self):
        """Return the commands that there are, as of a selection field."""
        words = self._command_words()
        return [(kind, words.get(kind) or _in_words(kind)) for kind in COMMANDS]


def _in_words(kind):
    return (kind or "").replace("_", " ").capitalize()
