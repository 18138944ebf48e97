"""A count in SQL: what is expected, and what differs."""

# 3. What explains differences, and what releases keep back
EVENT = """
    CREATE TEMP TABLE retail_count_event ON COMMIT DROP AS
    SELECT event.number::int AS number, event.product_id, event.quantity, lot.id AS lot_id,
           CASE WHEN lot.id IS NULL THEN event.lot END AS lot_name
      FROM unnest(%(products)s::int[], %(lots)s::varchar[], %(quantities)s::numeric[])
           WITH ORDINALITY AS event (product_id, lot, quantity, number)
      LEFT JOIN stock_lot lot ON lot.product_id = event.product_id AND lot.name = event.lot
       AND (lot.company_id IS NULL OR lot.company_id = %(company)s)
"""
HOLD = """
    CREATE TEMP TABLE retail_count_hold ON COMMIT DROP AS
    SELECT * FROM unnest(%(products)s::int[], %(reserved)s::numeric[], %(known)s::numeric[])
                  AS hold (product_id, reserved, known)
"""

# What crossed the border of the shelves after the instant is taken back.
PLACES = """
    place AS MATERIALIZED (
        SELECT id FROM stock_location
         WHERE parent_path LIKE %(root)s AND usage = 'internal'),
    moved AS MATERIALIZED (
        SELECT line.product_id, line.lot_id,
               CASE WHEN source.id IS NULL THEN -line.quantity_product_uom
                    ELSE line.quantity_product_uom END AS quantity
          FROM stock_move move
          JOIN stock_move_line line ON line.move_id = move.id
          LEFT JOIN place source ON source.id = line.location_id
          LEFT JOIN place target ON target.id = line.location_dest_id
         WHERE move.state = 'done' AND move.date > %(instant)s
           AND (source.id IS NULL) <> (target.id IS NULL))
"""

# 4. Most items are as they were, named once, in units, without lots: they need no second look.
# The others are found by whole products, in floats: what is close by is looked at, too.
BUSY = f"""
    CREATE TEMP TABLE retail_count_busy ON COMMIT DROP AS
    WITH {PLACES},
    seen AS (
        SELECT product_id, 1 AS named, on_hand::float8 AS on_hand, odd FROM retail_count_told
         WHERE storable AND product_id IS NOT NULL
         UNION ALL
        SELECT product_id, 0, -quantity::float8, false FROM stock_quant
         WHERE location_id IN (SELECT id FROM place))
    SELECT product_id FROM seen GROUP BY product_id
    HAVING (%(complete)s OR sum(named) > 0)
       AND (sum(named) > 1 OR bool_or(odd) OR abs(sum(on_hand)) > 1e-9)
     UNION
    SELECT product_id FROM moved
     UNION
    SELECT product_id FROM retail_count_event
     UNION
    SELECT product_id FROM retail_count_hold
"""
ANALYZE = "ANALYZE retail_count_busy"
QUIET = """
    SELECT count(*) FROM retail_count_told told
     WHERE storable AND product_id IS NOT NULL AND NOT EXISTS (
           SELECT FROM retail_count_busy busy WHERE busy.product_id = told.product_id)
"""

# 5. The comparison of these. A product that is kept by lot is compared by lot, unless it was
# counted without any.
COMPARE = f"""
    CREATE TEMP TABLE retail_count_item ON COMMIT DROP AS
    WITH {PLACES},
    told AS MATERIALIZED (
        SELECT told.* FROM retail_count_busy busy
          JOIN retail_count_told told ON told.product_id = busy.product_id AND told.storable),
    plain AS MATERIALIZED (
        SELECT product_id FROM told WHERE tracked GROUP BY product_id HAVING count(lot) = 0),
    here AS (
        SELECT quant.product_id, quant.lot_id, quant.quantity
          FROM retail_count_busy busy
          JOIN stock_quant quant ON quant.product_id = busy.product_id
         WHERE quant.location_id IN (SELECT id FROM place)
         UNION ALL
        SELECT product_id, lot_id, quantity FROM moved),
    part AS (
        SELECT product_id, CASE WHEN tracked THEN lot_id END AS lot_id,
               CASE WHEN tracked AND lot_id IS NULL THEN lot END AS lot_name,
               1 AS named, on_hand AS counted, sellable, sku, unread, on_hand < 0 AS negative,
               0 AS on_hand, 0 AS explained, 0 AS events
          FROM told
         UNION ALL
        SELECT here.product_id, CASE WHEN plain.product_id IS NULL THEN here.lot_id END, NULL,
               0, 0, NULL, NULL, false, false, coalesce(here.quantity, 0)::numeric, 0, 0
          FROM here LEFT JOIN plain ON plain.product_id = here.product_id
         UNION ALL
        SELECT event.product_id, CASE WHEN plain.product_id IS NULL THEN event.lot_id END,
               CASE WHEN plain.product_id IS NULL THEN event.lot_name END,
               0, 0, NULL, NULL, false, false, 0, event.quantity, 1
          FROM retail_count_event event
          LEFT JOIN plain ON plain.product_id = event.product_id),
    item AS MATERIALIZED (
        SELECT product_id, lot_id, lot_name, sum(named)::int AS named, sum(counted) AS counted,
               sum(sellable) AS sellable, min(sku) AS sku, bool_or(unread) AS unread,
               bool_or(negative) AS negative, sum(on_hand) AS on_hand,
               sum(explained) AS explained, sum(events) AS events
          FROM part GROUP BY product_id, lot_id, lot_name
        %(named_only)s),
    double AS MATERIALIZED (
        SELECT product_id, lot_id, lot_name, string_agg(quantities, '; ') AS quantities
          FROM (SELECT product_id, CASE WHEN tracked THEN lot_id END AS lot_id,
                       CASE WHEN tracked AND lot_id IS NULL THEN lot END AS lot_name,
                       string_agg(trim_scale(on_hand)::text, ', ' ORDER BY line) AS quantities
                  FROM told WHERE product_id IN (SELECT product_id FROM item WHERE named > 1)
                 GROUP BY product_id, tracked, lot_id, lot, unit, kit_id HAVING count(*) > 1) twice
         GROUP BY product_id, lot_id, lot_name),
    judged AS (
        SELECT item.*, double.quantities AS doubled, coalesce(hold.known, 0) AS known,
               round(item.counted - item.on_hand - item.explained, %(digits)s) AS difference,
               CASE WHEN item.sellable IS NULL OR item.lot_id IS NOT NULL
                      OR item.lot_name IS NOT NULL THEN 0
                    ELSE round(item.sellable - least(greatest(
                             item.sellable, item.counted - coalesce(hold.reserved, 0)),
                             item.counted - coalesce(hold.known, 0)), %(digits)s)
                END AS sellable_gap,
               count(*) FILTER (WHERE named > 0 OR on_hand <> 0) OVER () AS items,
               row_number() OVER () AS number
          FROM item
          LEFT JOIN retail_count_hold hold ON hold.product_id = item.product_id
          LEFT JOIN double ON double.product_id = item.product_id
           AND double.lot_id IS NOT DISTINCT FROM item.lot_id
           AND double.lot_name IS NOT DISTINCT FROM item.lot_name)
    SELECT *, difference <> 0 OR events > 0 OR sellable_gap <> 0 OR doubled IS NOT NULL
              OR unread OR negative OR lot_name IS NOT NULL AS interesting
      FROM judged
     WHERE difference <> 0 OR events > 0 OR sellable_gap <> 0 OR doubled IS NOT NULL
        OR unread OR negative OR lot_name IS NOT NULL OR number = 1
"""
NAMED_ONLY = "HAVING sum(named) > 0"
ITEMS = f"(SELECT items FROM retail_count_item LIMIT 1) UNION ALL ({QUIET})"
