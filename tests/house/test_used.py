"""Nothing is kept that nobody uses, and no file grows beyond what a person reads at once."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).parents[2] / "src" / "themeloom"
MOST_LINES = 500

#: Called by name from outside, or there for tests and measurements alone.
CALLED_ELSEWHERE = {
    "extract_topics": "BERTopic calls representation models so",
    "get_feature_names_out": "BERTopic asks a vectorizer so",
    "handle_starttag": "html.parser calls it",
    "handle_endtag": "html.parser calls it",
    "handle_data": "html.parser calls it",
    "clone": "Qt copies an icon engine so",
    "Background": "the runner of a pane that is tested or measured without a workspace",
    "all_scope": "the widest question to the table of excerpts",
    "report_lines": "what the assistant's report says",
    "state_hash": "tells whether a deed and its undo leave the project as it was",
}


@cache
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(HOUSE.rglob("*.py"))}


def defined(tree: ast.Module) -> Iterator[str]:
    """Functions, classes and methods anywhere, constants of the module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
    for node in tree.body:
        if isinstance(node, ast.Assign):
            yield from (one.id for one in node.targets if isinstance(one, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def used(tree: ast.Module) -> Iterator[str]:
    """Names that are read; tasks and dunder lists name things by a string without blanks."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from [] if re.search(r"\s", node.value) else re.findall(r"\w+", node.value)


def test_everything_that_is_defined_is_used() -> None:
    read = {name for tree in trees().values() for name in used(tree)}
    unused = {
        f"{path.relative_to(HOUSE)}: {name}"
        for path, tree in trees().items()
        for name in defined(tree)
        if name not in read and name not in CALLED_ELSEWHERE and not _is_called_by_qt(name)
    }
    assert sorted(unused) == []


def test_every_exception_is_one() -> None:
    read = {name for tree in trees().values() for name in used(tree)}
    there = {name for tree in trees().values() for name in defined(tree)}
    assert sorted(name for name in CALLED_ELSEWHERE if name in read or name not in there) == []


def test_no_file_is_too_long() -> None:
    lengths = {path: path.read_text("utf-8").count("\n") for path in trees()}
    assert [str(path) for path, lines in lengths.items() if lines >= MOST_LINES] == []


def _is_called_by_qt(name: str) -> bool:
    """Qt's own names are the only ones in camel case; dunder names are Python's."""
    return bool(re.match(r"[a-z]+[A-Z]", name) or re.fullmatch(r"__\w+__", name))
