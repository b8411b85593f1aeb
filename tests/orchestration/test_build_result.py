"""What a build found, joined with what an earlier one found of what it left alone."""

from __future__ import annotations

import json

from orchestration.build_result import parse_results, with_former_results


def results(*found: tuple[str, str]) -> bytes:
    return json.dumps(
        {
            "elapsed_time": 1.0,
            "results": [
                {
                    "unique_id": f"model.project.{name}",
                    "status": status,
                    "execution_time": 0.1,
                    "message": None,
                    "failures": None,
                }
                for name, status in found
            ],
        }
    ).encode()


def test_what_was_left_alone_keeps_its_result_and_all_stay_in_the_order_they_are_made_in():
    former = results(("first", "success"), ("second", "success"), ("last", "success"))
    joined = parse_results(with_former_results(results(("second", "error")), former))
    assert [(node.name, node.status) for node in joined.nodes] == [
        ("first", "success"),
        ("second", "error"),
        ("last", "success"),
    ]


def test_a_model_that_memory_does_not_hold_says_where_it_is_given_more():
    found = json.loads(results(("big", "error"), ("broken", "error")))
    found["results"][0]["message"] = "Runtime Error in model big\n  Out of Memory Error: 953.6 MiB"
    found["results"][1]["message"] = "Runtime Error in model broken\n  Catalog Error: no table"
    big, broken = parse_results(json.dumps(found).encode()).nodes
    assert "Raise memory_limit in dbt_project/profiles.yml" in (big.message or "")
    assert broken.message == "Runtime Error in model broken\n  Catalog Error: no table"
