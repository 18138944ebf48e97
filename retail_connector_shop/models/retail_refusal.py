from odoo import models

from odoo.addons.retail_connector_base.canonical import Address

from .retail_importer_customer import ADDRESS_FIELDS, CONTACT_FIELDS


class RetailRefusal(models.Model):
    """A person takes what another system tells of customers, products and prices."""

    _inherit = "retail.refusal"

    def _write_theirs(self, record, theirs):
        """Override: customers' contacts and addresses, products' content, prices."""
        key = (self.domain, self.field_group)
        if key == ("customer", "contact"):
            return record.write({CONTACT_FIELDS[name]: value for name, value in theirs.items()})
        if key == ("customer", "address"):
            values = dict(zip(ADDRESS_FIELDS, theirs["default_address"], strict=True))
            address = Address(**{name: value or None for name, value in values.items()})
            importer = self.env["retail.importer.customer"]
            return record.write(importer._address_values(self.backend_id, address))
        if self.domain == "product":
            return self.env["retail.product.content"]._write_fields(self.backend_id, record, theirs)
        if self.domain == "price":
            return self.env["retail.importer.price"]._write_amount(
                self.backend_id, record, theirs["amount"]
            )
        return super()._write_theirs(record, theirs)
