"""What the launchers' files ask of Docker and of Kubernetes, and a run that a Celery worker does.

    make launchers

Not among `make test`: the packages are installed for this alone. Docker and Kubernetes are
stand-ins, servers on loopback that note what they are asked; Celery is its own worker, with a
folder for a queue.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import dagster as dg
import pytest
import yaml

from orchestration.defs.resources import dagster_home
from orchestration.environment import child_environment
from pipelines.settings import Settings

kubernetes_client = pytest.importorskip("kubernetes.client")
kubernetes_config = pytest.importorskip("kubernetes.config")

LAUNCHERS = Path(__file__).parents[2] / "orchestration" / "launchers"
IMAGE = "registry.example/xero-crm:1"


class Noted(ThreadingHTTPServer):
    """Answers every request with what it was sent, and keeps that."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answer)
        self.asked: dict[str, dict] = {}


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        assert isinstance(self.server, Noted)
        self.server.asked[self.path.partition("?")[0]] = json.loads(sent or b"{}")
        self._answer(json.loads(sent or b"{}") | {"Id": "made"})

    def do_GET(self):
        self._answer({"ApiVersion": "1.43", "Id": "made"})

    def _answer(self, content: dict):
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args): ...


@pytest.fixture
def server() -> Iterator[Noted]:
    with Noted() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def with_a_run(tmp_path_factory) -> Path:
    """A home in whose history a run of `apply_approved` waits for a launcher."""
    folder = tmp_path_factory.mktemp("launchers")
    (folder / "settings").mkdir()
    (folder / "connections.toml").touch()
    settings = _settings(folder, None)
    command = [str(Path(sys.executable).with_name("dagster")), "job", "launch"]
    command += ["-m", "orchestration.definitions", "-j", "apply_approved"]
    environment = child_environment(settings, DAGSTER_HOME=str(dagster_home(settings)))
    subprocess.run(command, env=environment, check=True)
    return folder


def _settings(folder: Path, launcher: Path | None) -> Settings:
    return Settings(
        home=folder / "home",
        connections=folder / "connections.toml",
        settings_dir=folder / "settings",
        dagster_launcher=launcher,
    )


@contextmanager
def launched(folder: Path, launcher: Path, monkeypatch) -> Iterator[dg.DagsterInstance]:
    """Launch the run that waits in the folder as the launcher's file says."""
    settings = _settings(folder, launcher)
    home = dagster_home(settings)
    for name, value in child_environment(settings, DAGSTER_HOME=str(home)).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XERO_CRM_IMAGE", IMAGE)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        (run,) = instance.get_runs()
        instance.launch_run(run.run_id, None)  # pyright: ignore[reportArgumentType]
        yield instance


@pytest.fixture
def folder(with_a_run, tmp_path) -> Path:
    return shutil.copytree(with_a_run, tmp_path / "copy")


def test_docker_is_asked_for_a_container_of_the_image_with_the_home_in_it(
    folder, server, monkeypatch
):
    monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{server.server_port}")
    with launched(folder, LAUNCHERS / "docker.yaml", monkeypatch):
        asked = server.asked["/v1.43/containers/create"]
    assert asked["Image"] == IMAGE
    assert asked["Cmd"][:3] == ["dagster", "api", "execute_run"]
    assert f"XERO_CRM_HOME={folder / 'home'}" in asked["Env"]
    assert asked["HostConfig"]["Binds"] == [
        "/var/lib/xero-crm:/var/lib/xero-crm",
        "/etc/xero-crm:/etc/xero-crm:ro",
    ]
    assert "/v1.43/containers/made/start" in server.asked


def test_kubernetes_is_asked_for_a_job_that_is_tried_once_with_the_home_in_it(
    folder, server, monkeypatch
):
    monkeypatch.setattr(kubernetes_config, "load_incluster_config", lambda: None)
    monkeypatch.setattr(
        kubernetes_client.Configuration,
        "_default",
        kubernetes_client.Configuration(host=f"http://127.0.0.1:{server.server_port}"),
    )
    with launched(folder, LAUNCHERS / "kubernetes.yaml", monkeypatch):
        asked = server.asked["/apis/batch/v1/namespaces/xero-crm/jobs"]["spec"]
    pod = asked["template"]["spec"]
    (container,) = pod["containers"]
    assert asked["backoffLimit"] == 0 and container["image"] == IMAGE
    assert container["args"][:3] == ["dagster", "api", "execute_run"]
    assert container["envFrom"] == [{"secretRef": {"name": "xero-crm"}}]
    mounts = {mount["mountPath"]: mount["name"] for mount in container["volumeMounts"]}
    claims = {volume["name"]: volume.get("persistentVolumeClaim") for volume in pod["volumes"]}
    assert claims[mounts["/var/lib/xero-crm"]] == {"claimName": "xero-crm-home"}


def test_a_celery_worker_does_the_whole_run(folder, tmp_path, monkeypatch):
    (tmp_path / "results").mkdir()
    folders = ("data_folder_in", "data_folder_out", "control_folder")
    options = dict.fromkeys(folders, str(tmp_path))
    monkeypatch.setenv("CELERY_BROKER_URL", "filesystem://")
    monkeypatch.setenv("CELERY_RESULT_BACKEND", f"file://{tmp_path / 'results'}")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    # Where the folder is can be said in no address: for the worker, and in the launcher's file.
    worker_options = f"broker_transport_options = {options!r}"
    (tmp_path / "dagster_celery_config.py").write_text(worker_options, "utf-8")
    file = yaml.safe_load((LAUNCHERS / "celery.yaml").read_text("utf-8"))
    file["run_launcher"]["config"] = {"config_source": {"broker_transport_options": options}}
    (tmp_path / "celery.yaml").write_text(yaml.safe_dump(file), "utf-8")
    with launched(folder, tmp_path / "celery.yaml", monkeypatch) as instance:
        (run,) = instance.get_runs()
        command = [sys.executable, "-m", "celery", "-A", "dagster_celery.app"]
        worker = subprocess.Popen([*command, "worker", "-Q", "dagster", "-c", "1"])
        try:
            celery = instance.run_launcher.celery  # pyright: ignore[reportAttributeAccessIssue]
            celery.AsyncResult(run.tags["dagster-celery/task_id"]).get(timeout=300)
        finally:
            worker.terminate()
            worker.wait()
        (run,) = instance.get_runs()
        assert run.status is dg.DagsterRunStatus.SUCCESS
        assert instance.get_latest_materialization_event(dg.AssetKey(["ledger", "applied"]))
