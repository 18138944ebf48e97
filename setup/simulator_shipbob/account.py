"""One account: all that happens in it, and what is charged for it."""

from .receiving import Receiving
from .state import Row, moment_of

# What ShipBob charges for, and how much.
FREIGHT, PICK, STORAGE = 6.5, 0.2, 40.0


class Account(Receiving):
    """An account with its warehouses."""

    def bill_shipping(self) -> Row:
        """Invoice the shipments that have left and were not charged yet."""
        with self.lock:
            charged = {row["reference_id"] for rows in self.transactions.values() for row in rows}
            rows = []
            for shipment in self.all_shipments():
                name = str(shipment["id"])
                if shipment["status"] != "Completed" or name in charged:
                    continue
                units = sum(item["quantity"] for product in shipment["products"]
                            for item in product["inventory_items"])  # fmt: skip
                tracking = {"TrackingId": shipment["tracking"]["tracking_number"]}
                rows.append(self._charge("Shipping", FREIGHT, name, "Shipment", tracking))
                rows.append(self._charge("Per Pick Fee", PICK * units, name, "Shipment"))
            return self._invoice("Shipping", rows)

    def bill_storage(self, amount: float = STORAGE) -> Row:
        """Invoice a month's storage."""
        with self.lock:
            centre = next(iter(self.centres))
            rows = [self._charge("Warehousing Fee", amount, centre, "FC")]
            return self._invoice("WarehouseStorage", rows)

    def _charge(
        self, fee: str, amount: float, reference: str, kind: str, details: Row | None = None
    ) -> Row:
        return {
            "transaction_id": self.next_code("01", 24).upper(), "transaction_fee": fee,
            "transaction_type": "Charge", "amount": round(amount, 2), "currency_code": "USD",
            "charge_date": moment_of(self.now()).date().isoformat(), "reference_id": reference,
            "reference_type": kind, "invoiced_status": True, "taxes": [],
            "fulfillment_center": "Moreno Valley (CA)", "additional_details": details or {},
        }  # fmt: skip

    def _invoice(self, kind: str, rows: list[Row]) -> Row:
        number, day = self.next_number("invoice"), moment_of(self.now()).date().isoformat()
        for row in rows:
            row.update(invoice_id=number, invoice_date=day, invoice_type=kind)
        amount = round(sum(row["amount"] for row in rows), 2)
        self.transactions[number] = rows
        self.invoices[number] = {
            "invoice_id": number, "invoice_date": day, "invoice_type": kind, "amount": amount,
            "currency_code": "USD", "running_balance": amount,
        }  # fmt: skip
        return self.invoices[number]
