"""What the raw log holds last of each record, as far as the next read must know it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple


class HeldVersion(NamedTuple):
    """The latest row that the raw log holds of one record."""

    version_hash: str
    record_updated_at: datetime | None
    is_deleted: bool


def live_ids(held: Mapping[str, HeldVersion], since: datetime | None) -> set[str]:
    """Return the ids of the versions that are not deleted, stamped since then if it is given."""
    return {
        record_id
        for record_id, (_, stamp, is_deleted) in held.items()
        if not is_deleted and (since is None or (stamp is not None and stamp >= since))
    }
