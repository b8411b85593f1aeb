"""The settings files as staging gives them: cells typed, and since when a row says what it says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest


@pytest.fixture(scope="module")
def staged(new_warehouse):
    raw = new_warehouse()
    slots, codes = "raw_settings.analysis_slots", "raw_settings.analysis_code_map"
    slot = {"tenant_id": "*", "analysis_slot": "2", "tracking_category_id": ""}
    raw.read(slots, "2", {**slot, "tracking_category_name": "Region"}, tenant="*")
    raw.moments["slot renamed"] = raw.read(
        slots, "2", {**slot, "tracking_category_name": "Team"}, tenant="*"
    )
    mapped = {"account_code": "200", "valid_from": "2026-01-01", "report_as_code": "S"}
    raw.moments["map first seen"] = raw.read(codes, "|200|2026-01-01", {**mapped, "valid_to": ""})
    raw.read(codes, "|200|2026-01-01", {**mapped, "valid_to": "2026-06-30"})
    raw.read("raw_settings.push_policy", "p", {"max_share": "0.05", "mode": "off"})
    raw.read("raw_settings.connections", "xero|acme", {"system": "xero", "name": "acme"})
    raw.build("path:dbt_project/models/staging/settings")
    return raw


def test_a_cell_is_typed_and_a_blank_one_is_null(staged):
    slot = """
        select tenant_id, analysis_slot, tracking_category_id
        from staging.stg_settings__analysis_slots
    """
    assert staged.one(slot) == ("*", 2, None)
    share = "select max_share, max_records from staging.stg_settings__push_policy"
    assert staged.one(share) == (Decimal("0.050000"), None)


def test_another_name_in_a_slot_is_another_row(staged):
    seen = "select first_seen_at from staging.stg_settings__analysis_slots"
    assert staged.one(seen) == staged.moments["slot renamed"]


def test_a_row_whose_key_stays_was_first_seen_when_the_key_was(staged):
    mapped = "select valid_to, first_seen_at from staging.stg_settings__analysis_code_map"
    assert staged.one(mapped) == (date(2026, 6, 30), staged.moments["map first seen"])


def test_a_connection_has_the_documented_defaults(staged):
    acme = "select connection_name, role, suffix from staging.stg_settings__connections"
    assert staged.one(acme) == ("acme", "primary", "")
