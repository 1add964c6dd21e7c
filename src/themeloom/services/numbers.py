"""The numbers of the window: those of the open project, in the period that was chosen."""

from themeloom.analytics.numbers import Basis
from themeloom.services.session import Session


def basis_of(session: Session, *, every: str = "") -> Basis:
    """Return what numbers are computed from: everything, with the window's period.

    Args:
        session: the open project.
        every: "week", "month" or "quarter"; "": what fits.
    """
    view = session.view
    content = view.base.whole.content
    return Basis(
        records=content.records,
        excerpts=content.excerpts,
        assignments=session.project.assignments(),
        themes=view.choices.themes,
        sources=content.sources,
        accounts=session.project.accounts(),
        period=view.period,
        every=every,
    )
