"""Products over HTTP: made, changed, shown, given images, deleted."""

import pytest
import requests
from shop_client import ask, available, change, codes, gid, item, place

from simulator import ShopifySimulator

FIELDS = """id title handle status vendor tags hasOnlyDefaultVariant
  options { id name values } media(first: 9) { nodes { id alt status
    ... on MediaImage { image { url } } } }
  variants(first: 9) { nodes { id title sku barcode price compareAtPrice position
    selectedOptions { name value } inventoryItem { id tracked
      measurement { weight { value unit } } } } }"""
PRODUCT_SET = f"""mutation ($input: ProductSetInput!, $identifier: ProductSetIdentifiers) {{
  productSet(input: $input, identifier: $identifier, synchronous: true) {{
    product {{ {FIELDS} }} userErrors {{ field code message }} }} }}"""
BULK = """mutation ($id: ID!, $variants: [ProductVariantsBulkInput!]!) {
  %s(productId: $id, variants: $variants) { product { id options { values } }
    productVariants { id title price compareAtPrice sku } userErrors { field code message } } }"""
STAGE = """mutation ($input: [StagedUploadInput!]!) { stagedUploadsCreate(input: $input) {
  stagedTargets { url resourceUrl parameters { name value } } userErrors { message } } }"""
OPTIONS = [
    {"name": "Size", "values": [{"name": "S"}, {"name": "L"}]},
    {"name": "Colour", "values": [{"name": "red"}]},
]


@pytest.fixture
def simulator():
    with ShopifySimulator(seed=3) as running:
        yield running


def variant(size="S", colour="red", **values):
    chosen = [{"optionName": "Size", "name": size}, {"optionName": "Colour", "name": colour}]
    return {"optionValues": chosen, "price": "9.50", "sku": f"TEA-{size}"} | values


def tea(*variants, **values):
    chosen = list(variants) or [variant("S"), variant("L")]
    return {"title": "Tea", "productOptions": OPTIONS, "variants": chosen} | values


def put(simulator, given, **identifier):
    return change(simulator, PRODUCT_SET, input=given, identifier=identifier or None)


@pytest.fixture
def product(simulator):
    return put(simulator, tea())["product"]


def test_a_product_is_made_with_options_prices_weights_and_quantities(simulator):
    weight = {"weight": {"value": 1.5, "unit": "KILOGRAMS"}}
    stocked = {"locationId": place(simulator), "name": "available", "quantity": 5}
    given = variant(
        compareAtPrice="12",
        barcode="4006381333931",
        inventoryItem={"tracked": True, "measurement": weight},
        inventoryQuantities=[stocked],
    )
    made = put(simulator, tea(given, status="DRAFT", tags=["b", "a"], vendor="Us"))["product"]
    assert (made["status"], made["tags"], made["vendor"]) == ("DRAFT", ["a", "b"], "Us")
    assert [option["values"] for option in made["options"]] == [["S", "L"], ["red"]]
    (only,) = made["variants"]["nodes"]
    assert (only["title"], only["price"], only["compareAtPrice"]) == ("S / red", "9.5", "12.0")
    assert only["inventoryItem"]["measurement"] == weight
    assert available(simulator, "TEA-S") == 5
    assert simulator.sell("TEA-S", 2)
    assert available(simulator, "TEA-S") == 3


def test_setting_again_keeps_known_variants_and_drops_the_others(simulator, product):
    small, large = product["variants"]["nodes"]
    again = tea(variant("L", price="11"), title="Better Tea")
    changed = put(simulator, again, id=product["id"])["product"]
    assert [one["id"] for one in changed["variants"]["nodes"]] == [large["id"]]
    assert (changed["title"], changed["handle"]) == ("Better Tea", "tea")
    assert ask(
        simulator, "query ($id: ID!) { productVariant(id: $id) { id } }", id=small["id"]
    ) == {"productVariant": None}
    titles = put(simulator, {"title": "Best Tea"}, id=product["id"])["product"]
    assert len(titles["variants"]["nodes"]) == 1, "what is not mentioned stays"


def test_a_product_without_options_has_one_variant_of_its_own(simulator):
    made = put(simulator, {"title": "Plain"})["product"]
    assert made["hasOnlyDefaultVariant"]
    assert [one["title"] for one in made["variants"]["nodes"]] == ["Default Title"]
    assert put(simulator, {"title": "Plain"})["product"]["handle"] == "plain-1"


def test_a_handle_or_a_value_of_ours_identifies_a_product(simulator):
    first = put(simulator, {"title": "One", "handle": "one"}, handle="one")["product"]
    second = put(simulator, {"title": "Two", "handle": "one"}, handle="one")["product"]
    assert first["id"] == second["id"]
    field = {"namespace": "odoo", "key": "id", "value": "7", "type": "id"}
    custom = {"namespace": "odoo", "key": "id", "value": "7"}
    given = {"title": "Mine", "metafields": [field]}
    made = put(simulator, given, customId=custom)["product"]
    assert put(simulator, given, customId=custom)["product"]["id"] == made["id"]
    query = """query ($one: ProductIdentifierInput!) { productByIdentifier(identifier: $one) {
      id metafield(namespace: "odoo", key: "id") { value } } }"""
    found = ask(simulator, query, one={"customId": custom})["productByIdentifier"]
    assert found == {"id": made["id"], "metafield": {"value": "7"}}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (tea(title=" "), "INVALID_PRODUCT"),
        (tea(productOptions=[{"name": "Size", "values": []}]), "OPTION_VALUES_MISSING"),
        (tea(productOptions=[OPTIONS[0], *OPTIONS]), "DUPLICATED_OPTION_NAME"),
        (tea(productOptions=[{"name": str(n), "values": [{"name": "a"}]} for n in range(4)]),
         "OPTIONS_OVER_LIMIT"),
        (tea(variant("S"), variant("S")), "INVALID_VARIANT"),
        (tea(variant("XXL")), "OPTION_VALUE_DOES_NOT_EXIST"),
        (tea(variant(optionValues=[{"optionName": "Size", "name": "S"}])), "INVALID_VARIANT"),
        (tea(variant(price="-1")), "INVALID_VARIANT"),
        (tea(variant(id=gid("ProductVariant", 1))), "PRODUCT_VARIANT_DOES_NOT_EXIST"),
        ({"title": "Tea", "variants": [variant()]}, "PRODUCT_OPTIONS_INPUT_MISSING"),
    ],
)  # fmt: skip
def test_a_bad_product_is_refused_with_its_code(simulator, given, code):
    count = len(simulator.shop.products)
    assert code in codes(put(simulator, given))
    assert len(simulator.shop.products) == count
    assert not len(simulator.effects)


def test_more_variants_than_a_product_can_have_are_refused(simulator):
    names = [str(number) for number in range(2049)]
    options = [{"name": "Size", "values": [{"name": name} for name in names]}]
    variants = [{"optionValues": [{"optionName": "Size", "name": name}]} for name in names]
    given = {"title": "Many", "productOptions": options, "variants": variants}
    assert codes(put(simulator, given)) == ["VARIANTS_OVER_LIMIT"]


def test_two_variants_may_have_the_same_sku(simulator):
    assert not codes(put(simulator, tea(variant("S", sku="A"), variant("L", sku="A"))))


def test_unknown_products_are_refused(simulator):
    assert codes(put(simulator, tea(), id=gid("Product", 1))) == ["NOT_FOUND"]
    gone = {"id": gid("Product", 1), "variants": []}
    assert codes(change(simulator, BULK % "productVariantsBulkUpdate", **gone)) == [
        "PRODUCT_DOES_NOT_EXIST"
    ]


def test_plain_values_are_updated(simulator, product):
    query = """mutation ($product: ProductUpdateInput!) { productUpdate(product: $product) {
      product { title status descriptionHtml } userErrors { field message } } }"""
    given = {"id": product["id"], "title": "New", "status": "ARCHIVED", "descriptionHtml": "<p/>"}
    payload = change(simulator, query, product=given)
    assert payload["product"] == {"title": "New", "status": "ARCHIVED", "descriptionHtml": "<p/>"}
    refused = change(simulator, query, product={"id": product["id"], "title": ""})
    assert refused["userErrors"] == [{"field": ["product", "title"],
                                      "message": "Title can't be blank"}]  # fmt: skip


def test_variants_are_added_changed_and_deleted(simulator, product):
    number = product["id"]
    new = variant("XL", "blue")
    del new["sku"]
    made = change(simulator, BULK % "productVariantsBulkCreate", id=number, variants=[
        new | {"inventoryItem": {"sku": "TEA-XL"}}])  # fmt: skip
    (added,) = made["productVariants"]
    assert (added["title"], added["sku"]) == ("XL / blue", "TEA-XL")
    assert made["product"]["options"][0]["values"] == ["S", "L", "XL"]
    same = change(simulator, BULK % "productVariantsBulkCreate", id=number, variants=[new])
    assert codes(same) == ["VARIANT_ALREADY_EXISTS"]
    update = BULK % "productVariantsBulkUpdate"
    price = [{"id": added["id"], "price": "3", "compareAtPrice": "4"}]
    changed = change(simulator, update, id=number, variants=price)["productVariants"][0]
    assert (changed["price"], changed["compareAtPrice"]) == ("3.0", "4.0")
    bad = [{"id": added["id"], "price": "5"}, {"id": gid("ProductVariant", 1)}]
    refused = change(simulator, update, id=number, variants=bad)
    assert codes(refused) == ["PRODUCT_VARIANT_DOES_NOT_EXIST"]
    assert str(simulator.shop.assortment.sku("TEA-XL").price) == "3", "all or nothing"
    delete = """mutation ($id: ID!, $gone: [ID!]!) {
      productVariantsBulkDelete(productId: $id, variantsIds: $gone) {
        product { variantsCount { count } } userErrors { code } } }"""
    gone = change(simulator, delete, id=number, gone=[added["id"]])
    assert gone["product"]["variantsCount"]["count"] == 2
    rest = [one["id"] for one in product["variants"]["nodes"]]
    last = change(simulator, delete, id=number, gone=rest)
    assert codes(last) == ["CANNOT_DELETE_LAST_VARIANT"]


def test_the_placeholder_goes_when_real_variants_come(simulator):
    plain = put(simulator, {"title": "Plain"})["product"]
    chosen = [{"optionName": "Title", "name": "Big"}]
    made = change(simulator, BULK % "productVariantsBulkCreate", id=plain["id"],
                  variants=[{"optionValues": chosen}])  # fmt: skip
    assert made["product"]["options"] == [{"values": ["Big"]}]


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_an_image_is_uploaded_shown_and_read_back(simulator, method):
    wanted = {"resource": "IMAGE", "filename": "tea.png", "mimeType": "image/png"}
    payload = change(simulator, STAGE, input=[wanted | {"httpMethod": method}])
    (target,) = payload["stagedTargets"]
    if method == "PUT":
        sent = requests.put(target["url"], data=b"\x89PNG", timeout=5)
    else:
        form = {one["name"]: one["value"] for one in target["parameters"]}
        files = {"file": ("tea.png", b"\x89PNG", "image/png")}
        sent = requests.post(target["url"], data=form, files=files, timeout=5)
    assert sent.status_code == 201
    image = {"originalSource": target["resourceUrl"], "alt": "Tea"}
    (media,) = put(simulator, tea(files=[image]))["product"]["media"]["nodes"]
    assert (media["status"], media["alt"]) == ("READY", "Tea")
    assert requests.get(media["image"]["url"], timeout=5).content == b"\x89PNG"


def test_an_image_that_was_never_uploaded_fails(simulator):
    wanted = {"resource": "IMAGE", "filename": "tea.png", "mimeType": "image/png"}
    (target,) = change(simulator, STAGE, input=[wanted])["stagedTargets"]
    image = {"originalSource": target["resourceUrl"]}
    (media,) = put(simulator, tea(files=[image]))["product"]["media"]["nodes"]
    assert (media["status"], media["image"]) == ("FAILED", None)
    assert requests.get(target["url"], timeout=5).status_code == 404
    assert (
        requests.put(simulator.base_url + "/uploads/1/x", data=b"x", timeout=5).status_code == 404
    )


def test_images_are_changed_and_taken_off(simulator):
    image = {"originalSource": "https://example.com/a.jpg", "alt": "A"}
    made = put(simulator, tea(files=[image]))["product"]
    (media,) = made["media"]["nodes"]
    query = """mutation ($files: [FileUpdateInput!]!) { fileUpdate(files: $files) {
      files { id alt fileStatus } userErrors { code } } }"""
    given = {"id": media["id"], "alt": "B", "referencesToRemove": [made["id"]]}
    (changed,) = change(simulator, query, files=[given])["files"]
    assert (changed["alt"], changed["fileStatus"]) == ("B", "READY")
    text = "query ($id: ID!) { product(id: $id) { images(first: 3) { nodes { url } } } }"
    assert ask(simulator, text, id=made["id"])["product"]["images"]["nodes"] == []
    unknown = change(simulator, query, files=[{"id": gid("MediaImage", 1)}])
    assert codes(unknown) == ["FILE_DOES_NOT_EXIST"]


def test_a_product_is_published(simulator, product):
    data = ask(simulator, "{ publications(first: 5) { nodes { id name } } }")
    shop = data["publications"]["nodes"][0]["id"]
    query = """mutation ($id: ID!, $shop: ID!) {
      publishablePublish(id: $id, input: [{publicationId: $shop}]) {
        publishable { publishedOnPublication(publicationId: $shop) } userErrors { message } } }"""
    payload = change(simulator, query, id=product["id"], shop=shop)
    assert payload["publishable"]["publishedOnPublication"] is True
    unknown = change(simulator, query, id=product["id"], shop=gid("Publication", 99))
    assert unknown["userErrors"]


def test_a_deleted_product_is_gone_but_orders_still_tell_of_it(simulator, product):
    history = simulator.sell("TEA-S")
    query = """mutation ($id: ID!) { productDelete(input: {id: $id}) {
      deletedProductId userErrors { message } } }"""
    number = item(simulator, "TEA-S")
    assert change(simulator, query, id=product["id"])["deletedProductId"] == product["id"]
    text = (
        "query ($id: ID!, $item: ID!) { product(id: $id) { id } inventoryItem(id: $item) { id } }"
    )
    data = ask(simulator, text, id=product["id"], item=number)
    assert data == {"product": None, "inventoryItem": None}
    order = "query ($id: ID!) { order(id: $id) { lineItems(first: 1) { nodes { sku } } } }"
    lines = ask(simulator, order, id=gid("Order", history.id))["order"]["lineItems"]["nodes"]
    assert lines == [{"sku": "TEA-S"}]


def test_the_price_that_was_set_is_what_the_next_customer_pays(simulator):
    known = simulator.shop.assortment.sku("SKU-0001")
    given = [{"id": gid("ProductVariant", known.id), "price": "1.23"}]
    number = gid("Product", known.product_id)
    change(simulator, BULK % "productVariantsBulkUpdate", id=number, variants=given)
    line = simulator.sell("SKU-0001").current.lines[0]
    assert str(line.unit_price.shop) == "1.23"
