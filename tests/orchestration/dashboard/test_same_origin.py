"""Whose requests the dashboard takes."""

from __future__ import annotations

import pytest

from orchestration.dashboard.same_origin import is_ours

OURS = "http://127.0.0.1:8501"


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("127.0.0.1:8501", OURS),
        ("localhost:8501", "http://localhost:8501"),
        ("[::1]:8501", "http://[::1]:8501"),
    ],
)
def test_our_own_page_may_click(host, origin):
    assert is_ours(host, origin, is_websocket=True, is_loopback=True)


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("127.0.0.1:8501", "https://evil.example"),
        ("127.0.0.1:8501", "http://127.0.0.1:9000"),  # another program on this machine
        ("127.0.0.1:8501", "null"),  # a page in a sandboxed frame, or a file
        ("evil.example:8501", "http://evil.example:8501"),  # its name made to resolve to us
        ("127.0.0.1.evil.example:8501", "http://127.0.0.1.evil.example:8501"),
        ("127.0.0.1:8501", None),  # a browser always says where a WebSocket comes from
    ],
)
def test_another_sites_page_may_not(host, origin):
    assert not is_ours(host, origin, is_websocket=True, is_loopback=True)


def test_a_page_is_loaded_without_an_origin():
    assert is_ours("127.0.0.1:8501", None, is_websocket=False, is_loopback=True)


def test_beyond_loopback_the_origin_must_be_the_address_that_was_asked():
    host = "figures.example.com"
    assert is_ours(host, f"https://{host}", is_websocket=True, is_loopback=False)
    assert not is_ours(host, "https://evil.example", is_websocket=True, is_loopback=False)
