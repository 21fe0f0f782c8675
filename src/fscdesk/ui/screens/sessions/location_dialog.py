"""Asks where sessions took place, among the practice's locations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from fscdesk.services.sessions.locating import Standing
from fscdesk.services.sessions.placing import NOT_KNOWN_WORDS
from fscdesk.services.sessions.queries import SessionRow
from fscdesk.ui.dialogs.acting import ActDialog
from fscdesk.ui.forms.fields import Choice
from fscdesk.ui.screens.sessions.status_dialog import what_is_meant
from fscdesk.ui.text import Label

NONE_YET = "No location is kept yet. Add the office, and video, under Setup, Practice, Locations."
_NONE = 0
"""The id that stands for "Not known" in the list."""


class LocationDialog(ActDialog):
    """Filled by ``offer``; ``seen``, ``location_id`` and ``word`` say what was chosen.

    ``setup`` is a button where the practice keeps no location; the caller connects it.
    """

    def __init__(self, rows: Sequence[SessionRow], parent: QWidget | None = None) -> None:
        super().__init__(
            f"Set the location of {what_is_meant(rows)}",
            "Superbills and claims name the place of service.",
            "Set location",
            "Setting…",
            parent,
        )
        self._single, self._now = len(rows) == 1, ""
        self.seen: Mapping[int, int | None] = {}
        self.combo = Choice()
        self.combo.setAccessibleName("Location")
        label = Label("Location", "label")
        label.setBuddy(self.combo)
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hint = Label("", "hint", wrap=True)
        field = QVBoxLayout()
        field.setSpacing(4)
        field.addWidget(label)
        field.addWidget(self.combo)
        field.addWidget(self.hint)
        self.fields.addLayout(field)
        self.setup = self.verb("Open locations")
        self.setup.hide()
        self.combo.currentIndexChanged.connect(self._look)
        self.judge("Reading where they took place…")
        self.combo.setFocus()

    def offer(self, standing: Standing) -> None:
        """Show the practice's locations, and say where the sessions stand now."""
        self.seen = standing.seen
        if not standing.offered:
            self.refusal.say(NONE_YET)
            self.judge(NONE_YET)
            self.setup.show()
            self.fit()
            return
        self.combo.blockSignals(True)
        for place in standing.offered:
            self.combo.addItem(f"{place.name} ({place.place_of_service})", place.id)
        self.combo.setCurrentIndex(self._likely())
        if set(standing.seen.values()) != {None}:
            self.combo.addItem(NOT_KNOWN_WORDS, _NONE)
        self.combo.blockSignals(False)
        self._now = _now(standing)
        self._look()

    def location_id(self) -> int | None:
        """Return the location that is chosen, None for not known."""
        return int(self.combo.currentData() or _NONE) or None

    def word(self) -> str:
        """Return what the chosen location is called."""
        return self.combo.currentText()

    def _likely(self) -> int:
        """Propose the only location there is, or the one that all of them have."""
        standing = set(self.seen.values())
        if standing == {None}:
            return 0 if self.combo.count() == 1 else -1
        return self.combo.findData(next(iter(standing))) if len(standing) == 1 else -1

    def _look(self) -> None:
        self.refusal.say("")
        self.hint.setText(self._now)
        if self.combo.currentIndex() < 0:
            self.judge("Choose the location first")
        elif all(one == self.location_id() for one in self.seen.values()):
            self.hint.setText(f"{'It is' if self._single else 'They are'} there already.")
            self.judge("Choose another location")
        else:
            self.judge("")
        self.fit()


def _now(standing: Standing) -> str:
    """Return where sessions stand: ``Now 2 Main office, 1 not known.``."""
    counts = Counter(standing.seen.values())
    words = {one: standing.names.get(one or 0, NOT_KNOWN_WORDS.lower()) for one in counts}
    if len(counts) == 1:
        return f"Now {next(iter(words.values()))}."
    told = sorted((words[one], count) for one, count in counts.items())
    return f"Now {', '.join(f'{count} {word}' for word, count in told)}."
