from __future__ import annotations

import signal
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import httpx
import pytest

from pipelines.sandbox.limits import Limits
from pipelines.sandbox.server import SandboxServer, serve


def test_a_server_listens_on_loopback_only_and_stops_with_its_block(world):
    with SandboxServer(world) as server:
        url = urlsplit(server.url)
        assert url.hostname == "127.0.0.1"
        assert httpx.get(f"{server.url}/connections").status_code == 401
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url.geturl()}/connections")


def test_servers_take_free_ports_side_by_side(world):
    with SandboxServer(world) as one, SandboxServer(world) as other:
        assert one.url != other.url


def test_a_port_that_is_taken_is_an_error_at_once(world):
    with SandboxServer(world) as running, pytest.raises(OSError, match="in use"):
        SandboxServer(world, port=urlsplit(running.url).port or 0).__enter__()


def test_a_port_can_be_used_again_after_a_stop(world):
    with SandboxServer(world) as server:
        port = urlsplit(server.url).port or 0
        httpx.get(f"{server.url}/connections")
    with SandboxServer(world, port=port) as server:
        assert urlsplit(server.url).port == port


def test_a_server_without_its_block_has_no_address(world):
    with pytest.raises(RuntimeError):
        _ = SandboxServer(world).url


def test_serve_announces_itself_and_runs_until_it_is_stopped(world):
    stop, announced = threading.Event(), threading.Event()
    servers: list[SandboxServer] = []
    urls: list[str] = []

    def announce(server: SandboxServer) -> None:
        servers.append(server)
        urls.append(server.url)
        announced.set()

    arguments = {"limits": Limits(per_minute=600), "announce": announce, "stop": stop}
    thread = threading.Thread(target=serve, args=(world, 0), kwargs=arguments)
    thread.start()
    assert announced.wait(10)
    assert httpx.get(f"{urls[0]}/connections").status_code == 401
    assert servers[0].budget.limits.per_minute == 600
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{urls[0]}/connections")


def test_prerendered_pages_are_the_ones_that_are_asked_for(client, an_invoice):
    for number in range(1, 6):
        an_invoice(number)
    held = client.server.prerender("Invoices", 2)
    served = [client.get("Invoices", page=page, pageSize=2, unitdp=4) for page in (1, 2, 3)]
    pages = client.server.app.pages(client.server.world.organisations[client.tenant_id])
    assert len(pages._bodies) == 3  # nothing had to be made anew
    tails = [answer.content[answer.content.index(b'"pagination"') :] for answer in served]
    assert sum(map(len, tails)) <= held


def test_a_change_of_the_world_drops_what_was_prerendered(client, an_invoice):
    an_invoice(1)
    client.server.prerender("Invoices", 1000)
    an_invoice(2)
    assert len(client.records("Invoices", page=1, pageSize=1000, unitdp=4)) == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_serving_cleanly(project_root, number):
    program = (
        "from pathlib import Path\n"
        "from pipelines.sandbox.server import serve\n"
        "from pipelines.sandbox.world import load_world\n"
        "world = load_world(Path('data/sandbox'), documents=0, only=['harbour'])\n"
        "serve(world, 0, announce=lambda server: print(server.url, flush=True))\n"
        "print('stopped', flush=True)\n"
    )
    served = subprocess.Popen(
        [sys.executable, "-c", program], cwd=project_root, stdout=subprocess.PIPE, text=True
    )
    try:
        assert served.stdout is not None
        assert served.stdout.readline().startswith("http://127.0.0.1:")
        served.send_signal(number)
        rest, _ = served.communicate(timeout=20)
        assert (served.returncode, rest) == (0, "stopped\n")
    finally:
        served.kill()
