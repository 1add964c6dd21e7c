"""Names that a project knows: what masking looks for and titles keep clear of."""

import json

import polars as pl

from themeloom.privacy.names import words_of_names
from themeloom.project.project import Project

#: Headers of fields that hold people besides the author.
_PEOPLE = frozenset({"attendees", "participants", "agent", "rep", "owner", "assignee", "contact"})


def people_in(records: pl.DataFrame) -> list[str]:
    """Return the names of authors, speakers and attendees of ``records``, in order.

    Args:
        records: RECORDS, or its columns ``author``, ``turns_json`` and ``fields_json``.
    """
    names = set(records["author"].drop_nulls())
    for turns in records["turns_json"].drop_nulls():
        names |= {str(turn[0]) for turn in json.loads(turns) if turn[0]}
    for fields in records["fields_json"].drop_nulls().unique():
        for header, value in json.loads(fields).items():
            if value and header.casefold() in _PEOPLE:
                names |= {name.strip() for name in str(value).split(",")}
    return sorted(names)


def names_in(project: Project) -> dict[str, frozenset[str]]:
    """Return what titles have to keep clear of, as the engine's settings call it.

    ``avoid`` are the names of people and accounts that the project knows, ``people`` the words of
    persons' names that masking hides: a title of them would be a token.
    """
    records = project.records(["author", "turns_json", "fields_json", "account"])
    people = people_in(records)
    accounts = {
        *records["account"].drop_nulls(),
        *project.accounts()["account"].drop_nulls(),
    }
    return {"avoid": frozenset(accounts.union(people)), "people": words_of_names(people)}
