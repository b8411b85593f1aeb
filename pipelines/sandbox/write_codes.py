"""Whether a line may use an account and a tax type, in Xero's words.

The texts are those of the reference (section 7). Which account types a document takes is nowhere
documented; the default of `WriteRules` is the reference's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pipelines.sandbox.configuration import Record
from pipelines.sandbox.write_body import Given
from pipelines.sandbox.write_call import Findings, WriteCall

CAN_APPLY_TO = {
    "ASSET": "CanApplyToAssets",
    "EQUITY": "CanApplyToEquity",
    "EXPENSE": "CanApplyToExpenses",
    "LIABILITY": "CanApplyToLiabilities",
    "REVENUE": "CanApplyToRevenue",
}


@dataclass(frozen=True)
class AccountChoice:
    """What a line says about its account: the code as given, and the account if there is one."""

    shown: str
    account: Record | None

    @property
    def is_usable(self) -> bool:
        """Whether there is such an account, and it is neither archived nor deleted."""
        return self.account is not None and self.account["Status"] == "ACTIVE"


def choose_account(given: Given, call: WriteCall, default: str | None = None) -> AccountChoice:
    """Return the account that a line names by AccountCode, else AccountID, else `default` (a code).

    Of two accounts with one code, the active one.
    """
    accounts = call.organisation.records["Accounts"]
    code, identity = given.text("AccountCode"), given.text("AccountID")
    if not code and identity:
        found = accounts.get(identity.lower())
        return AccountChoice((found or {}).get("Code") or identity, found)
    code = code or default or ""
    held = call.organisation.account_id(code)
    return AccountChoice(code, accounts[held] if held else None)


def check_account(choice: AccountChoice, call: WriteCall, found: Findings) -> Record | None:
    """Return the account a document line is posted to; None, with the reason, if it may not be."""
    rules = call.rules
    if choice.account is not None and not choice.is_usable:
        found.refuse(
            f"Account code '{choice.shown}' has been archived, or has been deleted. "
            "Each line item must reference a valid account."
        )
        return None
    if choice.account is None or is_refused(choice.account, call, rules.refused_system_accounts):
        found.refuse(f"Account code '{choice.shown}' is not a valid code for this document.")
        return None
    return choice.account


def is_refused(account: Record, call: WriteCall, system_accounts: Collection[str]) -> bool:
    """Whether an account is a bank or system account that lines may not use."""
    kind, system = account["Type"], account.get("SystemAccount")
    return kind in call.rules.refused_types or system in system_accounts


def check_tax_type(
    tax_type: str, account: Record | None, call: WriteCall, found: Findings
) -> str | None:
    """Return the tax type if it may stand on a line of this account, else None with the reason.

    Both texts for an unknown type, as Xero answers (Xero-Java#336). A rate that does not say to
    what it can apply, applies.
    """
    rate = call.organisation.records["TaxRates"].get(tax_type)
    exists = rate is not None and rate.get("Status", "ACTIVE") == "ACTIVE"
    if not exists:
        found.refuse(
            f"The TaxType code {tax_type} does not exist or cannot be used for this type of "
            "transaction."
        )
    if account is not None:
        applies = exists and (rate or {}).get(CAN_APPLY_TO[account["Class"]], True)
        if not applies:
            code = account.get("Code", account["AccountID"])
            found.refuse(
                f"The TaxType code '{tax_type}' cannot be used with account code '{code}'."
            )
            return None
    return tax_type if exists else None
