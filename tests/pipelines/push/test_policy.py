"""push_policy.csv as the plan and the approvals read it."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest

from pipelines.push.policy import AUTO, OFF, Rule, read_policy
from pipelines.settings import SettingsError

HEADER = "tenant_id,target,entity,operation,mode,max_records,max_share\n"
ACME = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def policy(tmp_path):
    def write(*rows):
        (tmp_path / "push_policy.csv").write_text(HEADER + "\n".join(rows) + "\n", "utf-8")
        return read_policy(tmp_path)

    return write


def test_silence_means_off(tmp_path, policy):
    assert read_policy(tmp_path).rule(ACME, "xero", "items", "create") == Rule(OFF)
    assert policy("*,xero,items,create,manual,,").rule(ACME, "xero", "items", "update").mode == OFF


def test_an_organisations_own_row_goes_before_that_for_all(policy):
    found = policy("*,xero,items,create,auto,10,0.5", f"{ACME},xero,items,create,off,,")
    assert found.rule(ACME, "xero", "items", "create").mode == OFF
    assert found.rule("other", "xero", "items", "create") == Rule(AUTO, 10, Decimal("0.5"))
    assert found.is_on("other", "xero", "items")
    assert not found.is_on(ACME, "xero", "items")


def test_its_version_is_the_hash_of_the_file(tmp_path, policy):
    found = policy("*,xero,items,create,auto,,")
    content = (tmp_path / "push_policy.csv").read_bytes()
    assert found.version == hashlib.sha256(content).hexdigest()
    assert policy("*,xero,items,create,manual,,").version != found.version


@pytest.mark.parametrize(
    ("entity", "operation"),
    [
        ("xero,invoices", "create"),
        ("xero,bills", "create"),
        ("xero,credit_notes", "update"),
        ("xero,manual_journals", "create"),
        ("prospect,sales_transactions", "create"),
        ("workguru,sent_marks", "mark"),
        ("xero,items", "delete"),
    ],
)
def test_no_policy_may_approve_documents_journals_or_deletions(policy, entity, operation):
    with pytest.raises(SettingsError, match=r"push_policy\.csv, row 1: a policy may not approve"):
        policy(f"*,{entity},{operation},auto,,")


@pytest.mark.parametrize("limits", ["many,", "-1,", ",80", ",80%", ",-0.1", ",nan"])
def test_a_limit_that_is_no_number_is_refused(policy, limits):
    with pytest.raises(SettingsError, match="max_"):
        policy(f"*,xero,items,create,manual,{limits}")
