"""Puts pages that were drawn apart behind each other, for one look and one print."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pypdfium2

from fscdesk.services.printing.pdfium import PDFIUM


def together(pages: Sequence[bytes]) -> bytes:
    """Return PDFs as one, in this order; what is kept stays as it was made.

    The bytes are for looking and printing, not for keeping: pdfium writes a new id each time.
    """
    if len(pages) == 1:
        return pages[0]
    out = BytesIO()
    with PDFIUM:
        whole: Any = pypdfium2.PdfDocument.new()
        try:
            for pdf in pages:
                one: Any = pypdfium2.PdfDocument(pdf)
                try:
                    whole.import_pages(one)
                finally:
                    one.close()
            whole.save(out)
        finally:
            whole.close()
    return out.getvalue()
