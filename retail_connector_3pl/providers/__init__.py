"""The warehouses and carriers of this addon: a new one is one module and one name here."""

from odoo.addons.retail_connector_base.providers import Provider

PROVIDERS: tuple[type[Provider], ...] = ()
