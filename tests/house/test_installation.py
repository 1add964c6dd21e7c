"""Resources and sample data are found in an editable install and in a wheel."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKED = ("resources", "sample_data")
REPORT = """
import json, themeloom
from themeloom.base import paths
places = [themeloom.__file__, paths.resource(), paths.sample_data(), themeloom.__version__]
print(json.dumps([str(place) for place in places]))
"""


def places(folder: Path, *path: Path) -> list[str]:
    """Return where a fresh process finds the package, resources, sample data, and the version."""
    done = subprocess.run(
        [sys.executable, "-c", REPORT],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, path))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def unpacked_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = "-m pip wheel --quiet --no-index --no-deps --no-build-isolation --wheel-dir".split()
    subprocess.run([sys.executable, *command, str(folder), str(ROOT)], check=True)
    (wheel,) = folder.glob("themeloom-*-py3-none-any.whl")
    unpacked = folder / "unpacked"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    return unpacked


def test_editable_install_uses_the_repository(tmp_path: Path) -> None:
    package, resources, sample_data, _ = places(tmp_path)
    assert Path(package) == ROOT / "src" / "themeloom" / "__init__.py"
    assert [Path(resources), Path(sample_data)] == [ROOT / name for name in PACKED]


def test_wheel_uses_what_is_packed_in_it(unpacked_wheel: Path, tmp_path: Path) -> None:
    package, resources, sample_data, version = places(tmp_path, unpacked_wheel)
    home = unpacked_wheel / "themeloom"
    assert Path(package) == home / "__init__.py"
    assert [Path(resources), Path(sample_data)] == [home / "_data" / name for name in PACKED]
    assert (unpacked_wheel / f"themeloom-{version}.dist-info" / "licenses" / "LICENSE").is_file()


@pytest.mark.parametrize("name", PACKED)
def test_wheel_holds_every_file(unpacked_wheel: Path, name: str) -> None:
    packed = unpacked_wheel / "themeloom" / "_data" / name
    files = [path.relative_to(ROOT / name) for path in (ROOT / name).rglob("*") if path.is_file()]
    assert files
    for file in files:
        assert (packed / file).read_bytes() == (ROOT / name / file).read_bytes()
