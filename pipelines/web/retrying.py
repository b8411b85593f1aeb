"""Makes a call again where its error says that this can help, as often and as late as it says."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

import tenacity

from pipelines.failures import CallFailure, RateLimited, ServerTrouble

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

# Seconds, jittered. Systems ask for minutes after a 503; a run waits one at most, then says so.
_BRIEF = tenacity.wait_random_exponential(multiplier=0.5, max=8)
_PATIENT = tenacity.wait_random_exponential(multiplier=4, max=60) + tenacity.wait_fixed(1)


def retried(
    call: Callable[[], Result],
    sleep: Callable[[float], None],
    only: type[CallFailure] = CallFailure,
) -> Result:
    """Make a call, again where its error is retryable and one of `only`, as often as that allows.

    Raises:
        CallFailure: The last one.
    """
    return tenacity.Retrying(
        retry=tenacity.retry_if_exception(
            lambda error: isinstance(error, only) and _may_retry(error)
        ),
        stop=_out_of_tries,
        wait=_wait,
        sleep=sleep,
        before_sleep=_tell,
        reraise=True,
    )(call)


def _may_retry(error: BaseException) -> bool:
    return isinstance(error, CallFailure) and error.is_retryable


def _raised(state: tenacity.RetryCallState) -> Any:
    return state.outcome.exception() if state.outcome else None


def _out_of_tries(state: tenacity.RetryCallState) -> bool:
    return state.attempt_number >= _raised(state).max_tries


def _tell(state: tenacity.RetryCallState) -> None:
    error = _raised(state)
    logger.info("Try %s of %s failed. %s", state.attempt_number, error.max_tries, error)


def _wait(state: tenacity.RetryCallState) -> float:
    error = _raised(state)
    if isinstance(error, RateLimited) and error.problem != "concurrent":
        return 0.0  # the bucket holds the pause, for every thread and process
    return (_PATIENT if isinstance(error, ServerTrouble) else _BRIEF)(state)
