"""What the engine's jobs are doing, in the words that a person reads beside the progress bar."""

from collections.abc import Callable

#: ``report(stage, done, total)``; may raise to stop.
Report = Callable[[str, int, int], None]

READING = "Reading texts"
UNDERSTANDING = "Understanding texts"
FIRST_LOOK = "Taking a first look"
COMPARING = "Comparing texts"
FINDING = "Finding themes"
NAMING = "Naming themes"
DIVIDING = "Looking for texts on several themes"
QUOTING = "Choosing quotes"
CUTTING = "Preparing coarser and finer themes"
LEARNING = "Learning from your examples"
