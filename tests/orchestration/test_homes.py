"""The demo's data and a real organisation's never meet in one home."""

from __future__ import annotations

import pytest

from orchestration.homes import (
    HomeRefused,
    mark_demo_home,
    refuse_a_home_with_other_organisations,
    refuse_real_connections_in_a_demo_home,
)
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse

REAL = '[[xero]]\nname = "acme"\n'
SANDBOX = (
    '[[xero]]\nname = "sandbox"\n'
    'api_url = "http://127.0.0.1:8765"\nidentity_url = "http://localhost:8765"\n'
)


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home", connections=tmp_path / "connections.toml")


def hold_organisation(settings, tenant_id, name):
    warehouse = Warehouse(settings.home)
    with warehouse.lock("a test"), warehouse.connect() as connection:
        connection.execute("create schema raw_xero")
        connection.execute(
            "create table raw_xero.organisation as select ? as tenant_id,"
            " timestamp '2026-11-01' as extracted_at, ? as payload",
            [tenant_id, f'{{"Name": "{name}"}}'],
        )


@pytest.mark.parametrize(
    ("is_demo", "connections", "is_refused"),
    [
        (True, REAL, True),
        (True, SANDBOX + REAL, True),
        (True, SANDBOX + '[[workguru]]\nname = "acme"\nxero = "sandbox"\n', True),
        (True, SANDBOX, False),
        (True, None, False),
        (False, REAL, False),
    ],
)
def test_a_real_connection_is_refused_in_a_demo_home_only(
    settings, is_demo, connections, is_refused
):
    if is_demo:
        mark_demo_home(settings.home)
    if connections:
        settings.connections.write_text(connections, "utf-8")
    if is_refused:
        with pytest.raises(HomeRefused, match="'acme' is a real one"):
            refuse_real_connections_in_a_demo_home(settings)
    else:
        refuse_real_connections_in_a_demo_home(settings)


def test_the_demo_refuses_a_home_with_a_real_organisation_and_names_it(settings):
    refuse_a_home_with_other_organisations(settings.home, ["t-1"])
    hold_organisation(settings, "t-1", "Acme Ltd")
    refuse_a_home_with_other_organisations(settings.home, ["t-1"])
    with pytest.raises(HomeRefused, match="holds Acme Ltd"):
        refuse_a_home_with_other_organisations(settings.home, ["another"])
