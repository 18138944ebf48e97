from . import test_retail_importer_product
from . import test_retail_product_candidate_match
from . import test_retail_product_candidate_adopt
from . import test_retail_product_adoption
from . import test_order_create
