"""Small drawings in a line of text: a rate on its scale beside others, and its months as a line."""

from markupsafe import Markup

from toolkit.presenting.figures import join, link_where
from toolkit.rounding import percent

WIDTH, SCALE_HEIGHT, MONTHS_HEIGHT, EDGE = 220, 22, 44, 5


def draw_scale(rate, low, high, others, target):
    """A rate and its interval as a dot on a bar, other units as grey dots, the target as an upright stroke.

    Units whose dots would cover each other share one: how many units there are is said in words.
    """
    known = [value for value in (rate, low, high, target, *others) if value is not None]
    least, most = min(known), max(known)
    spread = max(most - least, 0.02)
    start, end = max(least - spread / 10, 0), min(most + spread / 10, 1)

    def place(value):
        return round(EDGE + (WIDTH - 2 * EDGE) * (value - start) / (end - start), 1)

    apart = {round(place(other)): other for other in reversed(others)}.values()
    middle = SCALE_HEIGHT / 2
    line = '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="{}"/>'
    parts = [line.format(EDGE, WIDTH - EDGE, middle, middle, "#e4e8ec", 1)]
    parts += [f'<circle cx="{place(other)}" cy="{middle}" r="2.6" fill="#b4bfca"/>' for other in apart]
    if low is not None:
        parts.append(line.format(place(low), place(high), middle, middle, "#1d4f91", 2))
    if target is not None:
        parts.append(line.format(place(target), place(target), 3, SCALE_HEIGHT - 3, "#3f7d5a", 2))
    parts.append(f'<circle cx="{place(rate)}" cy="{middle}" r="4.2" fill="#1d4f91"/>')
    said = f"{percent(rate)}，95%区间{percent(low)}—{percent(high)}，目标{percent(target)}"
    said += f"，灰点{len(others)}个" if others else ""
    return _frame(parts, SCALE_HEIGHT, said)


def draw_months(values, told, conditions, target=None, dim=()):
    """Values month by month as a line whose points open their tickets, where a condition is given.

    A value of None leaves a gap, `dim` months are grey; told: what each point says when it is pointed at.
    """
    known = [value for value in (*values, target) if value is not None]
    least, most = min(known), max(known)
    spread = (most - least) or 1

    def place(month, value):
        across = EDGE + (WIDTH - 2 * EDGE) * month / max(len(values) - 1, 1)
        return round(across, 1), round(
            MONTHS_HEIGHT - EDGE - (MONTHS_HEIGHT - 2 * EDGE) * (value - least) / spread, 1
        )

    points = {month: place(month, value) for month, value in enumerate(values) if value is not None}
    parts = []
    if target is not None:
        _, height = place(0, target)
        parts.append(
            f'<line x1="{EDGE}" x2="{WIDTH - EDGE}" y1="{height}" y2="{height}" stroke="#3f7d5a" stroke-dasharray="2 3"/>'
        )
    for run in _list_runs(points):
        path = " ".join(f"{x},{y}" for x, y in (points[month] for month in run))
        parts.append(f'<polyline points="{path}" fill="none" stroke="#1d4f91" stroke-width="1.4"/>')
    for month, (x, y) in points.items():
        colour = "#b4bfca" if month in dim else "#1d4f91"
        size = 3.4 if month == max(points) else 2.2
        dot = Markup('<circle cx="{}" cy="{}" r="{}" fill="{}"><title>{}</title></circle>')
        dot = dot.format(x, y, size, colour, told[month])
        where = conditions[month]
        parts.append(
            Markup('<a href="{}">{}</a>').format(link_where(where, told[month]), dot) if where else dot
        )
    return _frame(parts, MONTHS_HEIGHT, "；".join(told))


def _list_runs(points):
    """The months in unbroken rows."""
    runs = []
    for month in points:
        if runs and runs[-1][-1] == month - 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return runs


def _frame(parts, height, said):
    frame = Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>')
    return frame.format(WIDTH, height, said, join(map(Markup, parts)))
