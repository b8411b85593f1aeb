"""Dagster's history is kept by our own class, and nothing of it is lost."""

from __future__ import annotations

import dagster as dg
import pytest

from orchestration.defs.resources import dagster_home
from orchestration.history import MOST_OPEN, EventLog
from pipelines.settings import Settings


@dg.asset
def figures():
    return dg.MaterializeResult(metadata={"rows": 3})


@pytest.fixture
def home(tmp_path):
    return str(dagster_home(Settings(home=tmp_path / "a home: with 'odd' \"signs\"")))


def materialize(instance):
    return dg.materialize([figures], instance=instance).run_id


def test_another_process_finds_every_event_of_every_run(home):
    with dg.DagsterInstance.from_config(home) as instance:
        assert isinstance(instance.event_log_storage, EventLog)
        written = {}
        for _ in range(MOST_OPEN + 2):
            run_id = materialize(instance)
            written[run_id] = [str(entry.message) for entry in instance.all_logs(run_id)]
    with dg.DagsterInstance.from_config(home) as instance:
        found = {
            run_id: [str(entry.message) for entry in instance.all_logs(run_id)]
            for run_id in written
        }
        latest = instance.get_latest_materialization_event(figures.key)
    assert found == written
    assert all(len(messages) > 5 for messages in found.values())
    assert latest is not None and latest.run_id == list(written)[-1]


def test_only_the_latest_runs_stay_open(home):
    with dg.DagsterInstance.from_config(home) as instance:
        storage = instance.event_log_storage
        assert isinstance(storage, EventLog)
        runs = [materialize(instance) for _ in range(MOST_OPEN + 2)]
        assert len(storage._engines) == MOST_OPEN
        assert {"index", runs[-1]} <= set(storage._engines)
    assert not storage._engines


def test_two_instances_write_at_the_same_time(home):
    with (
        dg.DagsterInstance.from_config(home) as one,
        dg.DagsterInstance.from_config(home) as other,
    ):
        runs = [materialize(instance) for instance in (one, other, one, other)]
        assert {record.dagster_run.run_id for record in one.get_run_records()} == set(runs)
        assert all(list(one.all_logs(run_id)) for run_id in runs)
