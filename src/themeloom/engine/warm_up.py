"""What can be loaded before anybody asks for themes."""

import importlib
import threading

from themeloom.engine.encoder import open_encoder


def warm_up(encoder: str = "minilm") -> None:
    """Compile the encoder; BERTopic loads in a thread behind it, beside the first texts."""
    open_encoder(encoder).encode(["warm"])
    load_bertopic()


def load_bertopic() -> threading.Thread:
    """Start importing BERTopic and what it brings (2 to 4 seconds); returns the thread."""
    thread = threading.Thread(
        target=importlib.import_module,
        args=("themeloom.engine.topic_model",),
        name="import-bertopic",  # see ``jobs.child.IMPORTING``: tasks wait for it
        daemon=True,
    )
    thread.start()
    return thread
