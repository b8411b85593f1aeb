"""Chooses records of a plan by what a person calls them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from pipelines.push.errors import UnknownOperation
from pipelines.push.operations import Operation


def chosen(
    operations: Iterable[Operation], only: Sequence[str], excepted: Sequence[str]
) -> list[Operation]:
    """Return the operations that the patterns choose.

    Raises:
        UnknownOperation: A pattern finds none.
    """
    everything = list(operations)
    for pattern in (*only, *excepted):
        if not any(_matches(each, pattern) for each in everything):
            raise UnknownOperation(f"No record of the plan is called {pattern!r}.")
    return [
        each
        for each in everything
        if (not only or any(_matches(each, pattern) for pattern in only))
        and not any(_matches(each, pattern) for pattern in excepted)
    ]


def _matches(operation: Operation, pattern: str) -> bool:
    names = (
        operation.record_key,
        operation.label,
        operation.operation_id,
        f"{operation.relation}/{operation.record_key}",
    )
    asked = pattern.lower()  # as it stands first: a label may hold a bracket
    return any(asked == name.lower() or fnmatchcase(name.lower(), asked) for name in names)
