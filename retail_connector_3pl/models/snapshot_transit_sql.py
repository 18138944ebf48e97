"""What Odoo has moved of documents of a warehouse, and when each side did, in SQL."""

# ``%(told)s`` is a query of (move_id, there_at, res_model, res_id, name): done or not, of any
# warehouse. Goods that cross the border of the warehouse's shelves count, in by plus, out by minus;
# only what one side had moved at the instant and the other had not.
MOVED = """
    WITH place AS MATERIALIZED (
        SELECT id FROM stock_location
         WHERE parent_path LIKE %(root)s AND usage = 'internal')
    SELECT told.res_model, told.res_id, told.name, told.there_at, move.date, line.product_id,
           lot.name, sum(CASE WHEN source.id IS NULL THEN line.quantity_product_uom
                              ELSE -line.quantity_product_uom END)
      FROM (%(told)s) told
      JOIN stock_move move ON move.id = told.move_id AND move.state = 'done'
      JOIN stock_move_line line ON line.move_id = move.id
      LEFT JOIN place source ON source.id = line.location_id
      LEFT JOIN place target ON target.id = line.location_dest_id
      LEFT JOIN stock_lot lot ON lot.id = line.lot_id
     WHERE (source.id IS NULL) <> (target.id IS NULL) AND %(when)s
     GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
AFTER = """
    (move.date > %(instant)s AND told.there_at <= %(instant)s
     OR move.date <= %(instant)s AND (told.there_at IS NULL OR told.there_at > %(instant)s))
"""
OF_DOCUMENTS = "told.res_model = %(model)s AND told.res_id = ANY(%(ids)s)"

TOLD_SHIPMENTS = """
    SELECT DISTINCT bound.odoo_id AS move_id,
           coalesce(shipment.shipped_at, shipment.create_date) AS there_at,
           'retail.warehouse.shipment' AS res_model, shipment.id AS res_id,
           coalesce(shipment.name, shipment.external_id) AS name
      FROM retail_move_binding bound
      JOIN retail_warehouse_shipment shipment ON shipment.id = bound.shipment_id
"""
TOLD_RECEIPTS = """
    SELECT DISTINCT bound.odoo_id, coalesce(receipt.received_at, receipt.create_date),
           'retail.receipt', receipt.id, receipt.external_id
      FROM retail_move_binding bound
      JOIN retail_receipt receipt ON receipt.id = bound.receipt_id
"""
TOLD_RETURNS = """
    SELECT DISTINCT bound.odoo_id, coalesce(back.received_at, back.create_date), 'retail.return',
           back.id, coalesce(back.rma, back.name)
      FROM retail_move_binding bound
      JOIN retail_return_goods goods ON goods.id = bound.return_goods_id
      JOIN retail_return back ON back.id = goods.return_id
"""
TOLD_COUNTS = """
    SELECT DISTINCT bound.odoo_id, snapshot.taken_at, 'retail.snapshot', snapshot.id,
           snapshot.external_id
      FROM retail_move_binding bound
      JOIN retail_snapshot_line line ON line.id = bound.snapshot_line_id
      JOIN retail_snapshot snapshot ON snapshot.id = line.snapshot_id
"""
# Deliveries and receipts that a person validated here before the warehouse told of them.
MADE_HERE = """
    SELECT move.id, NULL::timestamp, 'retail.release', release.id, release.name
      FROM retail_release release
      JOIN stock_move move ON move.picking_id = release.picking_id AND move.state = 'done'
     WHERE release.state IN ('ready', 'sent', 'accepted', 'on_hold', 'partly_shipped')
       AND NOT EXISTS (SELECT FROM retail_move_binding bound WHERE bound.odoo_id = move.id)
     UNION ALL
    SELECT move.id, NULL::timestamp, 'retail.announcement', announcement.id, announcement.name
      FROM retail_announcement announcement
      JOIN stock_move move ON move.picking_id = announcement.picking_id AND move.state = 'done'
     WHERE announcement.state IN ('ready', 'sent', 'accepted', 'partly_received')
       AND NOT EXISTS (SELECT FROM retail_move_binding bound WHERE bound.odoo_id = move.id)
"""
WAITING_COUNTS = """
    SELECT snapshot.id, snapshot.external_id, snapshot.taken_at, line.product_id,
           coalesce(lot.name, line.lot_name), line.difference
      FROM retail_snapshot_line line
      JOIN retail_snapshot snapshot ON snapshot.id = line.snapshot_id
      LEFT JOIN stock_lot lot ON lot.id = line.lot_id
     WHERE line.warehouse_id = %(warehouse)s AND line.state = 'approved'
       AND (snapshot.id <> %(snapshot)s OR %(own_too)s)
"""
# What releases keep back, and which part of it the warehouse has surely taken. What left after the
# instant was still kept back then.
HOLDS = """
    SELECT product_id, sum(units), sum(units) FILTER (WHERE known) FROM (
        SELECT line.product_id, release.state IN ('accepted', 'partly_shipped') AS known,
               greatest(line.quantity - coalesce(line.shipped_quantity, 0), 0) AS units
          FROM retail_release release
          JOIN retail_release_line line ON line.release_id = release.id
         WHERE release.warehouse_id = %(warehouse)s
           AND release.state IN ('sent', 'accepted', 'on_hold', 'partly_shipped')
         UNION ALL
        SELECT move.product_id, true, bound.quantity
          FROM retail_warehouse_shipment shipment
          JOIN retail_release release ON release.id = shipment.release_id
          JOIN retail_move_binding bound ON bound.shipment_id = shipment.id
          JOIN stock_move move ON move.id = bound.odoo_id
         WHERE release.warehouse_id = %(warehouse)s AND shipment.shipped_at > %(instant)s
    ) AS kept GROUP BY product_id
"""
