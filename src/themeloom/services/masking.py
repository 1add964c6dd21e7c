"""The masker of an open project, kept while what it looks for stays the same."""

from threading import Lock
from weakref import WeakKeyDictionary

from themeloom.privacy.masking import Masker
from themeloom.services.exporting import masker_of
from themeloom.services.session import Session

_kept: WeakKeyDictionary[Session, tuple[object, Masker]] = WeakKeyDictionary()
_lock = Lock()


def masker(session: Session) -> Masker:
    """Return the masker of the project's key and names; made anew after imports only."""
    content = session.view.base.whole
    with _lock:
        kept = _kept.get(session)
        if kept is not None and kept[0] is content:
            return kept[1]
        columns = session.project.records(["author", "turns_json", "fields_json"])
        made = masker_of(session.project, columns)
        _kept[session] = content, made
        return made
