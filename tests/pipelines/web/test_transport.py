from __future__ import annotations

import gzip
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import httpx
import pytest

from pipelines.failures import MalformedAnswer, Unreachable
from pipelines.web.transport import Answer, Transport

WHERE = "Invoices of organisation Harbour Ltd"


@contextmanager
def a_server_that_sends(*answers: bytes) -> Iterator[str]:
    """Serve each connection one answer, byte for byte, then hang up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for answer in answers:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(answer)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/Invoices"
        thread.join(10)


@pytest.fixture
def fetch() -> Iterator[Callable[[str], Answer]]:
    transport = Transport(through_proxy=False)
    yield lambda url: transport.exchange("GET", url, WHERE, headers={"Authorization": "Bearer t"})
    transport.close()


def a_head(**headers: object) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode()


def test_a_whole_answer_comes_as_it_was_sent(fetch):
    body = b'{"Invoices":[]}'
    with a_server_that_sends(a_head(Content_Length=len(body)) + body) as url:
        answer = fetch(url)
    assert (answer.status, answer.body, answer.bytes_on_wire) == (200, body, len(body))


def test_a_page_shorter_than_its_length_is_malformed(fetch):
    with (
        a_server_that_sends(a_head(Content_Length=100) + b'{"Invoices":[]}') as url,
        pytest.raises(MalformedAnswer, match=f"{WHERE}: the answer broke off"),
    ):
        fetch(url)


def test_a_chunked_page_without_its_end_is_malformed(fetch):
    with (
        a_server_that_sends(a_head(Transfer_Encoding="chunked") + b'5\r\n{"Inv\r\n') as url,
        pytest.raises(MalformedAnswer),
    ):
        fetch(url)


def test_a_compressed_page_that_was_damaged_is_malformed(fetch):
    body = b"no gzip at all"
    with (
        a_server_that_sends(a_head(Content_Length=len(body), Content_Encoding="gzip") + body) as u,
        pytest.raises(MalformedAnswer),
    ):
        fetch(u)


def test_a_compressed_page_that_was_cut_gives_a_cut_body_at_most(fetch):
    body = gzip.compress(b'{"Invoices":[{"InvoiceID":"1"}]}')[:-12]
    with a_server_that_sends(a_head(Content_Length=len(body), Content_Encoding="gzip") + body) as u:
        assert not fetch(u).body.endswith(b"]}")


def test_a_server_that_hangs_up_is_unreachable(fetch):
    with a_server_that_sends(b"") as url, pytest.raises(Unreachable, match="no answer from http"):
        fetch(url)


def test_a_port_where_nothing_listens_is_unreachable(fetch):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable, match=f"127.0.0.1:{port}.*Check the network"):
        fetch(f"http://127.0.0.1:{port}/Invoices")


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/x", "127.0.0.1", "http://[", "http:///x"])
def test_an_address_that_is_none_is_unreachable(fetch, url):
    with pytest.raises(Unreachable, match="the addresses in connections"):
        fetch(url)


def test_a_redirect_is_not_followed(fetch):
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    with a_server_that_sends(moved) as url:
        assert fetch(url).status == 302


def test_an_answer_that_drips_in_is_given_up(clock):
    class Drip(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                clock.sleep(50)
                yield b" "

    transport = Transport(
        clock=clock, transport=httpx.MockTransport(lambda _: httpx.Response(200, stream=Drip()))
    )
    with pytest.raises(MalformedAnswer, match="not complete after 300 s"):
        transport.exchange("GET", "http://127.0.0.1/x", WHERE, headers={})


def test_an_answers_text_shows_neither_body_nor_headers(fetch):
    body = b'{"access_token":"abc"}'
    with a_server_that_sends(a_head(Content_Length=len(body), X_Token="def") + body) as url:
        text = repr(fetch(url))
    assert "abc" not in text
    assert "def" not in text
