from __future__ import annotations

import pickle

from pipelines.xero import errors


def test_only_what_may_pass_by_itself_is_retryable():
    retryable = {
        name
        for name, each in vars(errors).items()
        if isinstance(each, type)
        and issubclass(each, errors.XeroError)
        and each("what").is_retryable
    }
    assert retryable == {"Unreachable", "ServerTrouble", "RateLimited", "MalformedAnswer"}


def test_errors_keep_their_facts_on_the_way_between_processes():
    error = errors.RateLimited("Invoices: too many calls.", problem="concurrent", retry_after=3.0)
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.problem, copy.retry_after) == (str(error), "concurrent", 3.0)
