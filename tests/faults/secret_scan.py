"""Looks for secrets in every file of a home: texts, warehouses, ledgers, load files, logs.

    python tests/faults/secret_scan.py HOME [SECRET ...]

looks for the secrets and for every token that the home's own token files hold, which are the one
place where those may be. What a file packs (DuckDB, Parquet, gzip) is unpacked first.
"""

from __future__ import annotations

import base64
import gzip
import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

import duckdb
import pyarrow.parquet

SHORTEST = 8  # characters; a shorter text stands in a file by chance
TOKENS = ("access_token", "refresh_token", "former_refresh_token")


def leaks(home: Path, secrets: Iterable[str]) -> list[str]:
    """Return where a secret stands, as such, in base64 or quoted; token files apart."""
    wanted = {form for each in secrets if len(each) >= SHORTEST for form in _forms(each)}
    files = [path for path in sorted(home.rglob("*")) if path.is_file() and not path.is_symlink()]
    return [
        f"{path.relative_to(home)}: {len(found)} of the secrets"
        for path in files
        if not _is_token_file(path)
        and (found := {form for text in _contents(path) for form in wanted if form in text})
    ]


def held_tokens(home: Path) -> set[str]:
    """Return every token that the token files of a home hold."""
    held = (json.loads(path.read_bytes()) for path in (home / "tokens").glob("*.json"))
    return {token for each in held for name in TOKENS if (token := each.get(name))}


def _forms(secret: str) -> Iterator[bytes]:
    yield secret.encode()
    yield quote(secret, safe="").encode()
    for shift in range(3):  # inside a longer text that was encoded, such as id:secret
        encoded = base64.b64encode(b"x" * shift + secret.encode())
        yield encoded[-(-shift * 4 // 3) : len(encoded) // 4 * 4 - 4].lstrip(b"x")


def _is_token_file(path: Path) -> bool:
    return path.parent.name == "tokens" and path.suffix == ".json"


def _contents(path: Path) -> Iterator[bytes]:
    yield path.read_bytes()
    if path.suffix == ".duckdb":
        yield from _duckdb_texts(path)
    elif path.suffix == ".parquet":
        yield str(pyarrow.parquet.read_table(path).to_pylist()).encode()
    elif path.suffix == ".gz":
        yield gzip.decompress(path.read_bytes())
    elif path.read_bytes()[:15] == b"SQLite format 3":
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
            yield "\n".join(connection.iterdump()).encode("utf-8", "replace")


def _duckdb_texts(path: Path) -> Iterator[bytes]:
    with duckdb.connect(str(path), read_only=True) as con:
        tables = con.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_type = 'BASE TABLE'"
        ).fetchall()
        for schema, table in tables:
            rows = con.execute(f'select to_json(t)::varchar from "{schema}"."{table}" t')  # noqa: S608
            while batch := rows.fetchmany(10_000):
                yield "\n".join(text for (text,) in batch).encode()


def main() -> int:
    """Scan a home and say what was found."""
    home, secrets = Path(sys.argv[1]), {*sys.argv[2:], *held_tokens(Path(sys.argv[1]))}
    found = leaks(home, secrets)
    files = sum(path.is_file() for path in home.rglob("*"))
    print(f"{files} files, {len(secrets)} secrets, found in {len(found)}", *found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
