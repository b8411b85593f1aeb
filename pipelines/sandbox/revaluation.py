"""What is held and owed in foreign currencies, worth at a report's date: unrealised gains.

Xero revalues at the date of each report and posts no journal for it: receivables and payables
against UNREALISEDCURRENCYGAIN, bank accounts against BANKCURRENCYGAIN. So an amount here is the
whole adjustment since the books began; a period's gain is the difference of two of them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.sandbox.documents import ZERO
from pipelines.sandbox.postings import to_base

if TYPE_CHECKING:
    from pipelines.sandbox.organisation import Organisation


def revaluation(organisation: Organisation, as_at: date) -> dict[str, Decimal]:
    """Return {account id: adjustment} at the end of a day, debit positive, summing to zero.

    A currency without a known rate is left as it was booked, and so is everything in a chart
    without the accounts that take the gain.
    """
    accounts = organisation.records["Accounts"]
    gains = {
        account["SystemAccount"]: identity
        for identity, account in accounts.items()
        if account.get("SystemAccount") in ("UNREALISEDCURRENCYGAIN", "BANKCURRENCYGAIN")
    }
    adjusted: dict[str, Decimal] = {}
    for (account_id, currency), (amount, base) in organisation.books.foreign(as_at).items():
        is_bank = accounts[account_id]["Type"] == "BANK"
        gain_id = gains.get("BANKCURRENCYGAIN" if is_bank else "UNREALISEDCURRENCYGAIN")
        rate = organisation.opening.rate(currency, as_at)
        if gain_id is None or rate is None:
            continue
        adjustment = to_base(amount, rate) - base
        if adjustment:
            adjusted[account_id] = adjusted.get(account_id, ZERO) + adjustment
            adjusted[gain_id] = adjusted.get(gain_id, ZERO) - adjustment
    return adjusted
