"""Serves an organisation of a million invoices without holding them; for `sync_at_size.py`.

The sandbox's Xero with 10,000 invoices of its books; behind their last page come the same again,
under ids of their own, as often as it takes. What changed is told by a number on standard input.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.sandbox.limits import Limits
from pipelines.sandbox.pages import Pages
from pipelines.sandbox.rendering import encode
from pipelines.sandbox.server import SandboxServer
from pipelines.sandbox.world import load_world

SANDBOX = Path(__file__).resolve().parents[2] / "data" / "sandbox"
PAGE_SIZE, BASE_PAGES = 1000, 10
ID = re.compile(rb'("InvoiceID":")...')


class ManyInvoices:
    """Pages of any number of invoices; those that changed are the first `changed` of the list."""

    def __init__(self, invoices: int) -> None:
        self.count, self.changed = invoices, 0
        self._base: dict[int, bytes] = {}

    def answer(self, pages: Pages, resource: Any, request: Any, page: Any, shown: Any) -> bytes:
        """Stand in for `Pages.json_body`."""
        if resource.name != "Invoices" or page is None:
            return json_body(pages, resource, request, page, shown)
        if request.since:
            listed = (
                json.loads(b"[" + self._records(1), parse_float=Decimal) if self.changed else []
            )
            records = listed[: self.changed]
            for record in records:
                record["Reference"] = f"changed, one of {self.changed}"
            return self._body(page.describe(self.changed), encode(records)[1:])
        last = -(-self.count // PAGE_SIZE)
        text = self._records(page.number) if page.number <= last else b"]"
        return self._body(page.describe(self.count), text)

    def _records(self, number: int) -> bytes:
        copy, at = divmod(number - 1, BASE_PAGES)
        return ID.sub(rb"\g<1>" + b"%03x" % copy, self._base[at])

    def _body(self, pagination: dict[str, int], records: bytes) -> bytes:
        return b'"pagination":' + encode(pagination) + b',"Invoices":[' + records + b"}"

    def keep(self, number: int, body: bytes) -> None:
        """Keep a page of the sandbox's own as one to repeat: its records and their bracket."""
        self._base[number - 1] = body.partition(b'"Invoices":[')[2].removesuffix(b"}")


json_body = Pages.json_body


def main() -> None:
    """Print the address when ready; for a number read, so many invoices are changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--invoices", type=int, required=True, help="a multiple of 1000, or 0")
    parser.add_argument("--lines", type=int, default=5)
    args = parser.parse_args()
    documents = min(args.invoices, BASE_PAGES * PAGE_SIZE)
    world = load_world(SANDBOX, documents=documents, lines=args.lines, only=["harbour"])
    (organisation,) = world.organisations.values()
    many = ManyInvoices(args.invoices)
    with SandboxServer(world, limits=Limits(enforced=False)) as server:
        server.prerender("Invoices", PAGE_SIZE)
        pages = server.app.pages(organisation)
        for (name, _, page, _), body in pages._bodies.items():  # type: ignore[misc]
            if name == "Invoices":
                many.keep(page.number, body)
        setattr(Pages, "json_body", lambda *asked: many.answer(*asked))  # noqa: B010 - for pyright
        print(server.url, organisation.tenant_id, flush=True)
        for line in sys.stdin:
            many.changed = int(line)
            print("changed", flush=True)


if __name__ == "__main__":
    main()
