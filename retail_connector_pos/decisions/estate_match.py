"""Which warehouse, point of sale, payment method or person an estate's own name probably means.

Nothing is guessed: what is not beyond doubt stays empty, and a person chooses.
"""

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that say what something is, not which one. Of each language that estates are named in.
GENERIC = _set_of(
    "store shop warehouse branch outlet register till pos point of sale the and "
    "filiale laden lager kasse markt geschaeft geschäft "
    "magasin boutique depot dépôt caisse tienda almacen almacén caja negozio magazzino cassa "
    "winkel magazijn kassa"
)


@dataclass(frozen=True)
class Named:
    """Something with a key, the names that people give it, and codes that are exact."""

    key: Hashable
    names: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name as they are compared: one form and case, no signs.

    Numbers lose leading zeros: register 01 is register 1.
    """
    text = unicodedata.normalize("NFKC", name or "").casefold()
    found = re.findall(r"[^\W\d_]+|\d+", text)
    return tuple(word.lstrip("0") or "0" if word.isdigit() else word for word in found)


def matches(wanted: Iterable[Named], known: Iterable[Named]) -> dict[Hashable, Hashable | None]:
    """Return ``{key wanted: key known}``, a known key at most once; ``None`` for what is unclear.

    Stronger evidence comes first: the same code, the same words, the same words but for those that
    only say what it is, and last all distinctive words of one in the other. What has several
    candidates on the strongest evidence there is, is unclear, and its candidates are nobody's.
    What has no candidate at all is left out. The order of what is given does not matter.
    """
    wanted, known = list(wanted), list(known)
    found: dict[Hashable, Hashable | None] = {}
    for evidence in (_codes, _whole_names, _distinctive):
        pairs = _pairs_of_tokens(wanted, known, evidence)
        wanted, known = _settle(pairs, wanted, known, found)
    _settle(_pairs_within(wanted, known), wanted, known, found)
    return found


Pairs = Sequence[tuple[Hashable, Hashable]]


def _settle(
    pairs: Pairs, wanted: list[Named], known: list[Named], found: dict[Hashable, Hashable | None]
) -> tuple[list[Named], list[Named]]:
    """Note the pairs beyond doubt, and what is unclear; return what no pair is about."""
    left, right = _counted(pair[0] for pair in pairs), _counted(pair[1] for pair in pairs)
    found.update(dict.fromkeys(left))
    found.update({a: b for a, b in pairs if left[a] == 1 and right[b] == 1})
    return (
        [each for each in wanted if each.key not in left],
        [each for each in known if each.key not in right],
    )


def _counted(keys: Iterable[Hashable]) -> dict[Hashable, int]:
    counts: dict[Hashable, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return counts


def _pairs_of_tokens(
    wanted: Sequence[Named], known: Sequence[Named], tokens: Callable[[Named], set[Hashable]]
) -> Pairs:
    """Return the pairs that share a token."""
    index: dict[Hashable, set[Hashable]] = {}
    for each in known:
        for token in tokens(each):
            index.setdefault(token, set()).add(each.key)
    pairs = {
        (each.key, key) for each in wanted for token in tokens(each) for key in index.get(token, ())
    }
    return sorted(pairs, key=repr)


def _codes(named: Named) -> set[Hashable]:
    return {code.strip().casefold() for code in named.codes if code and code.strip()}


def _whole_names(named: Named) -> set[Hashable]:
    return {words for words in map(words_of, named.names) if words}


def _distinctive(named: Named) -> set[Hashable]:
    return {words for words in map(_distinct, named.names) if words}


def _distinct(name: str) -> frozenset[str]:
    """Return the words that say which one it is; none where nothing but numbers is left."""
    words = frozenset(words_of(name)) - GENERIC
    return words if any(not word.isdigit() for word in words) else frozenset()


def _pairs_within(wanted: Sequence[Named], known: Sequence[Named]) -> Pairs:
    """Return the pairs of which one's distinctive words are all among the other's.

    Numbers have to be the same: Berlin 1 is not Berlin 2, and may not be Berlin.
    """
    pairs = set()
    for each in wanted:
        for other in known:
            if _is_within(_distinctive(each), _distinctive(other)):
                pairs.add((each.key, other.key))
    return sorted(pairs, key=repr)


def _is_within(some: Iterable[frozenset[str]], others: Iterable[frozenset[str]]) -> bool:
    return any(
        (one <= other or other <= one) and _numbers(one) == _numbers(other)
        for one in some
        for other in others
    )


def _numbers(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in words if word.isdigit())


# Codes of what is made


def free_code(prefix: str, taken: set[str], length: int = 5) -> str:
    """Return the first code of ``prefix`` and a number that is not taken; note it as taken.

    ``taken`` are codes in capitals. Raises ``ValueError`` when all numbers are used.
    """
    room = length - len(prefix)
    for number in range(1, 10**room):
        code = f"{prefix}{number}"
        if code.upper() not in taken:
            taken.add(code.upper())
            return code
    raise ValueError(f"No code is left that begins with {prefix}.")


def short_code(name: str, taken: set[str], length: int = 5) -> str:
    """Return a code of at most ``length`` capitals that reminds of a name; note it as taken."""
    words = [word for word in words_of(name) if word not in GENERIC] or list(words_of(name))
    letters = "".join(_ascii(word)[: length - 2] if at == 0 else _ascii(word)[:2]
                      for at, word in enumerate(words))[:length]  # fmt: skip
    code = letters.upper() or "ST"
    if len(code) >= 2 and code not in taken:
        taken.add(code)
        return code
    return free_code(code[: length - 3] or "S", taken, length)


def _ascii(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())


# What a tender is

KINDS: Mapping[str, frozenset[str]] = {
    "cash": _set_of("cash bar bargeld efectivo contanti contante espèces especes kontant"),
    "card": _set_of(
        "card karte visa mastercard amex girocard maestro debit credit ec carte tarjeta "
        "bancontact ideal kartenzahlung kreditkarte"
    ),
    "on_account": _set_of("account rechnung invoice konto compte cuenta"),
    "gift_card": _set_of("gift gutschein geschenkkarte voucher cadeau regalo"),
}


def tender_kind(word: str, told: str | None = None) -> str:
    """Return what a tender is: as the register told, else by its words, ``other`` if unclear.

    ``told`` is the value of a canonical tender's kind.
    """
    if told and told != "other":
        return told
    words = set(words_of(word))
    found = [kind for kind, known in KINDS.items() if words & known]
    if "gift_card" in found:
        return "gift_card"
    return found[0] if len(found) == 1 else "other"
