"""What an organisation's books begin with, and what currencies are worth: conversion, day rates.

Conversion balances are what was taken over from the books before Xero, on the day before the first
documents; they are in no document. Rates are foreign units for one unit of base currency, as Xero's
CurrencyRate; a day has the latest rate known on it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from pipelines.sandbox.documents import ZERO
from pipelines.sandbox.tables import DemoDataError, day, decimal, read_rows, record_id


@dataclass(frozen=True, slots=True)
class OpeningBalance:
    """One account's balance, debit positive; `currency_amount` that of a foreign bank account."""

    account_id: str
    amount: Decimal
    currency_amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Opening:
    """The balances at `date`, and the day rates by currency, in order of their dates."""

    date: date = date.min
    balances: tuple[OpeningBalance, ...] = ()
    rates: dict[str, list[tuple[date, Decimal]]] = field(default_factory=dict)

    def rate(self, currency: str, on: date) -> Decimal | None:
        """Return the latest rate on a day (before the first: the first); None if none is known."""
        known = self.rates.get(currency)
        if not known:
            return None
        at = bisect_right(known, on, key=lambda entry: entry[0])
        return known[max(at - 1, 0)][1]


def read_opening(folder: Path, tenant_id: str) -> Opening:
    """Read `conversion_balances.csv` and `exchange_rates.csv`, which may both be absent.

    Raises:
        DemoDataError: The balances do not add up to zero.
    """
    rows = read_rows(folder / "conversion_balances.csv")
    balances = tuple(
        OpeningBalance(
            record_id(tenant_id, "Accounts", row["account"]),
            Decimal(row["amount"]),
            decimal(row["currency_amount"]) or ZERO,
        )
        for row in rows
    )
    if sum((one.amount for one in balances), ZERO) != ZERO:
        raise DemoDataError(f"{folder / 'conversion_balances.csv'}: debits and credits differ")
    rates: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    for row in read_rows(folder / "exchange_rates.csv"):
        dated = day(row["date"])
        assert dated is not None, row
        rates[row["currency"]].append((dated, Decimal(row["rate"])))
    opened = day(rows[0]["date"]) if rows else None
    return Opening(opened or date.min, balances, {key: sorted(one) for key, one in rates.items()})
