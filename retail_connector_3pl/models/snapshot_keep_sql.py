"""A count in SQL: what is kept of the comparison, and what of it is still right later."""

# 5. What is kept
COLUMNS = """
    snapshot_id, warehouse_id, company_id, taken_at, product_id, lot_id, lot_name, sku, kind, cause,
    detail, named, counted, on_hand, explained, expected, difference, cost, value, size, sellable,
    sellable_expected, sellable_difference, state
"""
# Items whose line somebody has decided about keep that line.
KEEP_ITEMS = f"""
    WITH item AS (
        SELECT item.*, product.default_code, template.tracking <> 'none' AS tracked,
               CASE WHEN item.unread THEN 'unit'
                    WHEN item.negative THEN 'negative'
                    WHEN item.difference <> 0 AND template.tracking <> 'none'
                     AND item.lot_id IS NULL AND item.lot_name IS NULL THEN 'lot_missing'
                    WHEN item.lot_name IS NOT NULL THEN 'lot'
                    WHEN item.doubled IS NOT NULL THEN 'duplicate' END AS cause,
               coalesce((product.standard_price ->> %(company_key)s)::numeric, %(cost)s) AS cost
          FROM retail_count_item item
          JOIN product_product product ON product.id = item.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
         WHERE item.interesting),
    judged AS (
        SELECT *, CASE WHEN cause IN ('unit', 'negative', 'lot_missing') THEN 'problem'
                       WHEN difference <> 0 THEN 'variance'
                       WHEN cause IS NOT NULL THEN 'problem'
                       WHEN sellable_gap <> 0 THEN 'sellable'
                       ELSE 'explained' END AS kind,
               CASE WHEN cause = 'unit' THEN 0 ELSE difference END AS gap
          FROM item)
    INSERT INTO retail_snapshot_line ({COLUMNS})
    SELECT %(snapshot)s, %(warehouse)s, %(company)s, %(instant)s, item.product_id, item.lot_id,
           item.lot_name, coalesce(item.sku, item.default_code), item.kind, item.cause,
           item.doubled, item.named > 0, item.counted, item.on_hand, item.explained,
           item.on_hand + item.explained, item.gap, item.cost,
           round(item.gap * item.cost, %(decimals)s),
           abs(round(item.gap * item.cost, %(decimals)s)),
           item.sellable, CASE WHEN item.sellable IS NOT NULL THEN item.counted - item.known END,
           item.sellable_gap, CASE WHEN item.kind = 'variance' THEN 'open' ELSE 'none' END
      FROM judged item
     WHERE NOT EXISTS (
           SELECT FROM retail_snapshot_line kept
            WHERE kept.snapshot_id = %(snapshot)s AND kept.product_id = item.product_id
              AND kept.lot_id IS NOT DISTINCT FROM item.lot_id
              AND kept.lot_name IS NOT DISTINCT FROM item.lot_name)
"""
KEEP_UNREAD = f"""
    INSERT INTO retail_snapshot_line ({COLUMNS})
    SELECT %(snapshot)s, %(warehouse)s, %(company)s, %(instant)s, told.product_id, NULL, told.lot,
           told.sku, 'problem',
           CASE WHEN told.several THEN 'ambiguous'
                WHEN told.product_id IS NULL THEN 'unknown_sku'
                WHEN told.kit_id IS NOT NULL THEN 'kit' ELSE 'not_stocked' END,
           told.unit, true, told.on_hand, 0, 0, 0, 0, 0, 0, 0, told.sellable, NULL, 0, 'none'
      FROM retail_count_told told
     WHERE told.product_id IS NULL OR NOT told.storable
"""
KEEP_EVENTS = """
    INSERT INTO retail_snapshot_event
           (snapshot_id, line_id, res_model, res_id, name, quantity, there_at, here_at)
    SELECT %(snapshot)s, line.id, told.res_model, told.res_id, told.name, event.quantity,
           told.there_at, told.here_at
      FROM unnest(%(models)s::varchar[], %(ids)s::int[], %(names)s::varchar[],
                  %(there)s::timestamp[], %(here)s::timestamp[])
           WITH ORDINALITY AS told (res_model, res_id, name, there_at, here_at, number)
      JOIN retail_count_event event ON event.number = told.number
      JOIN retail_snapshot_line line ON line.snapshot_id = %(snapshot)s
       AND line.product_id = event.product_id
       AND (line.lot_id IS NOT DISTINCT FROM event.lot_id
            AND line.lot_name IS NOT DISTINCT FROM event.lot_name
            OR line.lot_id IS NULL AND line.lot_name IS NULL
            AND NOT EXISTS (
                SELECT FROM retail_count_item item
                 WHERE item.product_id = event.product_id
                   AND item.lot_id IS NOT DISTINCT FROM event.lot_id
                   AND item.lot_name IS NOT DISTINCT FROM event.lot_name))
     WHERE NOT EXISTS (SELECT FROM retail_snapshot_event kept WHERE kept.line_id = line.id)
"""
SUMMARY = """
    SELECT count(*) FILTER (WHERE kind = 'explained'), count(*) FILTER (WHERE kind = 'variance'),
           count(*) FILTER (WHERE kind = 'problem'),
           count(*) FILTER (WHERE kind = 'problem' AND product_id IS NOT NULL
                              AND cause NOT IN ('not_stocked', 'kit')),
           coalesce(sum(value) FILTER (WHERE kind = 'variance'), 0),
           coalesce(sum(size) FILTER (WHERE kind = 'variance'), 0)
      FROM retail_snapshot_line WHERE snapshot_id = %(snapshot)s
"""

# 6. Counts of the same items, older and newer
COUNTED = """
    SELECT coalesce(array_agg(DISTINCT product_id), '{}') FROM retail_count_told
     WHERE product_id IS NOT NULL
"""
# What a newer count tells of is out of date in this one, and the other way round.
OUTDATED = """
    UPDATE retail_snapshot_line line SET state = 'superseded'
      FROM retail_snapshot older, retail_snapshot newer
     WHERE older.id = line.snapshot_id AND line.state = 'open'
       AND older.warehouse_id = %(warehouse)s AND newer.warehouse_id = %(warehouse)s
       AND %(snapshot)s IN (older.id, newer.id)
       AND newer.compared_at IS NOT NULL AND newer.state <> 'rejected'
       AND (newer.taken_at, newer.id) > (older.taken_at, older.id)
       AND (newer.complete OR newer.counted_product_ids @> to_jsonb(line.product_id))
 RETURNING line.snapshot_id
"""

# 7. What is left of approved differences when they are applied
STILL = """
    SELECT line.id, coalesce(now.difference, 0), now.on_hand, now.explained
      FROM retail_snapshot_line line
      LEFT JOIN stock_lot lot ON lot.id = line.lot_id
      LEFT JOIN (SELECT item.*, coalesce(lot.name, item.lot_name) AS lot
                   FROM retail_count_item item LEFT JOIN stock_lot lot ON lot.id = item.lot_id) now
        ON now.product_id = line.product_id
       AND now.lot IS NOT DISTINCT FROM coalesce(lot.name, line.lot_name)
     WHERE line.id = ANY(%(lines)s)
"""
