"""A count in SQL: what was told, and which product each line is.

Tables of one transaction hold the steps between, so that each is planned on what is really there.
"""

TABLES = ("told", "event", "hold", "busy", "item")

# 1. What was told, line by line, with the product that bears its SKU. ``%(found)s`` is what is
# joined for it. A line that is ``odd`` cannot be compared by its quantity alone.
TOLD = """
    CREATE TEMP TABLE retail_count_told ON COMMIT DROP AS
    SELECT part.number::bigint << 32 | told.line AS line, told.sku, told.item, told.unit, told.lot,
           told.on_hand::numeric AS on_hand, told.sellable::numeric AS sellable,
           NULL::int AS lot_id, false AS unread,
           told.lot IS NOT NULL OR left(told.on_hand, 1) = '-'
           OR told.unit IS NOT NULL AND NOT lower(trim(told.unit)) = ANY(%(each)s)
           OR told.sellable <> told.on_hand AS odd,
           found.id AS product_id, found.is_storable AS storable, found.tracked, false AS several,
           NULL::int AS kit_id
      FROM retail_snapshot_part part
     CROSS JOIN LATERAL
           ROWS FROM (jsonb_array_elements_text(part.lines -> 'sku'),
                      jsonb_array_elements_text(part.lines -> 'item'),
                      jsonb_array_elements_text(part.lines -> 'on_hand'),
                      jsonb_array_elements_text(part.lines -> 'sellable'),
                      jsonb_array_elements_text(part.lines -> 'unit'),
                      jsonb_array_elements_text(part.lines -> 'lot'))
               WITH ORDINALITY AS told (sku, item, on_hand, sellable, unit, lot, line)
      LEFT JOIN (%(found)s) found ON found.word = told.sku AND told.sku <> ''
     WHERE part.snapshot_id = %(snapshot)s
"""
# The planner takes each list for a hundred rows, and would look up one product after the other.
MANY = "SET LOCAL enable_nestloop = off"
AS_USUAL = "RESET enable_nestloop"
TOLD_AT_ALL = """
    SELECT coalesce(bool_or(lines ? 'lot'), false), coalesce(bool_or(lines ? 'unit'), false)
      FROM retail_snapshot_part WHERE snapshot_id = %(snapshot)s
"""
WORDS = "SELECT DISTINCT unit FROM retail_count_told WHERE unit <> ''"
HAS_BINDINGS = "SELECT FROM retail_product_binding WHERE backend_id = %(backend)s LIMIT 1"

# 2. Products: queries of (word, id, is_storable, tracked)
BOUND = """
    SELECT bound.external_id AS word, product.id, template.is_storable,
           template.tracking <> 'none' AS tracked
      FROM retail_product_binding bound
      JOIN product_product product ON product.id = bound.odoo_id
      JOIN product_template template ON template.id = product.product_tmpl_id
     WHERE bound.backend_id = %(backend)s
"""
BOUND_SKU = BOUND.replace("bound.external_id AS word", "bound.sku AS word")
# ``%(field)s`` is default_code or barcode.
CODE = """
    SELECT product.%(field)s AS word, product.id, template.is_storable,
           template.tracking <> 'none' AS tracked
      FROM product_product product
      JOIN product_template template ON template.id = product.product_tmpl_id
     WHERE product.active = %(active)s
       AND (template.company_id IS NULL OR template.company_id = %(company)s)
"""
NOTHING = """
    SELECT NULL::varchar AS word, NULL::int AS id, NULL::bool AS is_storable, NULL::bool AS tracked
     WHERE false
"""
# What could be several products is none, unless its SKU is mapped.
SEVERAL = """
    UPDATE retail_count_told told SET several = true, product_id = NULL
      FROM (SELECT line FROM retail_count_told GROUP BY line HAVING count(*) > 1) twice
     WHERE twice.line = told.line
"""
ONE_OF_SEVERAL = """
    DELETE FROM retail_count_told told USING retail_count_told other
     WHERE other.line = told.line AND other.ctid < told.ctid
"""
# One way more, for lines that have no product yet. ``%(word)s`` is what of a line is looked up.
FIND = """
    UPDATE retail_count_told told
       SET product_id = CASE WHEN way.one = way.other THEN way.one END,
           several = way.one <> way.other, storable = way.storable, tracked = way.tracked
      FROM (SELECT told.line, min(found.id) AS one, max(found.id) AS other,
                   bool_or(found.is_storable) AS storable, bool_or(found.tracked) AS tracked
              FROM retail_count_told told JOIN (%(found)s) found ON found.word = %(word)s
             WHERE told.product_id IS NULL AND NOT told.several AND told.sku <> ''
             GROUP BY told.line) way
     WHERE way.line = told.line
"""
OPEN = "SELECT FROM retail_count_told WHERE product_id IS NULL AND NOT several LIMIT 1"
UNFOUND = "SELECT DISTINCT sku FROM retail_count_told WHERE product_id IS NULL AND sku <> ''"
MAPPED = """
    UPDATE retail_count_told told
       SET product_id = product.id, several = false, storable = template.is_storable,
           tracked = template.tracking <> 'none'
      FROM unnest(%(skus)s::varchar[], %(products)s::int[]) AS mapping (sku, product_id)
      JOIN product_product product ON product.id = mapping.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
     WHERE told.sku = mapping.sku AND told.product_id IS NULL
"""
# What is deliberately ignored is left out.
IGNORE = """
    DELETE FROM retail_count_told told USING unnest(%(skus)s::varchar[]) AS ignored (sku)
     WHERE told.sku = ignored.sku AND told.product_id IS NULL
"""
UNUSABLE = "SELECT FROM retail_count_told WHERE product_id IS NULL OR NOT storable LIMIT 1"

# 3. Lots and units
LOTS = """
    UPDATE retail_count_told told SET lot_id = lot.id FROM stock_lot lot
     WHERE told.lot IS NOT NULL AND lot.product_id = told.product_id AND lot.name = told.lot
       AND (lot.company_id IS NULL OR lot.company_id = %(company)s)
"""
UNITS = """
    SELECT DISTINCT product_id, unit FROM retail_count_told
     WHERE unit = ANY(%(units)s) AND product_id IS NOT NULL
"""
CONVERT = """
    UPDATE retail_count_told told
       SET on_hand = on_hand * coalesce(unit.factor, 0), sellable = sellable * unit.factor,
           unread = unit.factor IS NULL
      FROM unnest(%(products)s::int[], %(units)s::varchar[], %(factors)s::numeric[])
               AS unit (product_id, unit, factor)
     WHERE unit.product_id = told.product_id AND unit.unit = told.unit
"""

# 4. Kits: what a kit's units are of its parts
KITS = """
    SELECT DISTINCT told.product_id
      FROM retail_count_told told
      JOIN product_product product ON product.id = told.product_id
      JOIN mrp_bom bom ON bom.product_tmpl_id = product.product_tmpl_id
     WHERE bom.type = 'phantom' AND bom.active
       AND (bom.product_id IS NULL OR bom.product_id = product.id)
       AND (bom.company_id IS NULL OR bom.company_id = %(company)s)
"""
# A part that a count of some items does not name for itself cannot be compared: who knows how much
# of it lies there beside the kits.
EXPLODE = """
    WITH part AS (
        SELECT * FROM unnest(%(kits)s::int[], %(parts)s::int[], %(units)s::numeric[])
                      AS part (kit_id, product_id, units)),
    own AS (SELECT DISTINCT product_id FROM retail_count_told
             WHERE product_id <> ALL(%(kits)s::int[]))
    INSERT INTO retail_count_told
           (line, sku, item, unit, lot, on_hand, sellable, lot_id, unread, odd, product_id,
            storable, tracked, several, kit_id)
    SELECT told.line, NULL, NULL, told.unit, NULL, told.on_hand * part.units,
           told.sellable * part.units, NULL, told.unread, true, part.product_id, true,
           template.tracking <> 'none', false, told.product_id
      FROM retail_count_told told
      JOIN part ON part.kit_id = told.product_id
      JOIN product_product product ON product.id = part.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
     WHERE told.kit_id IS NULL
       AND (%(complete)s OR part.product_id IN (SELECT product_id FROM own))
"""
# Kits themselves are compared by their parts alone; one whose parts cannot be is shown.
DROP_KITS = """
    DELETE FROM retail_count_told told WHERE told.kit_id IS NULL AND told.product_id = ANY(%(kits)s)
       AND NOT told.product_id = ANY(%(open)s)
"""
OPEN_KITS = """
    SELECT DISTINCT part.kit_id
      FROM unnest(%(kits)s::int[], %(parts)s::int[]) AS part (kit_id, product_id)
     WHERE NOT %(complete)s AND NOT EXISTS (
           SELECT FROM retail_count_told told
            WHERE told.product_id = part.product_id AND told.kit_id IS NULL)
"""
SHOW_KITS = """
    UPDATE retail_count_told SET storable = false, kit_id = product_id
     WHERE kit_id IS NULL AND product_id = ANY(%(open)s)
"""
