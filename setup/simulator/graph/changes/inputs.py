"""Reads what product mutations are given, and complains as the vendor does."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from graphql import GraphQLError

from ...catalogue import Metafield, Option, OptionValue, Product, Variant
from ...fulfilment import RefusedError
from ...identifiers import number_of
from ...shop import Shop
from .levels import with_item

MOST_VARIANTS, MOST_OPTIONS, MOST_VALUES = 2048, 3, 2048
Values = Mapping[str, Any]
Path = tuple[str, ...]


@dataclass
class Problems:
    """Collects complaints about one request."""

    errors: list[RefusedError] = field(default_factory=list)

    def add(self, message: str, path: Path, code: str | None) -> None:
        """Complain."""
        self.errors.append(RefusedError(message, path, code))


def only(kind: str, values: Values, known: Collection[str]) -> None:
    """Raise an error for what is not simulated."""
    unknown = [name for name, value in values.items() if name not in known and value]
    if unknown:
        raise GraphQLError(f"The simulator does not model {kind}.{unknown[0]}.")


def money(value: Any, path: Path, code: str, problems: Problems) -> Decimal | None:
    """Return an amount, or complain about one that is negative or no number."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise GraphQLError(f"'{value}' is not a valid Money.") from None
    if amount < 0:
        problems.add("Price must be greater than or equal to 0", path, code)
        return None
    return amount


def options_of(
    shop: Shop, given: Sequence[Values], known: tuple[Option, ...], problems: Problems
) -> tuple[Option, ...]:
    """Return the options of a ``productOptions`` input; known names keep their identifiers."""
    path: Path = ("input", "productOptions")
    if len(given) > MOST_OPTIONS:
        problems.add("Options over limit.", path, "OPTIONS_OVER_LIMIT")
    options, seen = [], set()
    for index, values in enumerate(given):
        only("OptionSetInput", values, ("id", "name", "position", "values"))
        old = _known_option(values, known)
        name = values.get("name") or (old.name if old else "")
        here = (*path, str(index))
        if not name:
            problems.add("Option does not exist.", here, "OPTION_DOES_NOT_EXIST")
        if name in seen:
            problems.add("Duplicated option name.", here, "DUPLICATED_OPTION_NAME")
        seen.add(name)
        names = _value_names(values, old, here, problems)
        number = old.id if old else shop.ids.next("ProductOption")
        options.append(Option(number, name, with_values(shop, old, names)))
    return tuple(options)


def _known_option(values: Values, known: tuple[Option, ...]) -> Option | None:
    number = number_of(values["id"], "ProductOption") if values.get("id") else None
    return next((o for o in known if number == o.id or o.name == values.get("name")), None)


def _value_names(values: Values, old: Option | None, path: Path, problems: Problems) -> list[str]:
    known = {value.id: value.name for value in old.values} if old else {}
    names = [
        value.get("name") or known.get(number_of(value.get("id") or "", "ProductOptionValue"), "")
        for value in values.get("values") or ()
    ]
    if not names or not all(names):
        text = "Each option must have at least one option value specified."
        problems.add(text, (*path, "values"), "OPTION_VALUES_MISSING")
    if len(set(names)) != len(names):
        problems.add("Duplicated option value.", (*path, "values"), "DUPLICATED_OPTION_VALUE")
    return names


def with_values(shop: Shop, old: Option | None, names: Sequence[str]) -> tuple[OptionValue, ...]:
    """Return option values; known names keep their identifiers."""
    known = {value.name: value for value in old.values} if old else {}
    return tuple(
        known.get(name) or OptionValue(shop.ids.next("ProductOptionValue"), name) for name in names
    )


def choices_of(
    given: Sequence[Values], options: tuple[Option, ...], path: Path, problems: Problems,
    codes: Mapping[str, str], may_grow: bool = False,
) -> tuple[tuple[str, str], ...]:  # fmt: skip
    """Return the values that a variant has for each option, in the order of the options."""
    chosen: dict[str, str] = {}
    for index, value in enumerate(given):
        here = (*path, "optionValues", str(index))
        number = number_of(value["optionId"], "ProductOption") if value.get("optionId") else None
        option = next((o for o in options if o.id == number or o.name == value.get("optionName")),
                      None)  # fmt: skip
        if option is None:
            problems.add("Option does not exist.", here, "OPTION_DOES_NOT_EXIST")
            continue
        known = {v.id: v.name for v in option.values}
        name = value.get("name") or known.get(number_of(value.get("id") or ""), "")
        if not name or (name not in known.values() and not may_grow):
            problems.add("Option value does not exist.", here, codes["value"])
        chosen[option.name] = name
    missing = [option.name for option in options if option.name not in chosen]
    if missing:
        text = f"You need to add option values for {', '.join(missing)}"
        problems.add(text, (*path, "optionValues"), codes["missing"])
    return tuple((o.name, chosen[o.name]) for o in options if o.name in chosen)


def unique(variants: Sequence[Variant], path: Path, problems: Problems, code: str) -> None:
    """Complain about two variants with the same option values, and about too many."""
    seen: set[tuple[str, ...]] = set()
    for index, variant in enumerate(variants):
        if variant.key in seen:
            name = " / ".join(variant.key)
            problems.add(f"The variant '{name}' already exists.", (*path, str(index)), code)
        seen.add(variant.key)
    if len(variants) > MOST_VARIANTS:
        text = "Number of product variants exceeds shop limit."
        problems.add(text, path, "VARIANTS_OVER_LIMIT")


def blank_variant(shop: Shop, product: Product) -> Variant:
    """Return a new variant; the API does not track it unless it is told to."""
    number = shop.ids.next("InventoryItem")
    return Variant(
        shop.ids.next("ProductVariant"), product.id, number, product.title, "", "", "", Decimal(0),
        quantity=0, weight=Decimal(0), tracked=False,
    )  # fmt: skip


def with_values_of(
    variant: Variant, values: Values, path: Path, problems: Problems, code: str
) -> Variant:
    """Return a variant with the plain values of an input."""
    given: dict[str, Any] = {}
    for name, ours in (("price", "price"), ("compareAtPrice", "compare_at")):
        if values.get(name) is not None:
            amount = money(values[name], (*path, name), code, problems)
            given[ours] = variant.price if amount is None else amount
    if "compareAtPrice" in values and values["compareAtPrice"] is None:
        given["compare_at"] = None
    names = {"sku": "sku", "barcode": "barcode", "taxable": "taxable",
             "inventoryPolicy": "policy", "position": "position"}  # fmt: skip
    given |= {ours: values[name] for name, ours in names.items() if values.get(name) is not None}
    return with_item(replace(variant, **given), values.get("inventoryItem"))


def named(variant: Variant, choices: tuple[tuple[str, str], ...], title: str) -> Variant:
    """Return a variant that is called by its option values."""
    values = [value for _, value in choices]
    option = "" if values in ([], ["Default Title"]) else " / ".join(values)
    return replace(variant, choices=choices, option=option, title=title)


def metafields_of(shop: Shop, given: Sequence[Values], old: Sequence[Metafield]) -> tuple:
    """Return metafields with some of them set; the others stay."""
    fields = {(field.namespace, field.key): field for field in old}
    for values in given:
        key = (values.get("namespace") or "custom", values["key"])
        known = fields.get(key)
        number = known.id if known else shop.ids.next("Metafield")
        kind = values.get("type") or (known.type if known else "single_line_text_field")
        fields[key] = Metafield(number, *key, kind, values["value"])
    return tuple(fields.values())
