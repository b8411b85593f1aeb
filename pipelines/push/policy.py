"""What may be written, and how much at once: `push_policy.csv`.

In: the settings folder. Out: a `PushPolicy`. Silence means off. The row of an organisation goes
before the row for all (`*`). The file itself is read, not the table made of it: what was switched
off a minute ago is off now. Its version is the hash of its bytes, kept with each approval.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pipelines.bookkeeping import ALL_TENANTS, Row, read_settings_files
from pipelines.settings import SettingsError

OFF, MANUAL, AUTO = "off", "manual", "auto"

AUTO_ALLOWED = frozenset(
    {
        ("xero", "items"),
        ("xero", "contacts"),
        ("prospect", "product_items"),
        ("prospect", "sales_ledgers"),
        ("prospect", "xero_analysis_codes"),
    }
)
"""What a policy may approve: items, contacts and CRM codes, never a document or a journal."""

_FILE = "push_policy"
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Rule:
    """What holds for one kind of operation.

    Attributes:
        mode: off, manual (a person approves) or auto (the policy does).
        max_records: A plan with more of them is stopped; None: any number.
        max_share: A plan that writes more than this share (0 to 1) of the records that the
            desired state lists is stopped; None: any share.
    """

    mode: str = OFF
    max_records: int | None = None
    max_share: Decimal | None = None


@dataclass(frozen=True)
class PushPolicy:
    """The rules by (tenant_id or *, target, entity, operation)."""

    version: str
    rules: Mapping[Key, Rule]

    def rule(self, tenant_id: str, target: str, entity: str, operation: str) -> Rule:
        """Return the rule for one kind of operation; off where nothing is said."""
        of_all = self.rules.get((ALL_TENANTS, target, entity, operation), Rule())
        return self.rules.get((tenant_id, target, entity, operation), of_all)

    def is_on(self, tenant_id: str, target: str, entity: str) -> bool:
        """Whether any operation on an entity is switched on: then no other program may do it."""
        operations = {key[3] for key in self.rules if key[1:3] == (target, entity)}
        return any(self.rule(tenant_id, target, entity, each).mode != OFF for each in operations)


def read_policy(folder: Path) -> PushPolicy:
    """Return the policy of a settings folder.

    Raises:
        SettingsError: A settings file is not valid, or a row asks for what no policy may do.
    """
    path = folder / f"{_FILE}.csv"
    content = path.read_bytes() if path.exists() else b""
    problems: list[str] = []
    rules = {}
    for number, row in enumerate(read_settings_files(folder)[_FILE], start=1):
        key = (row["tenant_id"], row["target"], row["entity"], row["operation"])
        try:
            rules[key] = _rule(row)
        except ValueError as error:
            problems.append(f"{path}, row {number}: {error}")
    if problems:
        raise SettingsError("\n".join(problems))
    return PushPolicy(hashlib.sha256(content).hexdigest(), rules)


def _rule(row: Row) -> Rule:
    if row["mode"] == AUTO and (row["target"], row["entity"]) not in AUTO_ALLOWED:
        raise ValueError(
            f"a policy may not approve {row['target']} {row['entity']}; write manual, and a person"
            " approves them."
        )
    if row["mode"] == AUTO and row["operation"] not in ("create", "update"):
        raise ValueError(f"a policy may not approve the operation {row['operation']!r}.")
    return Rule(row["mode"], _count(row["max_records"]), _share(row["max_share"]))


def _count(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal():
        raise ValueError(f"max_records {text!r} is no number of records.")
    return int(text)


def _share(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        share = Decimal(text)
    except InvalidOperation:
        share = Decimal(-1)
    if not share.is_finite() or not 0 <= share <= 1:
        raise ValueError(f"max_share {text!r} is no share from 0 to 1 (0.2 is a fifth).")
    return share
