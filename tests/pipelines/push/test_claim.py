"""Who applies: one process at a time, on both databases, and nobody for ever."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection

import pytest

from pipelines.push.claim import ApplyInProgress, claimed
from pipelines.push.ledger import Ledger, open_ledger
from pipelines.settings import Settings


def hold(settings: Settings, line: Connection) -> None:
    with open_ledger(settings) as ledger, claimed(ledger, "Mere"):
        line.send("held")
        line.recv()


def claim_again(ledger: Ledger, tries: int = 200) -> None:
    """Claim; a database server may take a moment to notice that its client is dead."""
    for left in reversed(range(tries)):
        try:
            with claimed(ledger, "Tane"):
                return
        except ApplyInProgress:
            if not left:
                raise


def test_a_second_applier_is_told_who_applies(
    settings: Settings, opened: Callable[[Settings], Ledger]
):
    ledger = opened(settings)
    with claimed(ledger, "Mere"), pytest.raises(ApplyInProgress, match="Mere on "):  # noqa: SIM117
        with claimed(opened(settings), "Tane"):
            pass
    with claimed(opened(settings), "Tane"):
        pass


def test_a_claim_dies_with_its_holder(settings: Settings, opened: Callable[[Settings], Ledger]):
    ledger = opened(settings)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    holder = context.Process(target=hold, args=(settings, theirs))
    holder.start()
    try:
        assert ours.poll(60)
        with pytest.raises(ApplyInProgress, match=f"process {holder.pid}"), claimed(ledger, "Tane"):
            pass
    finally:
        holder.kill()
        holder.join(30)
    claim_again(ledger)
