"""Errors of this layer, and which errors need no traceback."""

from __future__ import annotations


class CannotRun(Exception):
    """A command cannot do what it was asked; the message says why and what to do."""


def is_expected(error: Exception) -> bool:
    """Whether the error's text is all that a person needs; any other one is a fault of ours."""
    from pipelines.failures import ReadFailure
    from pipelines.landing import RowsLost
    from pipelines.publish import PublishError
    from pipelines.push.errors import PushError
    from pipelines.settings import SettingsError
    from pipelines.warehouse import WarehouseBusy

    ours = (CannotRun, PublishError, PushError, ReadFailure, RowsLost)
    return isinstance(error, (*ours, SettingsError, WarehouseBusy))
