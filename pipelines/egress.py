"""What Xero's answers may cost: its API bills the bytes that leave it.

Each tier includes an amount a month; what is beyond it costs about AUD 2.40 a GB (Xero's prices of
March 2026, https://developer.xero.com/pricing). How much of the amount is spent, and whether Xero
counts bytes before or after compression, it does not say: so this is an estimate, of what the bytes
would cost if none were included, from those that came over the wire.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from pipelines.reads import ReadSummary

BYTES_PER_GB = 10**9
BILLED = "xero"


@dataclass(frozen=True)
class EgressPrice:
    """What a GB beyond the tier's amount costs."""

    per_gb: Decimal = Decimal("2.40")
    currency: str = "AUD"


@dataclass(frozen=True)
class Egress:
    """What was spent on Xero: calls, those of the rolling re-read among them, bytes and money."""

    calls: int
    reread_calls: int
    bytes: int
    estimate: Decimal
    currency: str

    def __str__(self) -> str:
        again = f", {self.reread_calls} of them for the whole re-read" if self.reread_calls else ""
        return (
            f"{self.calls:,} calls{again}, {self.bytes / 1_000_000:,.2f} MB; beyond what the tier "
            f"includes that is about {self.currency} {self.estimate} (an estimate)"
        )


def egress_of(reads: Iterable[ReadSummary], price: EgressPrice) -> Egress:
    """Return what these reads spent on Xero; those of other systems are left out."""
    billed = [read for read in reads if read.system == BILLED]
    received = sum(read.bytes for read in billed)
    estimate = price.per_gb * received / BYTES_PER_GB
    return Egress(
        calls=sum(read.calls for read in billed),
        reread_calls=sum(_reread_calls(read) for read in billed),
        bytes=received,
        estimate=estimate.quantize(Decimal("0.0001"), ROUND_HALF_UP),
        currency=price.currency,
    )


def _reread_calls(read: ReadSummary) -> int:
    return read.reread_calls or 0
