"""What stops a command of the write-back; each text says what to do."""

from __future__ import annotations


class PushError(Exception):
    """The base of them all: a person reads the text, nobody needs a traceback."""


class LedgerUnusable(PushError):
    """The ledger cannot be opened or brought up to date."""


class UnknownPlan(PushError):
    """No plan is called so."""


class UnknownOperation(PushError):
    """No operation is called so, or a pattern finds none in the plan."""


class PlanRefused(PushError):
    """The plan cannot be approved or applied as it is: expired, stopped, or out of date."""


class ApprovalRefused(PushError):
    """This person may not approve it."""
