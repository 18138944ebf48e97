"""Fixtures: products that are published, and the way they go."""

from odoo.addons.retail_connector_base.decisions.ownership_table import group_of
from odoo.addons.retail_connector_base.tests.common import (
    BackendCase,
    create_backend,
    offer_sample_provider,
)
from odoo.addons.retail_connector_base.tests.sample_listings import PublishingProvider, SampleShop


class PublishingCase(BackendCase):
    """A backend whose shop takes prices and products; in a transaction that is rolled back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_sample_provider(cls.registry, PublishingProvider))
        cls.backend = create_backend(cls.env, name="Publishing")
        cls.listings = cls.env["retail.listing"]
        cls.bindings = cls.env["retail.product.binding"]

    def setUp(self):
        super().setUp()
        self.shop = PublishingProvider.shop = SampleShop()
        self.registry_enter_test_mode()

    # What is there

    @classmethod
    def template(cls, name="Shirt", sku="SKU", price=10.0, **values):
        """Create a product with one variant."""
        return cls.env["product.template"].create(
            {
                "name": name,
                "default_code": sku,
                "list_price": price,
                "is_storable": True,
                "taxes_id": [(5,)],
                **values,
            }
        )

    @classmethod
    def attribute(cls, name, *values, create_variant="always"):
        """Create an attribute with its values."""
        return cls.env["product.attribute"].create(
            {
                "name": name,
                "create_variant": create_variant,
                "value_ids": [(0, 0, {"name": value}) for value in values],
            }
        )

    @classmethod
    def with_variants(cls, *attributes, name="Shirt", sku="SKU", **values):
        """Create a product with a variant of each combination; SKUs are numbered."""
        template = cls.template(
            name,
            sku=False,
            attribute_line_ids=[
                (
                    0,
                    0,
                    {
                        "attribute_id": attribute.id,
                        "value_ids": [(6, 0, attribute.value_ids.ids)],
                    },
                )
                for attribute in attributes
            ],
            **values,
        )
        for number, variant in enumerate(template.product_variant_ids):
            variant.default_code = f"{sku}-{number}"
        return template

    @classmethod
    def bound(cls, product, external_id="V1", product_external_id="P1", backend=None):
        """Bind a variant."""
        return cls.bindings.create(
            {
                "backend_id": (backend or cls.backend).id,
                "external_id": external_id,
                "product_external_id": product_external_id,
                "odoo_id": product.id,
            }
        )

    def let(self, field, owner):
        """Let somebody write one field of products."""
        group = group_of("product", field).code
        self.backend._ownership("product", group).filtered("can_split").action_split()
        self.backend._ownership("product", group, field).owner = owner

    # What happens

    def flow(self, kind):
        """Return an outgoing flow of the backend."""
        flows = self.backend.flow_ids
        return flows.filtered(lambda flow: flow.kind == kind and flow.direction == "out")

    def project(self, kind, full=False):
        """Let the projection of a kind work until it has nothing to do, or the shop fails."""
        self.flow(kind).retry_at = False
        if full:
            self.flow(kind).full_at = False
        self.env.flush_all()
        self.env.cr.precommit.run()
        projection = self.env[self.env["retail.projection"]._model_of(kind)].sudo()
        for _pass in range(50):
            goes_on = projection._run_chunk(self.backend.id)
            self.env.invalidate_all()
            running = self.flow(kind)._is_running_out() and not self.flow(kind).retry_at
            if not goes_on and not (running and projection._has_changes(self.backend.id)):
                break
        else:
            raise AssertionError("The projection does not come to rest.")
        self.env.invalidate_all()

    def publish(self, *templates):
        """Publish products as an operator would; return their listings."""
        products = self.env["product.template"].union(*templates)
        listings = self.listings._ensure(self.backend, products)
        listings.action_publish()
        self.project("product")
        return listings

    def open_exceptions(self, code):
        """Return the open exceptions of a code."""
        return self.env["retail.exception"].search(
            [("backend_id", "=", self.backend.id), ("code", "=", code), ("state", "=", "open")]
        )
