{
    "name": "Retail Connector: Stores",
    "summary": "External point of sale estates, from the ticket to the closed day",
    "version": "19.0.1.0.0",
    "category": "Sales/Connector",
    "author": "Retail Connector",
    "license": "LGPL-3",
    "depends": ["retail_connector_base", "pos_loyalty"],
    "data": [
        "data/retail_pos.xml",
        "security/ir.model.access.csv",
        "security/retail_pos_rules.xml",
        "views/menus.xml",
    ],
}
