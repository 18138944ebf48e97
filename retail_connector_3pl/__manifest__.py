{
    "name": "Retail Connector: Warehouses",
    "summary": "Third-party warehouses, carriers and returns, from the release to the count",
    "version": "19.0.1.0.0",
    "category": "Sales/Connector",
    "author": "Retail Connector",
    "license": "LGPL-3",
    "depends": ["retail_connector_base", "stock_delivery"],
    "data": [
        "security/ir.model.access.csv",
        "security/retail_warehouse_rules.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_tests": ["retail_connector_3pl/static/tests/tours/**/*"],
    },
}
