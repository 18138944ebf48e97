from . import access_log
from . import dispatcher
from . import export_text
from . import webhook
from . import contract
from . import api
from . import observe
