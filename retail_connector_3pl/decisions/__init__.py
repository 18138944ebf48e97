"""Pure decisions about releases, shipments, counts, receipts, returns and invoices."""
