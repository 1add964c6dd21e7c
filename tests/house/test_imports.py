"""The import rules: each contract breaks when it should, and light rooms stay light when loaded."""

import ast
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = (
    "bertopic faiss graspologic_native hdbscan llvmlite numba onnxruntime openvino pandas scipy "
    "sentence_transformers sklearn tokenizers torch transformers umap"
).split()
ROOMS = (
    "app cli services services/tasks exporters insights analytics engine importers privacy jobs "
    "project domain base"
).split()

# contract id → imports that have to break it: (room, statement)
BREAKING = {
    "layers": [
        ("base", "import themeloom.domain"),
        ("engine", "import themeloom.project"),
        ("insights", "import themeloom.exporters"),
        ("services", "import themeloom.cli"),
    ],
    "tasks": [
        ("services", "import themeloom.services.tasks"),
        ("cli", "import themeloom.services.tasks"),
    ],
    "heavy": [
        ("analytics", "import sklearn.cluster"),
        ("analytics", "import scipy.stats"),
        ("services/tasks", "import bertopic"),
        ("project", "import pandas"),
    ],
    "numpy": [("exporters", "import numpy"), ("project", "import numpy")],
    "office-files": [("engine", "import openpyxl"), ("services", "import fastexcel")],
    "reading": [("exporters", "import docx"), ("services", "import py3langid")],
    "phones": [("importers", "import phonenumbers")],
    "sqlite": [("services", "import apsw"), ("project", "import sqlite3")],
    "qt": [("jobs", "from PySide6 import QtCore"), ("services", "import shiboken6")],
}
ALLOWED = [
    ("app", "from PySide6 import QtWidgets"),
    ("services", "import themeloom.engine"),
    ("engine", "import bertopic, sklearn.cluster, scipy.sparse, numpy"),
    ("analytics", "import numpy"),
    ("importers", "import openpyxl, fastexcel, docx, charset_normalizer, py3langid, numpy"),
    ("exporters", "import openpyxl.styles, fastexcel"),
    ("privacy", "import phonenumbers"),
    ("project", "import apsw, apsw.bestpractice"),
]


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def lint_imports(folder: Path, planted: list[tuple[str, str]]) -> subprocess.CompletedProcess[str]:
    """Run the project's contracts on empty rooms with these statements planted in them."""
    for room in ROOMS:
        package = folder / "themeloom" / room
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
    (folder / "themeloom" / "__init__.py").touch()
    for number, (room, statement) in enumerate(planted):
        (folder / "themeloom" / room / f"planted_{number}.py").write_text(statement + "\n")
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    config = ["--config", str(ROOT / "pyproject.toml"), "--no-cache", "--no-logo"]
    return subprocess.run(
        command + config,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_contract_is_tried_here() -> None:
    contracts = pyproject()["tool"]["importlinter"]["contracts"]
    assert {contract["id"] for contract in contracts} == set(BREAKING)


def test_what_the_design_allows_breaks_no_contract(tmp_path: Path) -> None:
    done = lint_imports(tmp_path, ALLOWED)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_forbidden_import_is_found(tmp_path: Path) -> None:
    planted = [one for statements in BREAKING.values() for one in statements]
    done = lint_imports(tmp_path, planted)
    assert done.returncode == 1, done.stdout + done.stderr
    found = done.stdout
    names = {
        contract["id"]: contract["name"]
        for contract in pyproject()["tool"]["importlinter"]["contracts"]
    }
    details = found[found.index("Broken contracts") :]
    for contract, statements in BREAKING.items():
        assert f"{names[contract]} BROKEN" in found
        for room, _ in statements:
            place = f"themeloom.{room.replace('/', '.')}.planted_"
            assert place in details[details.index(names[contract]) :], (contract, room)


def test_ruff_bans_what_the_heavy_contract_forbids() -> None:
    tools = pyproject()["tool"]
    banned = set(tools["ruff"]["lint"]["flake8-tidy-imports"]["banned-module-level-imports"])
    assert {"torch", "umap", "hdbscan", "numba", "sklearn", "bertopic", "openvino"} <= banned
    assert (
        set(HEAVY) - {"llvmlite", "onnxruntime", "sentence_transformers", "transformers"} <= banned
    )


def loaded_after(code: str, *path: Path) -> set[str]:
    """Return the top-level modules of a fresh process after this code."""
    report = (
        "\nimport json, sys"
        "\nloaded = {name.partition('.')[0] for name, module in sys.modules.items() if module}"
        "\nprint(json.dumps(sorted(loaded)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code + report],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, path))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


WALK = """
import importlib, pkgutil, themeloom
for module in pkgutil.walk_packages(themeloom.__path__, "themeloom."):
    if {condition} and not module.name.endswith("__main__"):
        importlib.import_module(module.name)
"""


def test_no_room_but_engine_loads_a_heavy_package() -> None:
    apart = "('themeloom.engine', 'themeloom.services.tasks')"
    loaded = loaded_after(WALK.format(condition=f"not module.name.startswith({apart})"))
    assert "polars" in loaded
    assert loaded & set(HEAVY) == set()


@pytest.mark.parametrize("present", [False, True], ids=["absent", "present"])
def test_default_engine_loads_no_torch_numba_or_umap(tmp_path: Path, present: bool) -> None:
    unwanted = "torch numba umap hdbscan sentence_transformers plotly".split()
    if present:
        for name in unwanted:
            (tmp_path / f"{name}.py").write_text("HDBSCAN = UMAP = SentenceTransformer = object\n")
    loaded = loaded_after(
        WALK.format(condition="module.name.startswith('themeloom.engine')"), tmp_path
    )
    assert "themeloom" in loaded
    assert loaded & {"torch", "numba", "umap", "sentence_transformers"} == set()


def test_tasks_import_nothing_while_they_run() -> None:
    """What a function imports could meet the thread that imports BERTopic, half done."""
    tasks = ROOT / "src" / "themeloom" / "services" / "tasks"
    late = [
        f"{path.name}: {ast.unparse(node)}"
        for path in sorted(tasks.glob("*.py"))
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert late == []
