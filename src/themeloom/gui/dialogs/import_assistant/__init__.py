"""The import assistant: what files hold, which column is what, and what becomes of it. One dialog."""

from themeloom.gui.dialogs.import_assistant.dialog import ImportAssistant

__all__ = ["ImportAssistant"]
