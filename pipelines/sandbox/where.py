"""Xero's `where` and `order`: the documented simple forms, as tests and sort keys over records.

    Type=="BANK"
    AmountDue > 5000 and DueDate > DateTime(2015, 01, 01)
    Contact.ContactID == Guid("…") && Status == "AUTHORISED"
    Name.Contains("Peter") || Name.StartsWith("P")

A field that a record does not have is null: equal to null alone, never greater or less.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

Record = Mapping[str, Any]
Value = Callable[[Record], Any]

_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<number>-?\d+(?:\.\d+)?)
    |(?P<operator>==|!=|<>|>=|<=|&&|\|\||[=<>!(),])|(?P<name>[A-Za-z_][\w.]*))""",
    re.VERBOSE,
)
_IS_FIELD = re.compile(r"(?!(?:true|false|null)$)[A-Za-z_][\w.]*", re.IGNORECASE)
_BEGIN_CONSTANTS = frozenset('"-0123456789')
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    **{"==": operator.eq, "=": operator.eq, "!=": operator.ne, "<>": operator.ne},
    **{">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le},
}
_METHODS: dict[str, Callable[[str, str], bool]] = {
    "Contains": lambda text, part: part.lower() in text.lower(),
    "StartsWith": lambda text, part: text.lower().startswith(part.lower()),
    "EndsWith": lambda text, part: text.lower().endswith(part.lower()),
}
_CONSTANTS = {"true": True, "false": False, "null": None}


class QueryParseError(Exception):
    """The `where` or `order` cannot be understood; Xero answers 400 QueryParseException."""


def parse_where(text: str) -> Callable[[Record], bool]:
    """Return the test that a `where` parameter describes.

    Raises:
        QueryParseError: It is not in one of the forms above.
    """
    parser = _Parser(_tokens(text))
    test = parser.either()
    if parser.peek() is not None:
        raise QueryParseError(f"Syntax error at {parser.peek()!r}")
    return lambda record: bool(test(record))


def sort_by(records: Iterable[Record], order: str) -> list[Record]:
    """Return the records in the order of an `order` parameter such as `Name DESC, Date`.

    Raises:
        QueryParseError: A direction is neither ASC nor DESC, or a field cannot be ordered.
    """
    ordered = list(records)
    for part in reversed(order.split(",")):
        field, _, direction = part.strip().partition(" ")
        if not field or direction.strip().upper() not in ("", "ASC", "DESC"):
            raise QueryParseError(f"Syntax error at {part.strip()!r}")
        value = _field(field)
        try:
            ordered.sort(
                key=lambda record, value=value: _sortable(value(record)),
                reverse=direction.strip().upper() == "DESC",
            )
        except TypeError as error:
            raise QueryParseError(f"{field!r} has no order") from error
    return ordered


def value_at(record: Record, path: str) -> Any:
    """Return the value at a dotted path, None where the record has none."""
    found: Any = record
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _sortable(value: Any) -> tuple[bool, Any]:
    return (value is not None, value)


def _tokens(text: str) -> list[str]:
    tokens, position, text = [], 0, text.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise QueryParseError(f"Syntax error at {text[position:]!r}")
        tokens.append(match.group().strip())
        position = match.end()
    return tokens


def _field(path: str) -> Value:
    path = path.removesuffix(".Value")
    return lambda record: _comparable(value_at(record, path))


def _comparable(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value


@dataclass(frozen=True)
class _Equality:
    """`field == constant`. Many of one field in an OR are looked up at once."""

    path: str
    value: Any

    def __call__(self, record: Record) -> bool:
        return _comparable(value_at(record, self.path)) == self.value


def _any_of(tests: list[Value]) -> Value:
    equalities = [test for test in tests if isinstance(test, _Equality)]
    if len(equalities) == len(tests) and len({one.path for one in equalities}) == 1:
        path, values = equalities[0].path, {one.value for one in equalities}

        def is_one(record: Record) -> bool:
            value = _comparable(value_at(record, path))
            return isinstance(value, Hashable) and value in values

        return is_one
    return lambda record: any(test(record) for test in tests)


def _compare(name: str, left: Value, right: Value) -> Value:
    test = _COMPARE[name]
    is_equality = name in ("==", "=", "!=", "<>")

    def check(record: Record) -> bool:
        one, other = left(record), right(record)
        if not is_equality and (one is None or other is None):
            return False
        try:
            return test(one, other)
        except TypeError as error:
            raise QueryParseError(f"Operator {name!r} incompatible with these operands") from error

    return check


class _Parser:
    """Recursive descent over the tokens: or, and, not, comparison, operand."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._position = 0

    def peek(self) -> str | None:
        return self._tokens[self._position] if self._position < len(self._tokens) else None

    def take(self, expected: str | None = None) -> str:
        token = self.peek()
        if token is None or (expected is not None and token != expected):
            raise QueryParseError(f"{expected or 'Expression'} expected")
        self._position += 1
        return token

    def either(self) -> Value:
        tests = [self._both()]
        while (self.peek() or "").upper() in ("||", "OR"):
            self.take()
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else _any_of(tests)

    def _both(self) -> Value:
        tests = [self._comparison()]
        while (self.peek() or "").upper() in ("&&", "AND"):
            self.take()
            tests.append(self._comparison())
        return tests[0] if len(tests) == 1 else lambda record: all(one(record) for one in tests)

    def _comparison(self) -> Value:
        if self.peek() == "!":
            self.take()
            negated = self._comparison()
            return lambda record: not negated(record)
        if self.peek() == "(":
            self.take()
            inner = self.either()
            self.take(")")
            return inner
        start = self._position
        left = self._operand()
        if self.peek() not in _COMPARE:
            return left
        operands = self._tokens[start : self._position]
        name, constant = self.take(), (self.peek() or "")
        right = self._operand()
        is_plain = len(operands) == 1 and _IS_FIELD.fullmatch(operands[0])
        if is_plain and name in ("==", "=") and constant[:1] in _BEGIN_CONSTANTS:
            return _Equality(operands[0].removesuffix(".Value"), right({}))
        return _compare(name, left, right)

    def _operand(self) -> Value:
        token = self.take()
        if token.startswith('"'):
            text = token[1:-1].replace('\\"', '"').replace("\\\\", "\\")
            return lambda _: text
        if token[0].isdigit() or token[0] == "-":
            number = Decimal(token)
            return lambda _: number
        if token.lower() in _CONSTANTS:
            constant = _CONSTANTS[token.lower()]
            return lambda _: constant
        if not (token[0].isalpha() or token[0] == "_"):
            raise QueryParseError(f"Syntax error at {token!r}")
        return self._call(token) if self.peek() == "(" else _field(token)

    def _call(self, name: str) -> Value:
        arguments = self._arguments()
        path, _, method = name.rpartition(".")
        try:
            if name.lower() == "datetime":
                instant = datetime(*(int(one) for one in arguments), tzinfo=UTC)  # type: ignore[misc]
                return lambda _: instant
            if name.lower() == "guid":
                (guid,) = arguments
                return lambda _: str(guid).lower()
            (part,) = arguments
            test, field = _METHODS[method], _field(path)
        except (KeyError, TypeError, ValueError) as error:
            raise QueryParseError(f"No applicable method {name!r} exists") from error
        return lambda record: test(str(field(record) or ""), str(part))

    def _arguments(self) -> list[Any]:
        self.take("(")
        values = []
        while self.peek() != ")":
            values.append(self._operand()({}))
            if self.peek() == ",":
                self.take()
        self.take(")")
        return values
