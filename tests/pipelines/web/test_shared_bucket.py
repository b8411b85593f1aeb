from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pipelines.web.shared_bucket import SharedBucket

WHERE = "Invoices of organisation Harbour Ltd"


def test_processes_together_make_no_more_calls_than_one_may(tmp_path: Path):
    program = (
        "import sys; from pathlib import Path;"
        "from pipelines.web.shared_bucket import SharedBucket;"
        "from pipelines.web.transport import utc_now;"
        "bucket = SharedBucket(Path(sys.argv[1]), 'b', 20, None, utc_now);"
        "print(sum(bucket.take('x') == 0 for _ in range(15)))"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    taken = [int(process.communicate(timeout=60)[0]) for process in running]
    assert sum(taken) == 20


def test_old_calls_are_forgotten(home: Path, clock):
    home.mkdir()
    bucket = SharedBucket(home, "b", 10, None, clock)
    for _ in range(200):
        while wait := bucket.take(WHERE):
            clock.sleep(wait)
    assert bucket._bucket.count() <= 80
    bucket.close()


def test_a_window_may_be_ten_minutes_long(home: Path, clock):
    home.mkdir()
    bucket = SharedBucket(home, "b", 3, None, clock, window=600)
    assert [bucket.take(WHERE) for _ in range(3)] == [0, 0, 0]
    assert 600 < bucket.take(WHERE) <= 602
    clock.sleep(602)
    assert bucket.take(WHERE) == 0
    bucket.close()
