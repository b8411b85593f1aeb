"""Every request of our push passes the official OpenAPI file, and so does what it is answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from push_campaign import a_bench

pytestmark = pytest.mark.needs_shared


def test_a_mixed_plan_is_written_and_read_back_as_the_official_file_says(
    tmp_path: Path, checker: Any
):
    bench = a_bench(tmp_path)
    elsewhere = ("/prospect/", "/workguru/")
    calls = [call for call in bench.run(0, most=0).calls if not call.path.startswith(elsewhere)]
    problems = {}
    for call in calls:
        headers = {"xero-tenant-id": bench.organisation.tenant_id}
        if call.method != "GET":
            headers["Idempotency-Key"] = call.headers["idempotency-key"]
        body = json.loads(call.body) if call.body else None
        found = checker.check_request(call.method, call.path, call.query, headers, body)
        if call.status == 200:
            answer = json.loads(call.answer)
            found += checker.check_response(call.method, call.path, call.status, answer)
        if found:
            problems[call.method, call.path, str(call.query)] = found
    assert problems == {}
    assert {call.path for call in calls if call.method != "GET"} == {
        *("/Items", "/Contacts", "/Invoices", "/CreditNotes", "/ManualJournals")
    }
