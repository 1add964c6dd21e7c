"""The locked runtime: no copyleft beyond LGPL, nothing that the default install must not bring."""

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution, metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "packaging" / "requirements.lock"
GPL = re.compile(r"(?<![A-Za-z])A?GPL|(?<!Lesser )General Public License", re.IGNORECASE)


def locked(lock: Path) -> list[Requirement]:
    """Return the requirements of a lock file, without their hashes."""
    text = lock.read_text().replace("\\\n", "")
    lines = [re.sub(r"\s--hash.*", "", line) for line in text.splitlines()]
    return [Requirement(line) for line in lines if re.match(r"[A-Za-z]", line)]


def locked_here() -> list[Requirement]:
    """Return what the runtime lock asks for on this system and Python."""
    return [one for one in locked(LOCK) if one.marker is None or one.marker.evaluate()]


def licence_choices(name: str) -> list[str]:
    """Return the licences that a package may be used under, one of them at one's choice."""
    about = metadata(name)
    named = about.get_all("License-Expression") or about.get_all("License") or [""]
    if named[0] and "\n" not in named[0]:
        return re.split(r"\s+OR\s+", named[0])
    return [line for line in about.get_all("Classifier") or [] if line.startswith("License ::")]


@pytest.mark.parametrize("requirement", locked_here(), ids=lambda requirement: requirement.name)
def test_no_runtime_package_is_gpl_only(requirement: Requirement) -> None:
    choices = licence_choices(requirement.name)
    assert choices, "its metadata names no licence; read it and name it here"
    assert not all(GPL.search(choice) for choice in choices), choices


@pytest.mark.parametrize(
    ("licence", "is_gpl"),
    [
        ("GPL-3.0-only", True),
        ("AGPL-3.0-or-later", True),
        ("License :: OSI Approved :: GNU General Public License v2 (GPLv2)", True),
        ("License :: OSI Approved :: GNU Affero General Public License v3", True),
        ("LGPL-3.0-only", False),
        ("License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)", False),
    ],
)
def test_the_licence_check_tells_gpl_from_lgpl(licence: str, is_gpl: bool) -> None:
    assert bool(GPL.search(licence)) == is_gpl


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_is_pinned_with_hashes_and_without_index(name: str) -> None:
    text = (ROOT / "packaging" / name).read_text()
    for requirement in locked(ROOT / "packaging" / name):
        (pin,) = requirement.specifier
        assert pin.operator == "=="
    entries = re.findall(r"(?m)^[A-Za-z].*(?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)+", text)
    assert len(entries) == len(locked(ROOT / "packaging" / name))
    assert "://" not in text


def test_both_locks_agree() -> None:
    runtime = {(str(r.name), str(r.marker)): str(r.specifier) for r in locked(LOCK)}
    for requirement in locked(ROOT / "packaging" / "requirements-dev.lock"):
        key = (requirement.name, str(requirement.marker))
        assert runtime.get(key, str(requirement.specifier)) == str(requirement.specifier)


@pytest.mark.parametrize(
    "name",
    "torch numba llvmlite umap-learn hdbscan sentence-transformers transformers openvino-telemetry "
    "pyside6-addons huggingface-hub plotly igraph leidenalg".split(),
)
def test_unneeded_packages_are_neither_locked_nor_installed(name: str) -> None:
    assert name not in {requirement.name for requirement in locked(LOCK)}
    with pytest.raises(PackageNotFoundError):
        distribution(name)


def test_installed_packages_are_the_locked_ones() -> None:
    for requirement in locked_here():
        installed: Distribution = distribution(requirement.name)
        assert requirement.specifier.contains(installed.version), requirement
