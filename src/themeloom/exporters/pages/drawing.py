"""Small drawings for the HTML page, as inline SVG: numbers in, no text of anybody."""

from collections.abc import Sequence

_WIDTH, _HEIGHT, _EDGE = 120, 28, 3


def sparkline(series: Sequence[int], label: str) -> str:
    """Return a line of records per period with its last point marked; "" under two periods.

    ``label`` is read out in place of the picture and has to be escaped.
    """
    if len(series) < 2:
        return ""
    top = max(series) or 1
    step = (_WIDTH - 2 * _EDGE) / (len(series) - 1)
    points = [
        (_EDGE + at * step, _HEIGHT - _EDGE - value / top * (_HEIGHT - 2 * _EDGE))
        for at, value in enumerate(series)
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    return (
        f'<svg class="spark" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" '
        f'role="img" aria-label="{label}"><polyline fill="none" stroke="currentColor" stroke-width="1.6" points="{path}"/>'
        f'<circle fill="currentColor" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/></svg>'
    )


def bar(value: int, most: int) -> str:
    """Return a bar as long as ``value`` is of ``most``; the number stands beside it."""
    length = 100 * value / most if most else 0
    return (
        '<svg class="bar" viewBox="0 0 100 10" width="100" height="10" preserveAspectRatio="none" '
        f'aria-hidden="true"><rect fill="currentColor" width="{length:.1f}" height="10" rx="2"/></svg>'
    )
