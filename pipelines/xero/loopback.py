"""Waits on this machine for the browser to come back from a sign-in, with the code.

Listens on loopback only, for IPv4 and, where there is one, IPv6: browsers resolve "localhost" to
either. A request that does not belong to the attempt is refused and changes nothing.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

from pipelines.web.quoting import quoted
from pipelines.xero.errors import SignInFailed
from pipelines.xero.sign_in import CALLBACK, SignIn

_PAGE = (
    "<!doctype html><meta charset=utf-8><title>xero-crm</title>"
    "<p style='font: 1.2em sans-serif; margin: 3em'>{}</p>"
)
_WELL = "Signed in. This window can be closed; xero-crm goes on in the terminal."
_NOT_WELL = "The sign-in did not succeed; the terminal says why. This window can be closed."
_NOT_OURS = "This answer belongs to no sign-in that xero-crm is waiting for."
Result = dict[str, str]


class Receiver:
    """Where the browser comes back to. `port` is the one that it listens on."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.sign_in: SignIn | None = None
        self.results: Queue[Result] = Queue()

    def code(self, sign_in: SignIn, timeout: float) -> str:
        """Wait for the answer to an attempt, at most `timeout` seconds, and return its code.

        Raises:
            SignInFailed: The person said no, Xero refused, or nobody came back in time.
        """
        self.sign_in = sign_in
        try:
            result = self.results.get(timeout=timeout)
        except Empty:
            raise SignInFailed(
                f"Nobody came back from the sign-in within {timeout:.0f} s. Check that the app in "
                f"Xero has the redirect URI {sign_in.redirect_uri}, then run it again."
            ) from None
        if "code" in result:
            return result["code"]
        raise SignInFailed(_refused(result, sign_in))


@contextmanager
def receiver(port: int) -> Iterator[Receiver]:
    """Listen on loopback for as long as the block runs; port 0 takes a free one.

    Raises:
        SignInFailed: The port is taken.
    """
    found = Receiver(port)
    handler = _handler(found)
    servers: list[ThreadingHTTPServer] = []
    try:
        for kind, host in ((_IPv4, "127.0.0.1"), (_IPv6, "::1")):
            try:
                servers.append(kind((host, found.port), handler))
            except OSError as error:
                if kind is _IPv6:
                    continue  # a machine without IPv6
                raise SignInFailed(
                    f"Port {port} cannot be used ({error}). Set redirect_port in connections.toml "
                    "and the app's redirect URI in Xero to another one."
                ) from None
            found.port = servers[0].server_address[1]
        for server in servers:
            Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield found
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


class _IPv4(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True


class _IPv6(_IPv4):
    address_family = socket.AF_INET6


def _handler(found: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10.0  # a connection that says nothing is closed

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            given = dict(parse_qsl(address.query, max_num_fields=20))
            attempt = found.sign_in
            if address.path != CALLBACK:
                self._answer(404, _NOT_OURS)
            elif attempt is None or not attempt.is_answered_by(given.get("state", "")):
                self._answer(400, _NOT_OURS)
            else:
                self._answer(200, _WELL if given.get("code") else _NOT_WELL)
                found.results.put(given)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the request line holds the code."""

        def _answer(self, status: int, text: str) -> None:
            body = _PAGE.format(text).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("Referrer-Policy", "no-referrer")
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _refused(result: Result, sign_in: SignIn) -> str:
    error = result.get("error", "no code")
    if error == "access_denied":
        return "The sign-in was cancelled in Xero. Run it again to let the app in."
    said = quoted(f"{error} {result.get('error_description', '')}".strip(), (sign_in.state,))
    return f"Xero refused the sign-in ({said})."
