"""Which changes of products bear upon what channels are told."""

# What of a product bears upon its price, and upon what is shown of it.
PRICE_FIELDS = {
    "list_price",
    "lst_price",
    "standard_price",
    "taxes_id",
    "uom_id",
    "categ_id",
    "active",
}
LISTING_FIELDS = {
    "name",
    "description_sale",
    "description_ecommerce",
    "active",
    "sale_ok",
    "categ_id",
    "product_tag_ids",
    "image_1920",
    "product_template_image_ids",
    "attribute_line_ids",
    "default_code",
    "barcode",
    "weight",
    "is_storable",
}
KINDS = {"price": PRICE_FIELDS, "product": LISTING_FIELDS}


def note_changes(records, names):
    """Note the variants of changed products for the channels that are told. Free where none is."""
    changes = records.env["retail.change"]
    kinds = [kind for kind, told in KINDS.items() if told & names and changes._backends_of(kind)]
    if not kinds:
        return
    products = records.sudo().with_context(active_test=False)
    if products._name == "product.template":
        products = products.product_variant_ids
    for kind in kinds:
        changes._note(kind, products.ids)
