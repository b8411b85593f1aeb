"""Which settings files there are, their columns, keys and allowed values, as data.

The meaning of each is in the data contracts, section 2. Every file begins with `tenant_id`, an
organisation's id or `*` for all; a missing file means the documented default.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

DOCUMENT_TYPES = ("invoice", "credit_note", "purchase", "adjustment", "stock_take", "cogs")
TENANT = re.compile(r"\*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class SettingsFile:
    """One CSV file.

    Attributes:
        name: The file's name without `.csv`, also the raw table.
        columns: All columns, in order, `tenant_id` first.
        key: The columns that name a row within a tenant.
        required: The columns that the header must have.
        filled: The columns that may not be blank.
        any_of: At least one of these may not be blank.
        values: The allowed values of a column.
        dates: The columns that hold a date (YYYY-MM-DD) or nothing.
        flags: The columns that hold `true` or `false`.
    """

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    filled: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that the header must have."""
        return ("tenant_id", *self.filled, *(self.any_of[:1] if len(self.any_of) == 1 else ()))

    def problems(self, row: Mapping[str, str]) -> Iterator[str]:
        """Yield what is wrong with a row, column by column."""
        if not TENANT.fullmatch(row["tenant_id"]):
            yield f"tenant_id {row['tenant_id']!r} is neither an organisation's id nor *"
        for column in self.filled:
            if not row[column]:
                yield f"{column} is blank"
        if self.any_of and not any(row[column] for column in self.any_of):
            yield f"{' and '.join(self.any_of)} are blank; fill one"
        for column, allowed in self.values.items():
            if row[column] and row[column] not in allowed:
                yield f"{column} {row[column]!r} is none of {', '.join(allowed)}"
        for column in self.flags:
            if row[column] not in ("true", "false"):
                yield f"{column} {row[column]!r} is neither true nor false"
        for column in self.dates:
            if row[column] and not _is_date(row[column]):
                yield f"{column} {row[column]!r} is no date (YYYY-MM-DD)"


SETTINGS_FILES: tuple[SettingsFile, ...] = (
    SettingsFile(
        "gl_defaults",
        ("tenant_id", "role", "account_code", "tax_type"),
        key=("role",),
        filled=("role",),
    ),
    SettingsFile(
        "analysis_slots",
        ("tenant_id", "analysis_slot", "tracking_category_id", "tracking_category_name"),
        key=("analysis_slot",),
        filled=("analysis_slot",),
        any_of=("tracking_category_id", "tracking_category_name"),
        values={"analysis_slot": ("2", "3")},
    ),
    SettingsFile(
        "tracking_relevance",
        (
            "tenant_id",
            "tracking_category_id",
            "tracking_category_name",
            "tracking_option_id",
            "tracking_option_name",
            "is_relevant",
        ),
        key=(
            "tracking_category_id",
            "tracking_category_name",
            "tracking_option_id",
            "tracking_option_name",
        ),
        any_of=("tracking_category_id", "tracking_category_name"),
        flags=("is_relevant",),
    ),
    SettingsFile(
        "tracking_mandatory",
        (
            "tenant_id",
            "document_type",
            "tracking_category_id",
            "tracking_category_name",
            "is_mandatory",
        ),
        key=("document_type", "tracking_category_id", "tracking_category_name"),
        filled=("document_type",),
        any_of=("tracking_category_id", "tracking_category_name"),
        values={"document_type": DOCUMENT_TYPES},
        flags=("is_mandatory",),
    ),
    SettingsFile(
        "tax_mappings",
        ("tenant_id", "source_system", "source_tax_code", "side", "xero_tax_type"),
        key=("source_system", "source_tax_code", "side"),
        filled=("source_system", "source_tax_code", "side", "xero_tax_type"),
        values={"side": ("sales", "purchases")},
    ),
    SettingsFile(
        "template_contacts",
        ("tenant_id", "contact_id", "contact_name"),
        key=("contact_id", "contact_name"),
        any_of=("contact_id", "contact_name"),
    ),
    SettingsFile(
        "analysis_code_map",
        ("tenant_id", "account_id", "account_code", "valid_from", "valid_to", "report_as_code"),
        key=("account_id", "account_code", "valid_from"),
        filled=("report_as_code",),
        any_of=("account_id", "account_code"),
        dates=("valid_from", "valid_to"),
    ),
    SettingsFile(
        "reconciliation_causes",
        ("tenant_id", "cause", "account_id", "account_code"),
        key=("cause", "account_id", "account_code"),
        filled=("cause",),
        any_of=("account_id", "account_code"),
    ),
    SettingsFile(
        "coding_policy",
        ("tenant_id", "policy", "value"),
        key=("policy",),
        filled=("policy", "value"),
    ),
    SettingsFile(
        "account_eligibility",
        (
            "tenant_id",
            "role",
            "account_class",
            "account_type",
            "needs_payments_enabled",
            "is_allowed",
        ),
        key=("role", "account_class", "account_type"),
        filled=("role",),
        flags=("needs_payments_enabled", "is_allowed"),
    ),
    SettingsFile(
        "tracking_remap",
        ("tenant_id", "tracking_option_id", "use_option_id"),
        key=("tracking_option_id",),
        filled=("tracking_option_id", "use_option_id"),
    ),
    SettingsFile(
        "target_codes",
        ("tenant_id", "target", "field", "value", "write_as"),
        key=("target", "field", "value"),
        filled=("target", "field", "value", "write_as"),
    ),
    SettingsFile(
        "push_policy",
        ("tenant_id", "target", "entity", "operation", "mode", "max_records", "max_share"),
        key=("target", "entity", "operation"),
        filled=("target", "entity", "operation", "mode"),
        values={"mode": ("off", "manual", "auto")},
    ),
)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
