"""The address of a shared practice: a form for it, and what of it may be written down.

The password never stands in the address: it goes into the system's keyring, under the address
without it. Only `verify-full` is offered, because the weaker modes accept a wrong server; a
server on this very computer (a loopback name, a socket folder) needs no certificate.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import keyring
from keyring.errors import KeyringError
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from fscdesk.ui.forms.buttons import Button
from fscdesk.ui.forms.fields import TextField
from fscdesk.ui.forms.form import Form
from fscdesk.ui.text import Label

SERVICE = "fscdesk"
DEFAULT_PORT = 5432


@dataclass(frozen=True, slots=True)
class SharedAddress:
    """Where a shared practice is. `ca_file` is the certificate that signs the server's."""

    host: str
    port: int
    database: str
    user: str
    ca_file: str = ""

    @property
    def on_this_computer(self) -> bool:
        """Whether the server is here: a socket folder, or a loopback address."""
        if not self.host or self.host.startswith("/") or self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def url(self) -> str:
        """The address as `postgresql://`, without the password."""
        options: list[str] = []
        where = f"[{self.host}]" if ":" in self.host else self.host
        if self.host.startswith("/"):
            options.append(f"host={quote(self.host, safe='')}")
            where = ""
        if not self.on_this_computer:
            options.append("sslmode=verify-full")
            options.append(f"sslrootcert={quote(self.ca_file or 'system', safe='')}")
        user, database = quote(self.user, safe=""), quote(self.database, safe="")
        tail = f"?{'&'.join(options)}" if options else ""
        return f"postgresql://{user}@{where}:{self.port}/{database}{tail}"


def keep_password(address: SharedAddress, password: str) -> None:
    """Put the password into the system's keyring. Raises KeyringError when there is none."""
    keyring.set_password(SERVICE, address.url(), password)


def kept_password(url: str) -> str:
    """The password kept for an address; empty when none is, or there is no keyring."""
    try:
        return keyring.get_password(SERVICE, url) or ""
    except KeyringError:
        return ""


class SharedForm(Form):
    """Host, port, database, user, password, certificate: `connected` carries the address."""

    connected = Signal(object)  # SharedAddress

    def __init__(
        self,
        save_password: Callable[[SharedAddress, str], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Connect", "Back", parent)
        self._save_password = save_password or keep_password
        self.heading("Connect to a shared practice")
        self.host = TextField("Server", example="db.example.org")
        self.port = TextField("Port", str(DEFAULT_PORT), rule=_port_fault, longest=5)
        self.database = TextField("Database", longest=63)
        self.user = TextField("User", longest=63)
        self.password = TextField(
            "Password",
            secret=True,
            optional=True,
            hint="Kept in this computer's keyring, never in a file.",
        )
        self.certificate = TextField(
            "Certificate file (CA)",
            optional=True,
            longest=1000,
            hint="Without one the system's certificates are asked.",
        )
        self.choose = Button("Choose the certificate file…", kind="link", on=self._choose)
        self.row(host=self.host, port=self.port)
        self.row(database=self.database, user=self.user)
        self.row(password=self.password)
        self.row(certificate=self.certificate)
        self._column.insertWidget(self._column.count() - 2, self.choose)
        self.note = Label(
            "The server's name is checked against its certificate (verify-full).", "hint", wrap=True
        )
        self._column.insertWidget(self._column.count() - 2, self.note)
        self.changed.connect(self._follow)
        self.saved.connect(self._connect)

    def address(self) -> SharedAddress:
        """The address that the form describes."""
        port = self.port.value()
        return SharedAddress(
            self.host.value(),
            int(port) if port.isdecimal() else DEFAULT_PORT,
            self.database.value(),
            self.user.value(),
            self.certificate.value(),
        )

    def _follow(self) -> None:
        here = self.address().on_this_computer and bool(self.host.value())
        self.certificate.setVisible(not here)
        self.choose.setVisible(not here)
        self.note.setText(
            "A server on this computer needs no certificate."
            if here
            else "The server's name is checked against its certificate (verify-full)."
        )

    def _choose(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(
            self, "Certificate file", "", "Certificates (*.pem *.crt *.cer);;All files (*)"
        )
        if path:
            self.certificate.set_value(path)

    def _connect(self) -> None:
        address, password = self.address(), self.password.value()
        if password:
            try:
                self._save_password(address, password)
            except KeyringError:
                self.password.show_fault(
                    "This computer has no keyring that can keep a password. Nothing was saved. "
                    "Leave it empty, and let the server's administrator set another way to sign in."
                )
                return
        self.password.set_value("")
        self.connected.emit(address)


def _port_fault(text: str) -> str:
    if text.isdecimal() and 0 < int(text) < 65536:
        return ""
    return f"{text} is not a port. Most servers use {DEFAULT_PORT}."
