"""A disk without room: the sync says so, keeps what it had, and goes on when there is room."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from homes import Home
from raw_rows import raw_log

from pipelines.disk import is_full
from pipelines.sandbox.limits import Limits
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import load_world

SANDBOX = Path(__file__).resolve().parents[2] / "data" / "sandbox"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of little room; only root may."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("not run: needs the right to mount a file system, run as root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_is_told_and_loses_nothing(small_disk: Path, tmp_path: Path):
    world = load_world(SANDBOX, only=["kowhai"])
    with SandboxServer(world, limits=Limits(enforced=False)) as server:
        undisturbed = Home(tmp_path / "undisturbed", server.url).prepare()
        undisturbed.run("sync")
        home = Home(small_disk / "home", server.url).prepare()
        ballast = small_disk / "ballast"
        with ballast.open("wb") as file:
            file.write(bytes(14 << 20))
        child = home.start("sync")
        printed, _ = child.communicate(timeout=300)
        assert child.returncode != 0
        assert "No room is left on the disk" in printed
        assert "Traceback" not in printed
        ballast.unlink()
        subprocess.run(["mount", "-o", "remount,size=300m", str(small_disk)], check=True)
        home.run("sync")
    assert raw_log(home.folder) == raw_log(undisturbed.folder)


def test_a_full_disk_is_known_by_what_any_library_says_of_it():
    try:
        try:
            raise duckdb.IOException("IO Error: Could not write file: No space left on device")
        except duckdb.IOException as error:
            raise RuntimeError("Pipeline execution failed") from error
    except RuntimeError as error:
        assert is_full(error)
    assert is_full(OSError(28, "No space left on device"))
    assert not is_full(OSError(13, "Permission denied"))
