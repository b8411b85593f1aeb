"""Every document that the coding marts call sendable is taken by Xero as it stands.

Each is sent to a sandbox Xero of its own, as a draft and once more as final, because only a final
document needs an account on every line. The other way round, what is blocked is refused, or blocked
by a rule of ours that Xero does not have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from outgoing_documents import (
    OutgoingDocument,
    element_of,
    options_of,
    outgoing_documents,
    read_back,
    send_one,
)
from xero_writes import Outcome, XeroWriter

from pipelines.sandbox.limits import Limits
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import load_world

SANDBOX = Path(__file__).resolve().parents[2] / "data" / "sandbox"
AT_LEAST = {
    "sales invoice": 70,
    "purchases purchase": 25,
    "sales credit_note": 5,
    "purchases credit_note": 4,
    "stock adjustment": 2,
    "stock stock_take": 2,
    "stock cogs": 3,
}
SHAPES = {"REVENUE", "EXPENSE", "INVENTORY", "COGS", "ADJUSTMENT", "ROUNDING", "TEXT"}
FINAL = {"Invoices": "AUTHORISED", "CreditNotes": "AUTHORISED", "ManualJournals": "POSTED"}
NOT_OF_XERO = {
    "ACC_CLASS": "Xero takes any account of the chart, a revenue account on a bill too",
    "ACC_INELIGIBLE": "stock on hand in Xero's own inventory account would be counted twice",
    "TAX_MISSING": "Xero would take the account's own tax",
    "TAX_NOT_REGISTERED": "without tax on the line Xero sees nothing wrong",
    "TRK_MISSING": "Xero has no mandatory tracking",
    "TRK_CONFLICT": "which option was meant is not known, so none goes out",
    "TRK_UNKNOWN": "an option that is not in Xero has no id to send",
    "ITEM_TRACKED": "Xero would post the cost of sales a second time",
    "TOTAL_DIFF": "Xero keeps its own total",
    "JNL_HELD": "a journal that lacks a movement is complete to Xero",
}
"""Rules of ours, by what Xero does instead; the reference on Xero's API says which these are."""

pytestmark = pytest.mark.xdist_group("demo")


@dataclass(frozen=True)
class Sent:
    """A document, the status that it was sent with, what came of it and what Xero then shows."""

    document: OutgoingDocument
    status: str
    outcome: Outcome
    record: Mapping[str, Any]

    def __str__(self) -> str:
        said = "; ".join(self.outcome.errors + self.outcome.warnings)
        return f"{self.document} {self.status} {sorted(self.document.findings)}: {said}"

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Its lines in Xero."""
        return self.record.get("LineItems") or self.record.get("JournalLines", [])

    @property
    def total(self) -> Decimal:
        """What Xero says it comes to; of a journal the sum of its debits."""
        if "Total" in self.record:
            return self.record["Total"]
        return sum((line["LineAmount"] for line in self.lines if line["LineAmount"] > 0), Decimal())


def sent(documents: list[OutgoingDocument], status_of: dict[str, str]) -> list[Sent]:
    """Send documents to the demo organisations as they were when they were read."""
    world = load_world(SANDBOX)
    with SandboxServer(world, limits=Limits(enforced=False)) as server, ExitStack() as stack:
        writers = {
            tenant: stack.enter_context(XeroWriter(server, tenant))
            for tenant in world.organisations
        }
        found = []
        for document in documents:
            writer, status = writers[document.row["tenant_id"]], status_of[document.endpoint]
            outcome = send_one(writer, document, element_of(document, status))
            record = read_back(writer, document, outcome)
            found.append(Sent(document, status, outcome, record))
        return found


@pytest.fixture(scope="module")
def documents(demo: Any) -> list[OutgoingDocument]:
    return outgoing_documents(demo.rows)


@pytest.fixture(scope="module")
def sendable(documents: list[OutgoingDocument]) -> list[OutgoingDocument]:
    return [document for document in documents if document.row["is_sendable"]]


@pytest.fixture(scope="module", params=["draft", "final"])
def answers(
    request: pytest.FixtureRequest, sendable: list[OutgoingDocument]
) -> Iterator[list[Sent]]:
    """What came of every sendable document, as a draft, and as final where the books are open."""
    if request.param == "draft":
        yield sent(sendable, dict.fromkeys(FINAL, "DRAFT"))
    else:
        yield sent([one for one in sendable if not one.row["is_in_locked_period"]], FINAL)


def test_whatever_is_due_and_not_blocked_is_sendable(documents: list[OutgoingDocument]) -> None:
    held = [str(one) for one in documents if one.row["is_sendable"] == bool(one.row["is_blocked"])]
    assert held == []


def test_documents_of_every_kind_are_sent(answers: list[Sent]) -> None:
    counts = Counter(one.document.kind for one in answers)
    too_few = {kind: counts[kind] for kind, least in AT_LEAST.items() if counts[kind] < least}
    assert too_few == {}
    assert set(counts) == set(AT_LEAST)


def test_documents_of_every_shape_are_sent(answers: list[Sent]) -> None:
    rows = [one.document.row for one in answers]
    lines = [line for one in answers for line in one.document.lines]
    assert {row["line_amount_type"] for row in rows} >= {"Exclusive", "NoTax"}
    assert len({row["currency_code"] for row in rows}) >= 4
    assert {line["role"] for line in lines} >= SHAPES
    assert any(line["unit_amount"] is not None and line["unit_amount"] < 0 for line in lines)
    assert any(line["discount_rate"] for line in lines)
    assert any(len(options_of(line)) == 2 for line in lines)


def test_none_is_refused(answers: list[Sent]) -> None:
    assert [str(one) for one in answers if not one.outcome.is_saved or one.outcome.errors] == []


def test_none_comes_back_with_a_warning(answers: list[Sent]) -> None:
    found = [one for one in answers if one.outcome.warnings or one.outcome.status != "OK"]
    assert [str(one) for one in found] == []


def test_xero_makes_the_total_that_coding_says(answers: list[Sent]) -> None:
    different = [
        f"{one}: {one.total} instead of {one.document.total}"
        for one in answers
        if one.total != one.document.total
    ]
    assert different == []


def test_every_line_keeps_account_tax_tracking_and_amount(answers: list[Sent]) -> None:
    different = []
    for one in answers:
        for line, kept in zip(one.document.lines, one.lines, strict=True):
            if (wanted := coded(line)) != (got := kept_of(kept)):
                different.append(f"{one}, line {line['line_number']}: {got} instead of {wanted}")
    assert different == []


def coded(line: Any) -> tuple[Any, ...]:
    """What coding says of a line; a text has nothing but its words."""
    if line["role"] == "TEXT":
        return None, None, (), Decimal(0), Decimal(0)
    amounts = (line["line_amount"], line["tax_amount"])
    return line["account_id"], line["tax_type"], tuple(sorted(options_of(line))), *amounts


def kept_of(line: Any) -> tuple[Any, ...]:
    options = sorted(one["TrackingOptionID"] for one in line["Tracking"])
    amounts = (line.get("LineAmount", Decimal(0)), line.get("TaxAmount", Decimal(0)))
    return line.get("AccountID"), line.get("TaxType"), tuple(options), *amounts


@pytest.fixture(scope="module")
def forced(documents: list[OutgoingDocument]) -> list[Sent]:
    """What came of every blocked document that was sent as final all the same."""
    return sent([one for one in documents if one.row["is_blocked"]], FINAL)


def test_what_is_blocked_is_refused_unless_the_rule_is_ours(forced: list[Sent]) -> None:
    assert len(forced) >= 50
    taken = [one for one in forced if one.outcome.is_saved]
    unexplained = [
        str(one)
        for one in taken
        if not one.document.findings or one.document.findings - NOT_OF_XERO.keys()
    ]
    assert unexplained == []


def test_every_rule_of_ours_blocks_something_that_xero_would_take(forced: list[Sent]) -> None:
    taken = [one.document.findings for one in forced if one.outcome.is_saved]
    assert NOT_OF_XERO.keys() - frozenset[str]().union(*taken) == set()
