"""`doctor` on documents that another program sent while we were to send them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desired_state import HARBOUR, a_record, an_invoice, publish_desired
from plans import NOW, a_plan
from published_documents import a_document, publish
from sqlalchemy import update

from orchestration.published_file import published_file
from orchestration.push_checks import check_pushes
from pipelines.push.ledger import open_ledger
from pipelines.push.planned import store_plan
from pipelines.push.tables import OPERATIONS
from pipelines.settings import Settings

ON = "tenant_id,target,entity,operation,mode\n*,xero,invoices,create,manual\n"
DUPLICATE = {"rule": "DOC_DUPLICATE", "severity": "block", "message": "It exists.", "remedy": ""}
DAY = NOW.date()


@pytest.fixture
def settings(tmp_path):
    folder = tmp_path / "settings"
    folder.mkdir()
    (folder / "push_policy.csv").write_text(ON, "utf-8")
    return Settings(home=tmp_path / "home", settings_dir=folder, ledger_url=None)


def sent_by_us(settings, row):
    with open_ledger(settings) as ledger:
        plan = store_plan(ledger, a_plan([a_record("xero", "invoices", row)]))
        with ledger.transaction() as connection:
            done = update(OPERATIONS).where(OPERATIONS.c.plan_id == plan.plan_id)
            connection.execute(done.values(status="confirmed", changed_at=NOW, target_id="i-1"))


def found(settings, *rows, documents=()):
    publish(settings.home, coding__documents=list(documents))
    publish_desired(settings.home, xero__invoices=list(rows))
    with published_file(settings.home) as file:
        checks = check_pushes(settings, file, {HARBOUR: "Harbour Joinery"})
    return [(check.severity, check.rule, check.message) for check in checks]


def test_where_we_sent_all_that_is_there_all_is_well(settings):
    row = an_invoice("INV-1")
    sent_by_us(settings, row)
    ((severity, _, said),) = found(settings, {**row, "target_id": "i-1"}, an_invoice("INV-2"))
    assert (severity, said) == (
        "ok",
        "No document was found in Xero that another program sent in our place.",
    )


@pytest.mark.parametrize("held", [{"target_id": "i-9"}, {"findings": [DUPLICATE]}])
def test_a_document_in_xero_that_we_did_not_send_is_named(settings, held):
    ((severity, rule, said),) = found(settings, an_invoice("INV-1", **held), an_invoice("INV-2"))
    assert (severity, rule) == ("warn", "DOC_NOT_OURS")
    assert said.startswith("Invoice INV-1 to Bay Kitchens is in Xero already")


def test_what_is_switched_off_is_no_business_of_ours(settings):
    (settings.settings_dir / "push_policy.csv").unlink()
    ((severity, _, _),) = found(settings, an_invoice("INV-1", target_id="i-9"))
    assert severity == "ok"


@pytest.mark.parametrize(
    ("days", "is_sent", "document_id", "is_found"),
    [
        (1, True, "7002", True),
        (-1, True, "7002", False),  # from before we began
        (1, False, "7002", False),
        (1, True, "7001", False),  # ours
    ],
)
def test_what_another_program_has_marked_as_sent_is_named(
    settings, days, is_sent, document_id, is_found
):
    sent_by_us(settings, an_invoice("INV-1", record_key="workguru:invoice:7001"))
    marked = a_document(
        document_id=document_id,
        document_number="WG-9",
        is_sent=is_sent,
        document_date=DAY + timedelta(days=days),
    )
    rules = [rule for _, rule, _ in found(settings, documents=[marked])]
    assert rules == (["DOC_SENT_BY_ANOTHER"] if is_found else [None])


def test_many_are_counted(settings):
    rows = [an_invoice(f"INV-{n}", target_id="i") for n in range(7)]
    ((_, _, said),) = found(settings, *rows)
    assert "INV-4 to Bay Kitchens and 2 more are in Xero already" in said
