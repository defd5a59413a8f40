"""Bars as SVG, drawn by the server; the table beside them says the same."""

from collections.abc import Sequence

from markupsafe import Markup, escape

WIDTH, HEIGHT, LINE = 400, 110, 16
ROW, NAME, LONGEST_NAME = 22, 150, 20


def columns(title: str, counts: Sequence[tuple[str, int]]) -> Markup:
    """A column for each, side by side: for days."""
    top = max([count for _, count in counts], default=0) or 1
    step = WIDTH / max(len(counts), 1)
    bars = [
        _bar(
            number * step,
            LINE + HEIGHT - count / top * HEIGHT,
            step * 0.8,
            count / top * HEIGHT,
            f"{name}: {count}",
        )
        for number, (name, count) in enumerate(counts)
    ]
    foot = LINE + HEIGHT + 14
    if counts:
        bars += [
            f'<text x="0" y="11">at most {top}</text>',
            f'<text x="0" y="{foot}">{escape(counts[0][0])}</text>',
            f'<text x="{WIDTH}" y="{foot}" class="end">{escape(counts[-1][0])}</text>',
        ]
    return _drawn(title, foot + 4, bars)


def rows(title: str, counts: Sequence[tuple[str, int]]) -> Markup:
    """A bar for each with its name, one below the other."""
    top = max([count for _, count in counts], default=0) or 1
    room = WIDTH - NAME - 50
    bars: list[str] = []
    for number, (name, count) in enumerate(counts):
        y, width = number * ROW, count / top * room
        short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
        bars += [
            f'<text x="0" y="{y + 15}">{escape(short)}</text>',
            _bar(NAME, y + 3, width, ROW - 6, f"{name}: {count}"),
            f'<text x="{NAME + width + 6:.1f}" y="{y + 15}">{count}</text>',
        ]
    return _drawn(title, max(len(counts), 1) * ROW, bars)


def _bar(x: float, y: float, width: float, height: float, words: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}">'
        f"<title>{escape(words)}</title></rect>"
    )


def _drawn(title: str, height: int, parts: Sequence[str]) -> Markup:
    return Markup(  # noqa: S704  everything said in it is escaped
        f'<svg class="plot" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )
