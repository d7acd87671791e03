"""Writing SVG 1.1: escaped, short numbers, attributes in the order given, so the same map is the same text.

>>> element("circle", cx=1.25, cy=2.0, r=3, stroke_width=0.5)
'<circle cx="1.25" cy="2" r="3" stroke-width="0.5"/>'
"""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from workbench.cartography.palette import INK

__all__ = ["Attribute", "XY", "element", "group", "path", "text"]

Attribute = str | int | float | None
XY = tuple[float, float]

HALO = "#ffffff"
HALO_OPACITY = 0.85
_CONTROL_CHARACTERS = {code: None for code in range(32) if code not in (9, 10, 13)}
"""XML 1.0 §2.2 has no characters below U+0020 but tab, line feed and carriage return."""


def element(name: str, content: str = "", /, **attributes: Attribute) -> str:
    """An element with ready SVG as ``content``; ``stroke_width`` is written ``stroke-width``, None is left out."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={_quoted(value)}"
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def group(parts: Iterable[str], /, **attributes: Attribute) -> str:
    """The parts in one ``g``, one per line; nothing where there are no parts."""
    content = "\n".join(part for part in parts if part)
    return element("g", f"\n{content}\n", **attributes) if content else ""


def path(points: Iterable[XY], /, *, closed: bool = False, **attributes: Attribute) -> str:
    """A line through ``points``, without fill unless one is given."""
    data = "M" + " L".join(f"{number(x)} {number(y)}" for x, y in points) + (" Z" if closed else "")
    attributes.setdefault("fill", "none")
    return element("path", d=data, **attributes)


def text(
    x: float,
    y: float,
    content: str,
    /,
    *,
    size: float,
    anchor: str = "start",
    fill: str = INK,
    bold: bool = False,
    halo: float = 0,
    **attributes: Attribute,
) -> str:
    """A line of text at its baseline; ``halo`` is the width of the pale outline that lifts it off the map."""
    if halo:
        attributes |= {
            "stroke": HALO,
            "stroke_width": halo,
            "stroke_opacity": HALO_OPACITY,
            "stroke_linejoin": "round",
            "paint_order": "stroke",
        }
    return element(
        "text",
        escape(content.translate(_CONTROL_CHARACTERS)),
        x=x,
        y=y,
        font_size=size,
        text_anchor=None if anchor == "start" else anchor,
        font_weight="bold" if bold else None,
        fill=fill,
        **attributes,
    )


def number(value: float) -> str:
    """At most two decimals, no trailing zeros, no negative zero."""
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def _quoted(value: Attribute) -> str:
    if isinstance(value, int | float):
        return f'"{number(value)}"'
    return quoteattr(str(value).translate(_CONTROL_CHARACTERS), {'"': "&quot;"})
