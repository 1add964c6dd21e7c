"""What the file says about itself: title, author, and the ids by which it is known again."""

from typing import Any

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty

from themeloom.exporters.safety.cells import fit
from themeloom.insights.model import Book


def set_properties(workbook: Workbook, book: Book) -> None:
    """Fill the document properties and the custom ones of ``book.properties``."""
    known = workbook.properties
    known.title = fit(book.title)[0]
    known.subject = fit(book.project_name)[0]
    known.creator = f"Themeloom {book.version}"
    known.lastModifiedBy = known.creator
    known.description = fit(book.summary)[0]
    known.category = "Customer feedback"
    known.keywords = "personal data masked" if book.masked else "personal data raw"
    known.created = book.created.replace(tzinfo=None)
    custom: Any = workbook  # the stubs do not know of custom properties
    for name, value in book.properties.items():
        if value:
            custom.custom_doc_props.append(StringProperty(name=name, value=fit(value)[0]))
