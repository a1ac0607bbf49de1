"""A report as a file, by its ending."""

from __future__ import annotations

from reports.document.content import Document
from reports.document.pdf import report_pdf

ENDINGS = (".pdf",)


def report_of(document: Document, ending: str) -> bytes:
    """The content of a file.

    Parameters
    ----------
    ending
        One of :data:`ENDINGS`.
    """
    return {".pdf": report_pdf}[ending](document)
