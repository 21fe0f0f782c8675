"""One at a time into PDFium: it keeps state of its own for all documents, in all threads.

A screen draws a page while a worker puts pages together; without this lock that can end the
program. Hold it for one call into the library, never for a whole job.
"""

from __future__ import annotations

from threading import RLock
from typing import Final

PDFIUM: Final = RLock()
"""Held around every call of ``pypdfium2``."""
