"""What this program is, and the licences that it comes with."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from themeloom import __version__
from themeloom.gui.look import sizes
from themeloom.gui.look.icons import app_icon


class AboutDialog(QDialog):
    """Name, version, promise, licences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make the dialog."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("About Themeloom"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(sizes.px(24), sizes.px(20), sizes.px(24), sizes.px(16))
        layout.setSpacing(sizes.px(8))
        row = QHBoxLayout()
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(48, 48))
        row.addWidget(picture)
        title = QLabel(f"Themeloom {__version__}")
        title.setFont(sizes.font(18, bold=True))
        row.addWidget(title, 1)
        layout.addLayout(row)
        for text in (
            self.tr("Turns what customers said into themes and insight sheets, on this computer."),
            self.tr("Nothing leaves this computer: no account, no telemetry, no network."),
            self.tr(
                "Themeloom is free software under the MIT licence. It uses Qt through PySide6 "
                "(LGPL 3), BERTopic (MIT), OpenVINO (Apache 2.0), polars (MIT), SQLite through "
                "apsw and others; each keeps its own licence."
            ),
        ):
            label = QLabel(text)
            label.setWordWrap(True)
            label.setMinimumWidth(sizes.px(400))
            layout.addWidget(label)
        close = QPushButton(self.tr("Close"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
