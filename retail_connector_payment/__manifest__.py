{
    "name": "Retail Connector: Payments",
    "summary": "Payments, refunds, disputes and payouts of gateways, from the order to the bank",
    "version": "19.0.1.0.0",
    "category": "Accounting/Connector",
    "author": "Retail Connector",
    "license": "LGPL-3",
    "depends": ["retail_connector_base"],
    "data": [
        "data/retail_ledger.xml",
        "security/ir.model.access.csv",
        "security/retail_payment_rules.xml",
    ],
}
