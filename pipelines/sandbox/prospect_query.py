"""OData's query options as the sandbox's Prospect takes them: parsed, checked, then applied.

`odata-query` parses `$filter` into a tree; its own translators turn a path into another record, or
a lambda, into nonsense without a word, so the tree is walked here: only properties of the set,
literals and the functions named below pass, anything else is an error.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from odata_query import ast
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser

from pipelines.sandbox.prospect_model import EntitySet

Values = Mapping[str, Any]
Expression = Callable[[Values], Any]
PAGE = 1000

_COMPARATORS: dict[type, Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_FUNCTIONS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part.casefold() in text.casefold(),
    "startswith": lambda text, part: text.casefold().startswith(part.casefold()),
    "endswith": lambda text, part: text.casefold().endswith(part.casefold()),
}


class QueryError(Exception):
    """A query option that cannot be used; the message says which."""


@dataclass(frozen=True)
class Query:
    """What was asked for. `skip` and `top` cut the page out of the ordered, filtered list."""

    names: tuple[str, ...]
    keep: Expression
    order: tuple[tuple[str, bool], ...]
    skip: int
    top: int
    is_counted: bool

    def apply(self, records: Iterable[Values]) -> tuple[list[dict[str, Any]], int]:
        """Return the records of the page and how many match altogether."""
        found = [record for record in records if self.keep(record)]
        for name, is_descending in reversed(self.order):
            found.sort(key=lambda record, name=name: _sortable(record[name]), reverse=is_descending)
        page = found[self.skip : self.skip + self.top]
        return [{name: record[name] for name in self.names} for record in page], len(found)


def parse_query(entity_set: EntitySet, options: Mapping[str, str]) -> Query:
    """Read the query options of a request.

    Raises:
        QueryError: One is unknown, malformed, or names what the set does not have.
    """
    known = {"$select", "$filter", "$orderby", "$top", "$skip", "$count"}
    for option in options:
        if option.startswith("$") and option not in known:
            raise QueryError(f"The query option '{option}' is not supported.")
    names = tuple(name.strip() for name in options.get("$select", "").split(",") if name.strip())
    for name in names:
        _check(entity_set, name)
    return Query(
        names or tuple(entity_set.properties),
        parse_filter(entity_set, options["$filter"]) if "$filter" in options else lambda _: True,
        tuple(_order(entity_set, options.get("$orderby", ""))),
        _number(options, "$skip", 0),
        min(_number(options, "$top", PAGE), PAGE),
        options.get("$count") == "true",
    )


def parse_filter(entity_set: EntitySet, text: str) -> Expression:
    """Return the predicate that a `$filter` states.

    Raises:
        QueryError: It cannot be parsed, or goes beyond the set's own properties.
    """
    try:
        tree = ODataParser().parse(ODataLexer().tokenize(text))
    except ODataException as error:
        raise QueryError(f"Invalid $filter: {error}") from error
    return _expression(entity_set, tree)


def _expression(entity_set: EntitySet, node: Any) -> Expression:
    match node:
        case ast.BoolOp(op=op, left=left, right=right):
            first, second = _expression(entity_set, left), _expression(entity_set, right)
            if isinstance(op, ast.And):
                return lambda record: first(record) and second(record)
            return lambda record: first(record) or second(record)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _expression(entity_set, operand)
            return lambda record: not inner(record)
        case ast.Compare(comparator=comparator, left=left, right=right):
            return _comparison(
                comparator, _expression(entity_set, left), _expression(entity_set, right)
            )
        case ast.Call(func=ast.Identifier(name=name), args=[text, part]) if name in _FUNCTIONS:
            function = _FUNCTIONS[name]
            left, right = _expression(entity_set, text), _expression(entity_set, part)
            return lambda record: function(str(left(record) or ""), str(right(record)))
        case ast.Identifier(name=name):
            _check(entity_set, name)
            return lambda record: record[name]
        case ast.List(val=values):
            literals = [_literal(value) for value in values]
            return lambda _: literals
        case _:
            value = _literal(node)
            return lambda _: value


def _comparison(comparator: Any, left: Expression, right: Expression) -> Expression:
    def holds(record: Values) -> bool:
        one, other = left(record), right(record)
        if isinstance(comparator, ast.Eq):
            return one == other
        if isinstance(comparator, ast.NotEq):
            return one != other
        if isinstance(comparator, ast.In):
            return one in other
        # As in SQL, nothing is less or greater than null.
        known = one is not None and other is not None
        return known and _COMPARATORS[type(comparator)](one, other)

    return holds


def _literal(node: Any) -> Any:
    match node:
        case ast.Null():
            return None
        case ast.String(val=text) | ast.GUID(val=text):
            return text
        case ast.Integer(val=text):
            return int(text)
        case ast.Float(val=text):
            return Decimal(text)
        case ast.Boolean(val=text):
            return text == "true"
        case ast.Date(val=text):
            return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
        case ast.DateTime(val=text):
            return datetime.fromisoformat(text).astimezone(UTC)
        case ast.Attribute():
            raise QueryError("Paths into other records are not supported here.")
        case _:
            raise QueryError(f"{type(node).__name__} is not supported in $filter.")


def _order(entity_set: EntitySet, text: str) -> Iterable[tuple[str, bool]]:
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, _, direction = part.partition(" ")
        _check(entity_set, name)
        if direction not in ("", "asc", "desc"):
            raise QueryError(f"Invalid $orderby: {part}")
        yield name, direction == "desc"


def _check(entity_set: EntitySet, name: str) -> None:
    if name not in entity_set.properties:
        raise QueryError(f"Could not find a property named '{name}' on type of {entity_set.name}.")


def _number(options: Mapping[str, str], name: str, default: int) -> int:
    text = options.get(name, str(default))
    if not text.isdecimal():
        raise QueryError(f"Invalid value '{text}' for {name}.")
    return int(text)


def _sortable(value: Any) -> tuple[bool, Any]:
    return (value is not None, value)
