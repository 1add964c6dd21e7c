"""Classic BERTopic behind the same interface, where its packages are; else what is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.engine.feedback import excerpts, feedback

from themeloom.domain.encoders import Way
from themeloom.domain.errors import SynthesisError
from themeloom.engine.classic import require
from themeloom.engine.theming import ThemingSettings, find_themes

ROOT = Path(__file__).parents[2]
PEERS = next(iter(ROOT.glob(".venv-peers/lib/python3*/site-packages")), None)

#: In a process of its own: what is imported once stays.
RUN = """
import sys
sys.path.append(sys.argv[1])
from pathlib import Path
from tests.engine.feedback import excerpts, feedback
from themeloom.domain.encoders import Way
from themeloom.engine.theming import ThemingSettings, find_themes

frame = feedback()
for seed in (0, 0):
    result = find_themes(
        excerpts(frame["text"].to_list()),
        ThemingSettings(way=Way.CLASSIC, seed=seed),
        known=None,
        store=Path(sys.argv[2]),
        progress=lambda stage, done, total: None,
    )
    print(result.themes.filter(level="theme")["title"].sort().to_list())
assert "torch" not in sys.modules
print(result.why)
print(sorted(result.versions))
"""


def test_what_is_missing_is_said_with_the_line_that_installs_it(tmp_path: Path) -> None:
    with pytest.raises(SynthesisError, match="not installed") as caught:
        find_themes(
            excerpts(feedback()["text"].to_list()),
            ThemingSettings(way=Way.CLASSIC),
            known=None,
            store=tmp_path,
            progress=lambda stage, done, total: None,
        )
    assert caught.value.complaint.hint is not None
    assert "-m pip install umap-learn hdbscan" in caught.value.complaint.hint


def test_nothing_of_it_is_imported_for_the_usual_way() -> None:
    with pytest.raises(SynthesisError):
        require()
    assert not {"umap", "hdbscan", "numba"} & set(sys.modules)


@pytest.mark.faults_long  # compiles for half a minute
@pytest.mark.skipif(PEERS is None, reason="make bench-peers makes .venv-peers")
@pytest.mark.timeout(700)
def test_umap_and_hdbscan_find_the_planted_themes(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", RUN, str(PEERS), str(tmp_path)],
        cwd=ROOT,
        # Most of the time is compiling: what comes out is the same without optimising it.
        env=os.environ | {"PYTHONPATH": str(ROOT), "NUMBA_OPT": "0"},
        capture_output=True,
        text=True,
        timeout=680,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    one, other, why, versions = done.stdout.splitlines()[-4:]
    assert one == other
    assert 5 <= len(one.split(",")) <= 12
    assert "classic BERTopic" in why
    assert "umap-learn" in versions
