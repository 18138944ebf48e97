from . import retail_warehouse
from . import retail_backend
from . import retail_release
from . import retail_release_line
from . import retail_release_request
from . import retail_warehouse_shipment
from . import retail_move_binding
