from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pipelines.xero.slots import CallSlots


def test_a_slot_held_by_one_process_is_closed_to_another(tmp_path: Path):
    program = (
        "import sys; from pathlib import Path; from pipelines.xero.slots import CallSlots\n"
        "def blocked(_): print('blocked'); sys.exit()\n"
        "with CallSlots(Path(sys.argv[1]), 's', 1, sleep=blocked).hold(): print('free')"
    )

    def other_process() -> str:
        command = [sys.executable, "-c", program, str(tmp_path)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    slots = CallSlots(tmp_path, "s", 1, sleep=lambda _: None)
    with slots.hold():
        assert other_process() == "blocked"
    assert other_process() == "free"
    with slots.hold():
        pass
