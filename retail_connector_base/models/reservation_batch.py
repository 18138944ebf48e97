"""Reserves many moves with few queries; the decisions stay Odoo's own."""

from collections import defaultdict

from ..decisions.allocation import take

# Context keys: the batch that notes what moves take; quants are written by it and by nobody else.
BATCH = "retail_reservation_batch"
BULK = "retail_quants_in_bulk"


class ReservationBatch:
    """What the moves of a lane's chunk take from their quants, written in one go at the end.

    Odoo looks quants up four times a move and writes each move on its own. Where nothing but
    arrival and age decides (no lots, packages or owners, first in first out, one unit), the same
    result is reached by reading all quants once, locked. Other moves are left to Odoo.
    """

    def __init__(self, moves) -> None:
        self.env = moves.env
        self._values: list[dict] = []
        self._taken: dict[int, float] = defaultdict(float)
        plain = moves.filtered(self._is_plain)
        quants = self._quants(plain)
        odd = quants.filtered(self._is_odd).product_id | (moves - plain).product_id
        self.moves = plain.filtered(lambda move: move.product_id not in odd)
        self._by_product = {
            product.id: found for product, found in quants.grouped("product_id").items()
        }
        self._free = {quant.id: quant.quantity - quant.reserved_quantity for quant in quants}

    def covers(self, move) -> bool:
        """Tell whether a move is of the simple kind."""
        return move.id in self.moves._ids

    def take(self, move, need: float, location) -> float:
        """Note what a move takes below a location; return how much of its need that is."""
        quants = self._by_product.get(move.product_id.id, self.env["stock.quant"])
        below = quants.filtered(
            lambda quant: quant.location_id.parent_path.startswith(location.parent_path)
        )
        parts = take(need, self._free, below.ids)
        for quant_id, quantity in parts:
            self._taken[quant_id] += quantity
            quant = self.env["stock.quant"].browse(quant_id)
            self._values.append(move._prepare_move_line_vals(quantity, quant))
        return sum(quantity for _quant, quantity in parts)

    def apply(self) -> None:
        """Make the move lines and raise what their quants have reserved."""
        lines = self.env["stock.move.line"].with_context(**{BULK: True}).create(self._values)
        for quant in self.env["stock.quant"].sudo().browse(self._taken):
            quant.reserved_quantity += self._taken[quant.id]
        lines.with_context(**{BULK: False})._apply_putaway_strategy()

    def _is_plain(self, move) -> bool:
        product = move.product_id
        return (
            product.tracking == "none"
            and product.uom_id == move.product_uom
            and not (move.move_line_ids or move.move_orig_ids)
            and product.categ_id.packaging_reserve_method != "full"
            and self._strategy(product, move.location_id) == "fifo"
        )

    def _strategy(self, product, location) -> str:
        return self.env["stock.quant"]._get_removal_strategy(product, location)

    def _is_odd(self, quant) -> bool:
        special = quant.lot_id or quant.package_id or quant.owner_id
        return bool(special) or quant.quantity < quant.reserved_quantity

    def _quants(self, moves):
        """Return the quants of these moves, oldest first, locked against everybody else."""
        quants = self.env["stock.quant"].sudo()
        if not moves:
            return quants
        found = quants.search(
            [
                ("product_id", "in", moves.product_id.ids),
                ("location_id", "child_of", moves.location_id.ids),
            ],
            order="in_date, id",
        )
        # One order for everybody who locks several: nobody waits in a circle.
        self.env.cr.execute(
            "SELECT FROM stock_quant WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [found.ids]
        )
        return found
