"""LibreOffice as tests call it."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol


class Convert(Protocol):
    """Saves files in another format, under their own names in another folder."""

    def __call__(self, paths: Sequence[Path], kind: str, folder: Path, *options: str) -> None:
        """Convert; ``kind`` is the ending of the format."""
        ...


def converter(soffice: str, profile: Path) -> Convert:
    """Return ``Convert`` by a profile of LibreOffice that is made with the first call."""

    def convert(paths: Sequence[Path], kind: str, folder: Path, *options: str) -> None:
        subprocess.run(
            [
                soffice,
                "--headless",
                f"-env:UserInstallation={profile.as_uri()}",
                *options,
                *("--convert-to", kind, "--outdir", str(folder)),
                *map(str, paths),
            ],
            check=True,
            capture_output=True,
            timeout=110,
        )

    return convert
