"""How many rows go into one transaction, so that nobody waits long for the writer."""

#: Well under the 200 ms that one transaction may take: an edit waits for one of them at most.
TARGET_SECONDS = 0.025


class Pace:
    """Learns from each chunk how large the next may be."""

    def __init__(self, rows: int = 500) -> None:
        """Begin with ``rows`` rows."""
        self.rows = rows

    def note(self, rows: int, seconds: float) -> None:
        """Take in that ``rows`` rows took ``seconds``."""
        fitting = int(rows * TARGET_SECONDS / max(seconds, 1e-4))
        self.rows = max(50, min(fitting, 2 * self.rows, 10_000))
