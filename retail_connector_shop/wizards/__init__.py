from . import retail_product_wizard
