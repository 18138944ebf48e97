"""The warehouses and carriers of this addon: a new one is one module and one name here."""

from odoo.addons.retail_connector_base.providers import Provider

from .easypost import EasyPostProvider
from .edi import X12Provider
from .shipbob import ShipBobProvider
from .shipstation import ShipEngineProvider, ShipStationProvider
from .warehouse_csv import WarehouseCsvProvider

PROVIDERS: tuple[type[Provider], ...] = (
    EasyPostProvider,
    ShipBobProvider,
    ShipEngineProvider,
    ShipStationProvider,
    WarehouseCsvProvider,
    X12Provider,
)
