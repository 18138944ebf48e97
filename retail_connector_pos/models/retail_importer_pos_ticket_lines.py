from odoo import models


class RetailImporterPosTicket(models.AbstractModel):
    _inherit = "retail.importer.pos_ticket"
