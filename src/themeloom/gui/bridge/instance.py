"""One window per person: a second start hands its project to the first and ends."""

import getpass
import hashlib
import json
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from themeloom.base.paths import config_dir

_WAIT_MS = 1_000


class Instance(QObject):
    """Listens on a local socket that only this person can reach; nothing of it is a network."""

    asked = Signal(object)  # Path of a project, or None: only raise the window

    def __init__(self, parent: QObject | None = None) -> None:
        """Nothing is listened to yet."""
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)

    def hand_over(self, project: Path | None) -> bool:
        """Ask a running window to open ``project``; False where none runs."""
        socket = QLocalSocket()
        socket.connectToServer(_name())
        if not socket.waitForConnected(_WAIT_MS):
            return False
        socket.write(json.dumps({"open": str(project) if project else None}).encode() + b"\n")
        socket.waitForBytesWritten(_WAIT_MS)
        # The answer proves that somebody lives there.
        taken = socket.waitForReadyRead(_WAIT_MS)
        socket.disconnectFromServer()
        return taken

    def listen(self) -> None:
        """Answer later starts from now on."""
        QLocalServer.removeServer(_name())  # left over from a crash
        self._server.listen(_name())

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def _answer(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.readyRead.connect(lambda: self._read(socket))
        socket.disconnected.connect(socket.deleteLater)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            return
        try:
            wanted: Any = json.loads(bytes(socket.readLine().data()))
        except ValueError:
            return
        socket.write(b"ok\n")
        socket.flush()
        name = cast(dict[str, Any], wanted).get("open") if isinstance(wanted, dict) else None
        self.asked.emit(Path(name) if isinstance(name, str) else None)


def _name() -> str:
    """Return a name of our own for this person and this place of settings."""
    key = f"{getpass.getuser()}\0{config_dir()}"
    return f"themeloom-{hashlib.blake2b(key.encode(), digest_size=8).hexdigest()}"
