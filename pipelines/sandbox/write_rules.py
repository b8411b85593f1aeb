"""What the reference leaves open about writing: decided here, and changed by a test that needs it.

For example `server.app.writes.rules = WriteRules(posts_as_adviser=True)`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WriteRules:
    """How strict the sandbox is where Xero's documentation is silent; README.md gives the reasons.

    Attributes:
        refused_types: Account types that no document line and no journal line may use.
        refused_system_accounts: System accounts that no document line may use.
        journal_refused_system_accounts: System accounts that no journal line may use.
        posts_as_adviser: Whether PeriodLockDate does not bind the app, as when an adviser
            connected it. EndOfYearLockDate binds everyone.
        accepts_archived_tracking: Whether a new line may carry an archived option.
        drops_tracking: Whether all tracking of all writes is silently dropped.
        posts_find_contacts_by_name: Whether a POST of a contact without id, whose number nobody
            has, changes the active contact of its name.
        account_numbers_are_unique: Whether a contact may not take the AccountNumber of another
            active one (xero-php#880).
        refuses_unknown_contact_options: Whether default tracking with an option that is unknown
            or archived is refused; otherwise it is silently dropped.
        currencies: What the organisation is subscribed to; None: the base currency and those of
            its bank accounts, contacts and documents.
        max_bytes: The largest body.
    """

    refused_types: frozenset[str] = frozenset({"BANK"})
    refused_system_accounts: frozenset[str] = frozenset({"DEBTORS", "CREDITORS", "UNPAIDEXPCLM"})
    journal_refused_system_accounts: frozenset[str] = frozenset(
        {"DEBTORS", "CREDITORS", "UNPAIDEXPCLM", "RETAINEDEARNINGS"}
    )
    posts_as_adviser: bool = False
    accepts_archived_tracking: bool = False
    drops_tracking: bool = False
    posts_find_contacts_by_name: bool = True
    account_numbers_are_unique: bool = True
    refuses_unknown_contact_options: bool = False
    currencies: frozenset[str] | None = None
    max_bytes: int = 10_000_000
