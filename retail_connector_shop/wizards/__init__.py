from . import retail_product_wizard
from . import retail_listing_publish
