"""The window. PySide6 lives here and in ``app`` only; rules live in ``services`` and below."""
