from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.tests.conformance_files import FileConformance

from ..providers import PROVIDERS
from ..providers.edi import X12Provider
from ..providers.warehouse_csv import WarehouseCsvProvider
from .edi_kit import FolderMixin, mail, release, shipped


class WarehouseFiles(FolderMixin, FileConformance):
    """The folder of a warehouse, for the checks of all providers of files."""

    def setUp(self):
        super().setUp()
        self.open_folder()

    def left_over(self):
        return self.names("in")

    def written(self):
        return self.out()

    def sample_command(self):
        return release()

    def test_is_offered(self):
        self.assertIn(self.provider_class, PROVIDERS)


@tagged("post_install", "-at_install")
class TestX12Conformance(WarehouseFiles, BaseCase):
    """Sets of X12 are read and written as every provider of files must."""

    provider_class = X12Provider

    def sample(self):
        return "shipment", "945.edi", mail(shipped()).encode()


@tagged("post_install", "-at_install")
class TestWarehouseCsvConformance(WarehouseFiles, BaseCase):
    """Rows of CSV are read and written as every provider of files must."""

    provider_class = WarehouseCsvProvider
    settings = {"settle": "0"}

    def sample(self):
        rows = "order,shipment,line,sku,quantity\nO1,S1,1,A,2\nO2,S2,1,B,1\n"
        return "shipment", "shipments_1.csv", rows.encode()
