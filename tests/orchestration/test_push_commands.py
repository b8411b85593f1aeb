"""plan, approve, apply, undo and report pushes, as a person and as a program call them."""

from __future__ import annotations

import csv
import json
import sys
from io import StringIO

import pytest
from desired_state import HARBOUR, a_contact, an_invoice, an_item, publish_desired
from sqlalchemy import select, update

from orchestration import cli, pushing
from pipelines.push.apply import Summary
from pipelines.push.ledger import ledger_now, open_ledger
from pipelines.push.tables import APPROVALS, OPERATIONS
from pipelines.settings import Settings

POLICY = """tenant_id,target,entity,operation,mode,max_records,max_share
*,xero,items,create,{items},,
*,xero,items,update,manual,,
*,xero,contacts,create,manual,,
*,xero,invoices,create,manual,,
"""
BLOCK = {
    "rule": "CON_NONE",
    "severity": "block",
    "message": "No contact has that number.",
    "remedy": "Link it.",
}


@pytest.fixture
def settings(tmp_path, monkeypatch):
    folder = tmp_path / "settings"
    folder.mkdir()
    (folder / "connections.toml").write_text("", "utf-8")
    monkeypatch.setenv("XERO_CRM_SETTINGS_DIR", str(folder))
    monkeypatch.setenv("XERO_CRM_CONNECTIONS", str(folder / "connections.toml"))
    monkeypatch.setattr(pushing, "load_back", lambda *_, **__: 0)
    monkeypatch.setattr(pushing, "current_person", lambda: "bea")
    monkeypatch.setattr("pipelines.push.person.current_person", lambda: "bea")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    found = Settings(home=tmp_path / "home", settings_dir=folder, ledger_url=None)
    policy(found)
    publish_desired(
        found.home,
        xero__items=[an_item("NEW"), an_item("BNCH", {"Code": "BNCH", "Name": "Bench"})],
        xero__contacts=[a_contact()],
        xero__invoices=[
            an_invoice(depends_on=["xero__contacts/workguru:17"], facts={"contact": "new"}),
            an_invoice("INV-2", findings=[BLOCK]),
        ],
    )
    return found


def policy(settings, items="manual"):
    (settings.settings_dir / "push_policy.csv").write_text(POLICY.format(items=items), "utf-8")


@pytest.fixture
def call(settings, monkeypatch, capsys):
    """Run the command line; give (status, stdout, stderr)."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["xero-crm", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return run


@pytest.fixture
def applied(settings, monkeypatch):
    """Let apply confirm what is approved; give the keys of what it was handed."""
    keys = []

    def apply_plan(ledger, plan_id, writer_of, *, applied_by, progress):
        assert applied_by == "bea"
        with ledger.transaction() as connection:
            chosen = OPERATIONS.c.plan_id == plan_id, OPERATIONS.c.status == "approved"
            rows = connection.execute(select(OPERATIONS.c.record_key).where(*chosen)).scalars()
            keys.extend(rows)
            moved = update(OPERATIONS).where(*chosen)
            connection.execute(moved.values(status="confirmed", changed_at=ledger_now()))
        progress("sending")
        return Summary(plan_id)

    monkeypatch.setattr(pushing, "apply_plan", apply_plan)
    return keys


def approvals(settings):
    with open_ledger(settings) as ledger, ledger.reading() as connection:
        return connection.execute(select(APPROVALS)).mappings().all()


def test_a_plan_shows_totals_changes_and_what_is_blocked(call):
    status, out, _ = call("plan")
    assert status == 0
    for said in (
        "1,414.50 in the source, 1,414.50 in the target NZD",
        "dated 2026-11-10, lock date 2026-09-30",
        "Name: Bench → Item BNCH",
        "made from the template Template, retail",
        "No contact has that number. Link it. [CON_NONE]",
        "Nothing was written.",
    ):
        assert said in out
    assert out.index("Debit and credit by account") < out.index("TO CREATE") < out.index("BLOCKED")


def test_amounts_stand_with_their_decimal_points_below_one_another(call):
    _, out, _ = call("plan")
    rows = [line for line in out.splitlines() if "│ Sales" in line or "│ Delivery" in line]
    assert len({row.rindex(".00") for row in rows}) == 1


def test_a_plan_is_json_for_a_program_and_keeps_its_name(call):
    first, second = (json.loads(call("plan", "--json")[1]) for _ in range(2))
    assert first["plan_id"] == second["plan_id"]
    assert (first["exit_status"], first["is_empty"], len(first["operations"])) == (0, False, 5)


def test_a_target_of_which_nothing_is_stated_cannot_be_planned(call):
    status, out, err = call("plan", "--target", "prospect")
    assert (status, out) == (2, "")
    assert "states nothing for 'prospect'" in err


def plan_id(call):
    return json.loads(call("plan", "--json")[1])["plan_id"]


def test_what_is_approved_is_written_and_nothing_else(call, applied):
    name = plan_id(call)
    status, out, _ = call("approve", name, "--only", "inv-*")
    assert status == 0
    assert "WAITS: Invoice INV-1042 to Bay Kitchens: for Contact Bay Kitchens" in out
    status, _, err = call("apply", name)
    assert (status, applied, err) == (0, ["INV-1042"], "sending\n")


def test_yes_approves_everything_and_is_recorded(call, applied, settings):
    status, _, _ = call("apply", plan_id(call), "--yes")
    assert (status, applied) == (0, ["BNCH", "NEW", "workguru:17", "INV-1042"])
    assert {(row["approved_by"], row["method"]) for row in approvals(settings)} == {
        ("bea", "person")
    }


def test_yes_adds_nothing_to_what_a_person_chose(call, applied):
    name = plan_id(call)
    call("approve", name, "--except", "inv-*")
    call("apply", name, "--yes")
    assert applied == ["BNCH", "NEW", "workguru:17"]


def test_without_approval_policy_or_terminal_it_cannot_run(call, applied):
    name = plan_id(call)
    status, out, err = call("apply", name)
    assert (status, out, applied) == (2, "", [])
    assert f"Nothing of plan {name} is approved" in err


def test_a_policy_approves_where_nobody_is_there(call, applied, settings):
    policy(settings, items="auto")
    assert call("apply", plan_id(call))[0] == 0
    assert applied == ["NEW"]
    (row,) = approvals(settings)
    assert row["method"] == "policy"


@pytest.mark.parametrize(("answer", "status", "sent"), [(True, 0, 4), (False, 1, 0)])
def test_on_a_terminal_it_asks_and_the_answer_is_the_approval(
    call, applied, monkeypatch, settings, answer, status, sent
):
    name = plan_id(call)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", lambda *_, **__: answer)
    found, out, _ = call("apply", name)
    assert (found, len(applied), len(approvals(settings))) == (status, sent, sent)
    assert "1,414.50" in out


def test_what_was_confirmed_is_in_no_second_plan(call, applied):
    call("apply", plan_id(call), "--yes")
    second = json.loads(call("plan", "--json")[1])
    assert second["is_empty"]


def test_a_refused_approval_is_status_1_and_an_unknown_plan_2(call, settings):
    name = plan_id(call)
    publish_desired(settings.home, xero__items=[an_item("NEW", payload={"Name": "Other"})])
    plan_id(call)
    status, out, _ = call("approve", name, "--only", "NEW")
    assert status == 1
    assert "NOT APPROVED: Item NEW: It has changed" in out
    status, _, err = call("approve", "20200101-1")
    assert (status, "There is no plan '20200101-1'" in err) == (2, True)


def test_undo_makes_a_plan_and_says_what_cannot_be_undone(call, applied):
    name = plan_id(call)
    call("apply", name, "--yes")
    status, out, _ = call("undo", f"{name}/4", f"{name}/3")
    assert status == 1
    assert "Delete: Invoice INV-1042 to Bay Kitchens" in out
    assert "xero cannot delete contacts." in out


def test_the_auditors_report_is_a_table_or_csv(call, applied):
    call("apply", plan_id(call), "--yes")
    today = f"{ledger_now():%Y-%m-%d}"
    status, out, _ = call("report", "pushes", "--from", today, "--to", today, "--csv")
    rows = list(csv.DictReader(StringIO(out)))
    assert (status, len(rows)) == (0, 4)
    assert {(row["tenant_id"], row["approved_by"], row["status"]) for row in rows} == {
        (HARBOUR, "bea", "confirmed")
    }
    status, out, _ = call("report", "pushes", "--from", today, "--to", today)
    assert (status, "4 rows." in out) == (0, True)
