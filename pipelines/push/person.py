"""Who is doing this, and who last changed the settings: the two names that four eyes compare.

Who runs the program is the operating system's user, by the process's user id, not by what the
environment says. Who last changed the settings:

- where the folder is in a git work tree and equals what is committed, the author and the committer
  of the last commit that touched it. A reviewed repository is how settings should change, and its
  history is what an auditor reads;
- else (changed since, not in git) the owner of the file that was changed last, as the operating
  system has it.

Neither stops a person who means to deceive: root can be any user, and git believes what it is told.
It is there so that nobody approves the effect of his own change by oversight. Where it cannot be
told who changed the settings, approval is refused.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from pipelines.push.errors import ApprovalRefused

_GIT_SECONDS = 20


def current_person() -> str:
    """Return the name of the operating system's user that runs this process."""
    return _name_of(os.getuid()) if hasattr(os, "getuid") else _login()


def named_person(signed_in: str | None = None) -> str:
    """Return the name to record: who signed in, and through whose program; else the latter."""
    return f"{signed_in} (by {current_person()})" if signed_in else current_person()


def last_changed_by(folder: Path) -> frozenset[str]:
    """Return the names, in lower case, of who last changed the settings; empty: unknown."""
    files = [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
    if not files:
        return frozenset()
    if _git(folder, "status", "--porcelain", "--", ".") == "":
        said = _git(folder, "log", "-1", "--format=%ae%n%an%n%ce%n%cn", "--", ".")
        if said:
            return _names(said.splitlines())
    newest = max(files, key=lambda path: path.stat().st_mtime_ns)
    return _names([_name_of(newest.stat().st_uid)])


def refuse_who_changed_the_settings(person: str, folder: Path) -> None:
    """Hold the rule of four eyes.

    Raises:
        ApprovalRefused: The person changed the settings last, or it is not known who did.
    """
    changed_by = last_changed_by(folder)
    if not changed_by:
        raise ApprovalRefused(
            f"XERO_CRM_FOUR_EYES is on, and who last changed {folder} is not known. Keep the"
            " settings in git."
        )
    own = _names([person, _git(folder, "config", "user.email") or ""])
    if own & changed_by:
        raise ApprovalRefused(
            f"XERO_CRM_FOUR_EYES is on, and {person} last changed {folder}. Another person has"
            " to approve."
        )


def _names(said: list[str]) -> frozenset[str]:
    """Return names as they can be compared: an address also by the part before the @."""
    names = {each.strip().lower() for each in said}
    return frozenset((names | {each.partition("@")[0] for each in names}) - {""})


def _name_of(user_id: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(user_id).pw_name
    except KeyError:
        return f"user {user_id}"


def _login() -> str:
    import getpass

    return getpass.getuser()


def _git(folder: Path, *arguments: str) -> str | None:
    """Return what git says; None if it cannot be asked, or if this is no work tree."""
    git = shutil.which("git")
    if git is None:
        return None
    try:
        done = subprocess.run(
            [git, "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            timeout=_GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
