"""A report as a file, by its ending."""

from __future__ import annotations

from pathlib import Path

from reports.document.content import Document
from reports.document.pdf import report_pdf

ENDINGS = (".pdf", ".docx")


def report_of(document: Document, ending: str, looks: Path | None = None) -> bytes:
    """The content of a file.

    Parameters
    ----------
    ending
        One of :data:`ENDINGS`.
    looks
        A Word template for ``.docx``.
    """
    if ending == ".docx":
        # whoever prints is not to wait for Word's libraries
        from reports.document.word import report_docx

        return report_docx(document, looks)
    return report_pdf(document)
