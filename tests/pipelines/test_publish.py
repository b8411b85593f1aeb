"""The analysts' file: what it holds, and that no publication blocks or breaks a reader."""

import stat
import subprocess
import sys
import textwrap

import duckdb
import pytest

from pipelines.publish import Checks, PublishError, publish
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home")


def build_marts(settings, *, revenue=(100,)):
    """Stand in for sync and build: one mart per schema, a view, staging and the reads."""
    warehouse = Warehouse(settings.home)
    with warehouse.lock("test"), warehouse.connect() as connection:
        for schema in ("crm", "reporting", "quality", "staging", "raw_runs"):
            connection.execute(f"create schema if not exists {schema}")
        connection.execute(
            "create or replace table reporting.revenue (amount decimal(18,4), note varchar)"
        )
        connection.executemany(
            "insert into reporting.revenue values (?, 'posted')", [[amount] for amount in revenue]
        )
        connection.execute("comment on table reporting.revenue is 'One row per customer''s month'")
        connection.execute("comment on column reporting.revenue.amount is 'income positive'")
        connection.execute("create or replace table crm.items as from range(3)")
        connection.execute(
            "create or replace view quality.exceptions as"
            " select * from warehouse.reporting.revenue where amount > 1000"
        )
        connection.execute("create or replace table staging.stg_items as from range(9)")
        connection.execute("create or replace table raw_runs.reads as select 'r1' as run_id")


def open_published(settings):
    return duckdb.connect(str(Warehouse(settings.home).published_path), read_only=True)


def test_the_file_holds_every_mart_and_nothing_else(settings):
    build_marts(settings)
    publication = publish(settings, "first")
    assert publication.row_counts == {
        "crm.items": 3,
        "quality.exceptions": 0,
        "reporting.revenue": 1,
    }
    with open_published(settings) as connection:
        relations = connection.execute(
            "select table_schema || '.' || table_name, table_type"
            " from information_schema.tables order by all"
        ).fetchall()
    assert relations == [
        ("crm.items", "BASE TABLE"),
        ("published.reads", "BASE TABLE"),
        ("published.runs", "BASE TABLE"),
        ("quality.exceptions", "BASE TABLE"),
        ("reporting.revenue", "BASE TABLE"),
    ]


def test_the_file_says_which_run_made_it_and_keeps_the_history(settings):
    build_marts(settings)
    publish(settings, "first", Checks(passed=10, failed=1))
    build_marts(settings, revenue=(1, 2))
    publish(settings, "second")
    with open_published(settings) as connection:
        runs = connection.execute(
            "select run_id, row_counts['reporting.revenue'], checks_passed, checks_failed"
            " from published.runs order by published_at"
        ).fetchall()
    assert runs == [("first", 1, 10, 1), ("second", 2, None, None)]


def test_descriptions_travel_with_the_tables(settings):
    build_marts(settings)
    publish(settings, "first")
    with open_published(settings) as connection:
        assert connection.execute(
            "select comment from duckdb_tables() where table_name = 'revenue'"
        ).fetchone() == ("One row per customer's month",)
        assert connection.execute(
            "select comment from duckdb_columns()"
            " where table_name = 'revenue' and column_name = 'amount'"
        ).fetchone() == ("income positive",)


def test_the_file_is_read_only_and_the_link_is_relative(settings):
    build_marts(settings)
    publication = publish(settings, "first")
    assert stat.S_IMODE(publication.path.stat().st_mode) == 0o444
    assert publication.link.readlink().name == str(publication.link.readlink())
    assert publication.path.name == "marts-first.duckdb"


def test_only_the_file_before_the_new_one_is_kept(settings):
    build_marts(settings)
    for run in ("one", "two", "three"):
        publish(settings, run)
    (settings.home / "marts-killed.duckdb.partial").touch()
    publish(settings, "four")
    assert sorted(path.name for path in settings.home.glob("marts-*")) == [
        "marts-four.duckdb",
        "marts-three.duckdb",
    ]


def test_the_same_run_may_publish_again(settings):
    build_marts(settings)
    publish(settings, "one")
    build_marts(settings, revenue=(1, 2, 3))
    assert publish(settings, "one").row_counts["reporting.revenue"] == 3


def test_a_copy_that_differs_from_its_source_is_not_published(settings, monkeypatch):
    build_marts(settings)
    former = publish(settings, "first").path
    monkeypatch.setattr("pipelines.publish._copy_marts", lambda _: {"published.reads": 7})
    with pytest.raises(PublishError, match="1 rows were copied of 7"):
        publish(settings, "second")
    assert Warehouse(settings.home).published_path.resolve() == former.resolve()


@pytest.mark.parametrize("run_id", ["../escape", "a b", ""])
def test_a_run_that_cannot_name_a_file_is_refused(settings, run_id):
    with pytest.raises(PublishError, match="cannot name a file"):
        publish(settings, run_id)


def test_without_a_build_it_says_what_to_run_first(settings):
    with pytest.raises(PublishError, match="xero-crm sync"):
        publish(settings, "first")
    warehouse = Warehouse(settings.home)
    with warehouse.lock("test"):
        warehouse.connect().close()
    with pytest.raises(PublishError, match="xero-crm build"):
        publish(settings, "first")


READER = textwrap.dedent(
    """
    import sys, duckdb
    connection = duckdb.connect(sys.argv[1], read_only=True)
    print("open", flush=True)
    for line in sys.stdin:
        if line.strip() == "open again":
            connection.close()
            connection = duckdb.connect(sys.argv[1], read_only=True)
        total = connection.execute("select sum(amount)::int from reporting.revenue").fetchone()[0]
        print(total, flush=True)
    """
)


class Reader:
    """An analyst in another process, who opens the published link and asks when told to."""

    def __init__(self, link):
        self.process = subprocess.Popen(
            [sys.executable, "-c", READER, str(link)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdin and self.process.stdout
        self._questions, self._answers = self.process.stdin, self.process.stdout
        assert self._answer() == "open"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.communicate()
        assert self.process.returncode == 0

    def ask(self, how="ask"):
        self._questions.write(how + "\n")
        self._questions.flush()
        return int(self._answer())

    def _answer(self):
        return self._answers.readline().strip()


def test_a_reader_across_two_publications_keeps_its_file_and_opening_again_gives_the_new_one(
    settings,
):
    build_marts(settings, revenue=(1,))
    link = publish(settings, "one").link
    with Reader(link) as reader:
        assert reader.ask() == 1
        for run, amount in (("two", 2), ("three", 3)):
            build_marts(settings, revenue=(amount,))
            publish(settings, run)
            assert reader.ask() == 1
        assert not (settings.home / "marts-one.duckdb").exists()
        assert reader.ask() == 1
        assert reader.ask("open again") == 3


def test_two_analysts_read_at_once_while_the_pipeline_writes_and_publishes(settings):
    build_marts(settings, revenue=(1,))
    link = publish(settings, "one").link
    with Reader(link) as first, Reader(link) as second:
        build_marts(settings, revenue=(2,))
        assert (first.ask(), second.ask()) == (1, 1)
        publish(settings, "two")
        assert (first.ask("open again"), second.ask()) == (2, 1)
