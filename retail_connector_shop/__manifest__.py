{
    "name": "Retail Connector: Shops",
    "summary": "Orders, products, prices, stock and shipments of webshops and marketplaces",
    "version": "19.0.1.0.0",
    "category": "Sales/Connector",
    "author": "Retail Connector",
    "license": "LGPL-3",
    "depends": ["retail_connector_base", "stock_delivery", "sale_loyalty"],
    "data": [
        "data/product_data.xml",
        "security/ir.model.access.csv",
        "security/retail_product_rules.xml",
        "views/retail_product_adoption_views.xml",
        "views/retail_product_candidate_views.xml",
        "views/retail_backend_views.xml",
        "views/retail_product_wizard_views.xml",
        "views/menus.xml",
    ],
    "demo": ["demo/retail_backend.xml"],
    "assets": {
        "web.assets_tests": [
            "retail_connector_shop/static/tests/tours/**/*",
        ],
    },
}
