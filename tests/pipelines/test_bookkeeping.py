"""What a bookkeeper writes in the settings files is checked before it counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.bookkeeping import read_settings_files, sync_settings
from pipelines.settings import Settings, SettingsError
from pipelines.warehouse import Warehouse

HARBOUR = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = tmp_path / "settings"
    folder.mkdir()
    (folder / "connections.toml").write_text(
        '[[xero]]\nname = "acme"\ntenant_ids = ["a", "b"]\n', "utf-8"
    )
    return Settings(
        home=tmp_path / "home",
        connections=folder / "connections.toml",
        settings_dir=folder,
        _env_file=None,  # pyright: ignore[reportCallIssue]
    )


def write(settings: Settings, name: str, *lines: str) -> None:
    (settings.settings_dir / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")


def landed(settings: Settings, table: str) -> list[tuple]:
    with Warehouse(settings.home).connect(read_only=True) as con:
        return con.execute(
            f"select tenant_id, record_id, is_deleted, payload from raw_settings.{table} "  # noqa: S608
            "order by extracted_at, record_id"
        ).fetchall()


def test_every_settings_table_exists_also_without_its_file(settings: Settings) -> None:
    summaries = sync_settings(settings, run_id="r1")
    assert {s.endpoint for s in summaries} >= {"gl_defaults", "push_policy", "connections"}
    assert landed(settings, "push_policy") == []
    assert [row[1] for row in landed(settings, "connections")] == ["xero|acme"]


def test_rows_land_once_and_a_removed_row_gets_a_tombstone(settings: Settings) -> None:
    header = "tenant_id,role,account_code,tax_type"
    write(settings, "gl_defaults", header, "*,revenue,200,", f"{HARBOUR},revenue,201,OUTPUT2")
    sync_settings(settings, run_id="r1")
    sync_settings(settings, run_id="r2")
    assert len(landed(settings, "gl_defaults")) == 2
    write(settings, "gl_defaults", header, "*,revenue,200,")
    sync_settings(settings, run_id="r3")
    assert [row[:3] for row in landed(settings, "gl_defaults")][-1] == (HARBOUR, "revenue", True)


@pytest.mark.parametrize(
    ("name", "lines", "said"),
    [
        ("gl_defaults", ["tenant_id,rolle", "*,revenue"], "unknown column 'rolle'"),
        ("gl_defaults", ["tenant_id,account_code", "*,200"], "the column 'role' is missing"),
        ("gl_defaults", ["tenant_id,role", "acme,revenue"], "row 1: tenant_id 'acme'"),
        ("gl_defaults", ["tenant_id,role", "*,"], "row 1: role is blank"),
        ("gl_defaults", ["tenant_id,role", "*,cogs", "*,cogs"], "row 2: role repeat"),
        (
            "analysis_slots",
            ["tenant_id,analysis_slot,tracking_category_name", "*,4,Region"],
            "analysis_slot '4' is none of 2, 3",
        ),
        (
            "analysis_code_map",
            ["tenant_id,account_code,valid_from,report_as_code", "*,200,31/03/2026,20"],
            "valid_from '31/03/2026' is no date",
        ),
        (
            "push_policy",
            ["tenant_id,target,entity,operation,mode", "*,xero,items,create,maybe"],
            "mode 'maybe' is none of off, manual, auto",
        ),
        ("gl_default", ["tenant_id"], "not a settings file"),
    ],
)
def test_a_wrong_file_is_named_with_row_and_column_and_nothing_lands(
    settings: Settings, name: str, lines: list[str], said: str
) -> None:
    write(settings, name, *lines)
    with pytest.raises(SettingsError) as raised:
        sync_settings(settings, run_id="r1")
    assert said in str(raised.value)
    assert f"{name}.csv" in str(raised.value)
    assert not Warehouse(settings.home).path.exists()


def test_all_problems_are_told_at_once(settings: Settings) -> None:
    write(settings, "gl_defaults", "tenant_id,role", "*,", "acme,cogs")
    with pytest.raises(SettingsError) as raised:
        read_settings_files(settings.settings_dir)
    assert len(str(raised.value).splitlines()) == 2
