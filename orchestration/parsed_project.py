"""What dbt made of the project's files: kept beside them, so that no home need parse them anew.

Parsing some hundreds of models takes longer than building them from a small warehouse. The result
depends on the files alone; only where the checkout cannot be written to, each home has its own.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import CannotRun

_MANIFEST = "manifest.json"
_PARTIAL_PARSE = "partial_parse.msgpack"  # dbt's own, from which it parses only what has changed
_KEPT = (_PARTIAL_PARSE, "semantic_manifest.json", _MANIFEST)  # the second is what MetricFlow reads


class DbtError(CannotRun):
    """dbt could not run at all, so nothing was built; the message holds what dbt said."""


def project_dir() -> Path:
    """Return the folder that holds dbt_project.yml, found upward from the working directory.

    Raises:
        DbtError: There is none.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "dbt_project.yml").exists():
            return folder
    raise DbtError(f"There is no dbt_project.yml in {here} or above. Run this inside the checkout.")


@dataclass(frozen=True)
class ParsedProject:
    """The project's files, and what dbt made of them.

    Attributes:
        project: The folder that holds dbt_project.yml.
        target: The folder that dbt writes to, in some home.
    """

    project: Path
    target: Path

    @property
    def folder(self) -> Path:
        """The folder where it is kept, made if it is missing."""
        ours = self.project / "dbt_project"
        folder = (ours / "target" if os.access(ours, os.W_OK) else self.target) / "parsed"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def manifest(self) -> Path:
        """The manifest, a copy of dbt's own: a build rewrites that while others may be reading."""
        return self.folder / _MANIFEST

    @property
    def is_current(self) -> bool:
        """Whether the manifest is there, and no file is newer."""
        kept = self.manifest
        return kept.exists() and kept.stat().st_mtime > self._last_change()

    @property
    def as_option(self) -> tuple[str, ...]:
        """What tells dbt to parse only what has changed since the latest time."""
        found = [folder / _PARTIAL_PARSE for folder in (self.folder, self.target)]
        found = [path for path in found if path.exists()]
        newest = max(found, key=lambda path: path.stat().st_mtime, default=None)
        return ("--partial-parse-file-path", str(newest)) if newest else ()

    def keep(self, started: float) -> None:
        """Keep what dbt, started at this time, has just parsed, unless what is kept is current."""
        if self.is_current:
            return
        for name in _KEPT:
            made = self.target / name
            if made.exists() and made.stat().st_mtime >= started:
                new = self.folder / f"{name}.{os.getpid()}"
                new.write_bytes(made.read_bytes())
                os.utime(new, (started, started))  # a file changed meanwhile is newer
                new.replace(self.folder / name)

    def _last_change(self) -> float:
        """Return when a file of the project was last written, added or removed (seconds)."""
        # A folder's own time moves when a file in it is added or removed.
        paths = [self.project / "dbt_project.yml", *(self.project / "dbt_project").rglob("*")]
        ours = (path for path in paths if not {"target", "logs"} & set(path.parts))
        return max(path.stat().st_mtime for path in ours)
