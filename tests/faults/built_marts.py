"""What dbt makes of a raw log that a schedule left, to be compared with another's."""

from __future__ import annotations

from multiprocessing import get_context
from pathlib import Path

from homes import Home

from pipelines.settings import Settings
from pipelines.sync import sync_settings

Marts = dict[str, list[tuple]]


def built_marts(home: Path) -> Marts:
    """Land the (empty) settings files, build everything, and return the rows of every mart."""
    folder = home / "settings"
    folder.mkdir(exist_ok=True)
    settings = Settings(home=home, connections=home / "connections.toml", settings_dir=folder)
    with get_context("spawn").Pool(1) as another:  # this process forks, which dlt's threads forbid
        another.apply(sync_settings, (settings,), {"run_id": "settings"})
    built = Home(home, url="")
    built.run("build")
    return built.mart_rows()


def differences(held: Marts, wanted: Marts) -> list[str]:
    """Return which marts do not have the same rows, and how many of each side's are not there."""
    found = []
    for mart in sorted(held.keys() | wanted.keys()):
        rows, others = held.get(mart, []), wanted.get(mart, [])
        if rows != others:
            more, less = set(rows) - set(others), set(others) - set(rows)
            found.append(f"{mart}: {len(more)} rows more, {len(less)} less, such as {more or less}")
    return found
