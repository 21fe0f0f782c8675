"""Shows the making of the demo practice, which takes a moment, with a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from fscdesk.services.errors import Cancelled
from fscdesk.services.work import Job
from fscdesk.ui.jobs.progress import JobProgress

LOOK_EVERY_MS = 50
Step = Callable[[int, int, str], None]


def build_with_progress(app: QApplication, build: Callable[[Step], object]) -> bool:
    """Run ``build`` beside the window's loop; return whether it finished.

    False when the person stopped it. What it raises is raised here.
    """
    job = Job()
    job.progress = type(job.progress)(0, 1, "Making the demo practice")
    shown = JobProgress(job, "Making the demo practice")
    shown.show()
    loop, timer = QEventLoop(), QTimer(interval=LOOK_EVERY_MS)
    with ThreadPoolExecutor(1) as beside:
        future = beside.submit(build, job.step)

        def look() -> None:
            if future.done():
                loop.quit()

        timer.timeout.connect(look)
        timer.start()
        loop.exec()
        timer.stop()
    job.ended = True
    shown.look()
    app.processEvents()
    try:
        future.result()
    except Cancelled:
        return False
    return True
