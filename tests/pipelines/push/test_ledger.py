"""The ledger: its schema, its transactions, and that its password stays where it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import SecretStr
from sqlalchemy import exc, func, insert, inspect, select

from pipelines.push.errors import LedgerUnusable
from pipelines.push.ledger import ledger_url, open_ledger
from pipelines.push.tables import METADATA, OPERATIONS, PLANS
from pipelines.settings import Settings, SettingsError

SECRET = "pass/w@rd"


def a_plan(plan_id="20261122-1"):
    return {
        "plan_id": plan_id,
        "created_at": datetime(2026, 11, 22, 8, 0, 0, 123000),
        "created_by": "anna",
        "expires_at": datetime(2026, 11, 29, 8),
        "targets": "[]",
        "snapshot_ids": "{}",
        "control_totals": "{}",
        "stops": "[]",
    }


def plans_in(ledger):
    with ledger.reading() as connection:
        return connection.execute(select(func.count()).select_from(PLANS)).scalar_one()


def test_the_migrations_lead_to_the_tables_of_the_code(ledger):
    with ledger.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        made = set(inspect(connection).get_table_names())
    assert made == {"alembic_version", "plans", "operations", "approvals", "attempts"}


def test_opening_again_keeps_what_is_in_it(settings, ledger, opened):
    with ledger.transaction() as connection:
        connection.execute(insert(PLANS), a_plan())
    again = opened(settings)
    with again.reading() as connection:
        held = connection.execute(select(PLANS)).mappings().one()
    assert {name: held[name] for name in a_plan()} == a_plan()


def test_many_who_open_a_new_ledger_at_once_find_one_schema(settings, opened):
    with ThreadPoolExecutor(8) as pool:
        ledgers = list(pool.map(lambda _: opened(settings), range(8)))
    assert [plans_in(each) for each in ledgers] == [0] * 8


def test_an_error_undoes_the_whole_transaction(ledger):
    with pytest.raises(ZeroDivisionError), ledger.transaction() as connection:
        connection.execute(insert(PLANS), a_plan())
        raise ZeroDivisionError
    assert plans_in(ledger) == 0


def test_a_row_must_belong_to_something(ledger):
    stray = dict.fromkeys((c.name for c in OPERATIONS.columns), "x") | {
        "position": 1,
        "changed_at": datetime(2026, 11, 22),
    }
    with pytest.raises(exc.IntegrityError), ledger.transaction() as connection:
        connection.execute(insert(OPERATIONS), stray)


def test_writers_at_once_lose_nothing(ledger):
    """Each reads how many there are and writes the next number: two may never read the same."""

    def add(_):
        with ledger.transaction(alone=True) as connection:
            count = connection.execute(select(func.count()).select_from(PLANS)).scalar_one()
            connection.execute(insert(PLANS), a_plan(f"p-{count}"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(20)))
    assert plans_in(ledger) == 20


def test_a_reader_is_not_kept_waiting_by_a_writer(ledger):
    with ledger.transaction() as connection:
        connection.execute(insert(PLANS), a_plan())
        assert plans_in(ledger) == 0
    assert plans_in(ledger) == 1


def test_a_later_schema_is_left_alone(settings, ledger):
    with ledger.transaction() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")
    with pytest.raises(LedgerUnusable, match="another version of this program"):
        open_ledger(settings)


def test_by_default_it_is_a_file_in_the_home_that_survives_a_crash(tmp_path, opened):
    settings = Settings(home=tmp_path / "home", ledger_url=None)
    with opened(settings).reading() as connection:
        found = [
            connection.exec_driver_sql(f"pragma {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous")
        ]
    assert found == ["wal", 1, 2]
    assert (settings.home / "push.sqlite").exists()


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://me:{SECRET}@host/db",
        f"postgresql://me:{SECRET}@host:port/db",
        f"{SECRET}",
        "sqlite://",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_without_showing_it(tmp_path, url):
    settings = Settings(home=tmp_path, ledger_url=SecretStr(url))
    with pytest.raises(SettingsError) as refused:
        ledger_url(settings)
    assert SECRET not in str(refused.value)
    assert refused.value.__context__ is None


@pytest.mark.needs_postgresql
def test_a_server_that_refuses_is_named_without_its_password(tmp_path, postgresql_url, caplog):
    wrong = postgresql_url.replace("ledger:", "nobody:")
    settings = Settings(home=tmp_path, ledger_url=SecretStr(wrong))
    with pytest.raises(LedgerUnusable) as refused:
        open_ledger(settings)
    said = f"{refused.value} {refused.value.__cause__!r} {settings!r} {caplog.text}"
    assert "nobody:***@127.0.0.1" in said
    for written in (SECRET, "pass%2Fw%40rd"):
        assert written not in said
