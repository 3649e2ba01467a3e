"""Which values a type has."""

from __future__ import annotations

import re
from dataclasses import replace

from modeler.errors import FormatError
from modeler.previews.rows.atoms import said
from modeler.previews.rows.facts import Type
from modeler.previews.rows.moments import TEMPORAL, moments
from modeler.previews.rows.numbers import NUMERIC, numbers
from modeler.previews.rows.restriction import FREE, Restriction
from modeler.previews.rows.scenarios import ways
from modeler.previews.rows.texts import FILLER, texts
from modeler.previews.rows.values import COUNTER, Values, constant, listed
from modeler.schema.expression import Literal
from modeler.schema.sql_expressions import read_sql
from modeler.schema.sql_text import quoted_text

TEXTS = frozenset({"text", "varchar", "bpchar", "citext", "name", "char"})
K = COUNTER
SPATIAL = re.compile(r"\((?P<shape>\w+)(?:,(?P<srid>\d+))?\)")
SHAPES = {
    "point": "POINT({x} {y})",
    "linestring": "LINESTRING({x} {y}, 1 1)",
    "polygon": "POLYGON(({x} {y}, {x} 60, 60 60, {x} {y}))",
    "multipoint": "MULTIPOINT(({x} {y}))",
    "multilinestring": "MULTILINESTRING(({x} {y}, 1 1))",
    "multipolygon": "MULTIPOLYGON((({x} {y}, {x} 60, 60 60, {x} {y})))",
}
# Types with one way to write them: SQL over the counter, and how many differ.
PLAIN: dict[str, tuple[str, int | None]] = {
    "uuid": (f"md5(({K})::text)::uuid", None),
    "bytea": (f"convert_to(to_hex({K}) || '{FILLER[:9]}', 'UTF8')", None),
    "inet": (f"('10.0.0.0'::inet + (({K}) % 16777216))", 2**24),
    "cidr": (f"(('10.0.0.0'::inet + (({K}) % 16777216))::cidr)", 2**24),
    "macaddr": (f"lpad(to_hex(({K}) % 281474976710656), 12, '0')::macaddr", 2**48),
    "macaddr8": (f"lpad(to_hex({K}), 16, '0')::macaddr8", None),
    "tsvector": (f"to_tsvector('simple', 'row ' || to_hex({K}))", None),
    "tsquery": (f"to_tsquery('simple', 'row' || to_hex({K}))", None),
    "xml": (f"('<row>' || ({K}) || '</row>')::xml", None),
    "jsonpath": (f"('$.row' || ({K}))::jsonpath", None),
    "point": (f"point({K}, 1)", None),
    "box": (f"box(point({K} * 10, 0), point({K} * 10 + 5, 5))", None),
    "circle": (f"circle(point({K} * 10, 0), 3)", None),
    "lseg": (f"lseg(point({K}, 0), point({K}, 5))", None),
    "line": (f"line(point({K}, 0), point({K} + 1, 5))", None),
    "path": (f"('[(' || ({K}) || ',0),(1,1)]')::path", None),
    "polygon": (f"polygon(box(point({K} * 10, 0), point({K} * 10 + 5, 5)))", None),
    "pg_lsn": (f"('0/' || to_hex(({K}) % 4294967296))::pg_lsn", 2**32),
    "hstore": (f"hstore('row', to_hex({K}))", None),
    "ltree": (f"('top.row' || ({K}))::ltree", None),
    "lquery": (f"('top.row' || ({K}))::lquery", None),
    "xid": (f"(({K}) % 2147483648)::text::xid", 2**31),
    "xid8": (f"({K})::text::xid8", None),
    "regclass": ("'pg_class'::regclass", 1),
    "regtype": ("'integer'::regtype", 1),
    "regproc": ("'now'::regproc", 1),
}


def values_of(
    type_: Type, full: str, modifier: int, restriction: Restriction = FREE, *,
    distinct: int = 1, seed: int = 0, plain: bool = False,
) -> Values:  # fmt: skip
    """Return values of a type, as its innermost base type; the caller casts them.

    Args:
        type_: with what it is made of.
        full: its name with the modifier.
        modifier: ``atttypmod``.
        restriction: what rules leave of it.
        distinct: how many must differ, if they can.
        seed: of what is drawn by chance.
        plain: texts are short and of plain letters.

    Raises:
        FormatError: no value is known, or none is left; with the reason.
    """
    if type_.kind == "d":
        return _of_domain(type_, restriction, distinct, seed)
    if restriction.among is not None:
        kept = tuple(constant(value) for value in _kept(restriction))
        if not kept:
            raise FormatError("its rules leave no value")
        return listed(kept, full)
    if type_.kind == "e":
        refused = {value.value for value in restriction.excluded}
        labels = tuple(quoted_text(label) for label in type_.labels if label not in refused)
        if not labels:
            raise FormatError(f"the enum {type_.name} has no label that is allowed")
        return listed(labels, type_.name)
    if type_.is_array:
        return _of_array(type_, modifier, restriction, distinct, seed)
    if type_.kind in {"r", "m"}:
        return _of_range(type_, distinct, seed)
    if type_.kind == "c":
        return _of_composite(type_, distinct, seed)
    return _of_base(type_.base, full, modifier, restriction, distinct, seed, plain)


def base_type(type_: Type, full: str, modifier: int) -> tuple[Type, str, int]:
    """Return what a domain stands for, the type itself otherwise."""
    while type_.kind == "d" and type_.element is not None:
        modifier = type_.modifier if type_.modifier >= 0 else modifier
        type_ = type_.element
        full = type_.name
    return type_, full, modifier


def domain_checks(type_: Type) -> tuple[str, ...]:
    """Return the checks of a domain and of the domains below it, over ``VALUE``."""
    found: tuple[str, ...] = ()
    while type_.kind == "d" and type_.element is not None:
        found += type_.checks
        type_ = type_.element
    return found


def _of_domain(type_: Type, restriction: Restriction, distinct: int, seed: int) -> Values:
    """Values of the base that pass the domain's checks, as far as they are read."""
    base, full, modifier = base_type(type_, type_.name, -1)
    options = [restriction]
    for check in domain_checks(type_):
        tree = read_sql(check, types={"value": base.name, "VALUE": base.name})
        options = [
            merged
            for option in options
            for way in ways(tree)
            if (merged := _with_way(option, way)) is not None
        ][:16]
    reason = "the domain's checks contradict each other"
    for option in options:
        try:
            return values_of(base, full, modifier, replace(option, null=restriction.null),
                             distinct=distinct, seed=seed)  # fmt: skip
        except FormatError as error:
            reason = str(error)
    raise FormatError(f"the domain {type_.name}: {reason}")


def _with_way(option: Restriction, way: tuple) -> Restriction | None:
    for tree, positive in way:
        found = said(tree, positive)
        if found.restriction is not None and found.column.lower() == "value":
            merged = option & found.restriction
            if merged is None:
                return None
            option = merged
    return option


def _kept(restriction: Restriction) -> tuple[Literal, ...]:
    """The values of a list that lie between the bounds, where those are numbers."""
    kept = []
    for value in restriction.among or ():
        if len(value.value) < restriction.shortest:
            continue
        if restriction.longest is not None and len(value.value) > restriction.longest:
            continue
        try:
            number = float(value.value)
        except ValueError:
            kept.append(value)
            continue
        if all(
            _holds(number, bound.value, bound.inclusive, low=True) for bound in restriction.lows
        ) and all(
            _holds(number, bound.value, bound.inclusive, low=False) for bound in restriction.highs
        ):
            kept.append(value)
    return tuple(kept)


def _holds(number: float, value: object, inclusive: bool, *, low: bool) -> bool:
    try:
        end = float(getattr(value, "value", ""))
    except ValueError:
        return True
    if number == end:
        return inclusive
    return number > end if low else number < end


def _of_array(
    type_: Type, modifier: int, restriction: Restriction, distinct: int, seed: int
) -> Values:
    assert type_.element is not None
    # The modifier of an array is that of its members.
    member = values_of(type_.element, type_.element.name, modifier, distinct=distinct, seed=seed)
    member = member.cast(type_.element.name)
    first, second = member.at(f"({K})"), member.at(f"(({K}) + 1)")
    name = type_.name
    least = restriction.shortest
    if least > 1:
        joined = ", ".join(member.at(f"(({K}) + {place})") for place in range(min(least, 50)))
        return Values(f"ARRAY[{joined}]::{name}", member.count)
    if distinct > 1 or least == 1 or restriction.longest == 1:
        return Values(f"ARRAY[{first}]::{name}", member.count)
    return Values(
        f"CASE (({K}) / 3) % 3 WHEN 0 THEN ARRAY[{first}]::{name} WHEN 1 THEN '{{}}'::{name} "
        f"ELSE ARRAY[{first}, {second}]::{name} END",
        None,
    )


def _of_range(type_: Type, distinct: int, seed: int) -> Values:
    """Ranges that lie apart from each other, so that any two may stand in one table."""
    assert type_.element is not None
    if type_.kind == "m":
        inner = _of_range(type_.element, distinct, seed)
        return Values(f"{type_.name}({inner.sql})", inner.count)
    bound = values_of(type_.element, type_.element.name, -1, distinct=distinct * 4, seed=seed)
    bound = bound.cast(type_.element.name)
    if not bound.ascending:
        return Values(f"{type_.name}({bound.sql}, {bound.sql}, '[]')", bound.count)
    count = None if bound.count is None else max(bound.count // 4, 1)
    counter = f"(({K}) * 4)" if count is None else f"((({K}) % {count}) * 4)"
    low, high = bound.at(counter), bound.at(f"({counter} + 2)")
    return Values(f"{type_.name}({low}, {high}, '[)')", count)


def _of_composite(type_: Type, distinct: int, seed: int) -> Values:
    parts = []
    for _, kind, modifier in type_.attributes:
        part = values_of(kind, kind.name, modifier, distinct=distinct, seed=seed)
        parts.append(part.cast(kind.name).sql)
    return Values(f"ROW({', '.join(parts)})::{type_.name}")


def _of_base(
    base: str,
    full: str,
    modifier: int,
    restriction: Restriction,
    distinct: int,
    seed: int,
    plain: bool,
) -> Values:
    if base in NUMERIC:
        found = numbers(base, modifier, restriction, distinct)
        return Values(f"({found.sql})::numeric::money", found.count) if base == "money" else found
    if base in TEMPORAL:
        return moments(base, restriction, distinct)
    if base in TEXTS:
        limit = {"name": 63, "char": 1}.get(base)
        if base in {"varchar", "bpchar"} and modifier >= 4:
            limit = modifier - 4
        return texts(limit, restriction, distinct=distinct, seed=seed, plain=plain)
    if base == "bool":
        return Values(f"(({K}) % 2 = 1)", 2)
    if base in {"json", "jsonb"}:
        return _of_json(base, restriction)
    if base in {"bit", "varbit"}:
        width = modifier if modifier > 0 else 1 if base == "bit" else 16
        count = 2 ** min(width, 40)
        return Values(f"(({K}) % {count})::bigint::bit({width})", count)
    if base in {"geometry", "geography"}:
        return _of_space(base, full)
    if base in {"vector", "halfvec"}:
        size = re.search(r"\((\d+)\)", full)
        return Values(f"array_fill((({K}) % 1000)::real, ARRAY[{size[1] if size else 3}])::{base}")
    if base in PLAIN:
        sql, count = PLAIN[base]
        return Values(sql, count)
    raise FormatError(f"no values of the type {full} are known")


def _of_json(base: str, restriction: Restriction) -> Values:
    match restriction.kind:
        case "array":
            return Values(f"{base}_build_array({K}, 'row')".replace("jsonb_", "jsonb_"))
        case "string":
            return Values(f"to_{base}('row ' || ({K}))")
        case "number":
            return Values(f"to_{base}({K})")
        case "boolean":
            return Values(f"to_{base}(({K}) % 2 = 1)", 2)
        case "null":
            return Values(f"'null'::{base}", 1)
    named = "".join(f", {quoted_text(key)}, ({K})" for key in restriction.entries)
    return Values(f"{base}_build_object('row', {K}, 'text', 'größe'{named})")


def _of_space(base: str, full: str) -> Values:
    """A shape in Extended Well-Known Text, by the type's modifier as PostGIS prints it."""
    match = SPATIAL.search(full)
    shape = SHAPES.get(match["shape"].lower() if match else "point", SHAPES["point"])
    srid = (match["srid"] if match else None) or ("4326" if base == "geography" else "0")
    text = shape.format(x=f"' || ({K}) % 50 || '", y=f"' || (({K}) / 50) % 50 || '")
    return Values(f"('SRID={srid};{text}')::{base}", 2500)
