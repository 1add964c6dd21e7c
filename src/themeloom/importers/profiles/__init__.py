"""Layouts of tools, one file each; a new tool is one new file here and nothing else."""

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache

from themeloom.importers.profile import Profile


@cache
def profiles() -> dict[str, Profile]:
    """Return all profiles by name, in order of their names."""
    found = (
        importlib.import_module(f"{__name__}.{module.name}")
        for module in pkgutil.iter_modules(__path__)
    )
    return {module.PROFILE.name: module.PROFILE for module in found}


def recognise_profile(folded_headers: Iterable[str]) -> Profile:
    """Return the profile with most signs among the headers; the generic one where none fits."""
    headers = list(folded_headers)
    return max(
        profiles().values(),
        key=lambda profile: (profile.signs_in(headers), profile.name == "generic"),
    )
