from . import access_log
from . import webhook
from . import contract
