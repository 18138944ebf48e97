from . import controllers
from . import models
from .post_load import post_load
from . import wizards
