"""Matplotlib figures as inline SVG whose colours are the page's own, light or dark.

A cell draws in the sentinel colours of kernel/matplotlibrc. Here each becomes a CSS variable, so that one drawing is
right in both themes and in print. A drawing needs a name, a caption and an alternative text, from its cell's options.
"""

import gzip
import html
import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from devices.nodes import closed
from text.faults import report

# Sentinel colours of kernel/matplotlibrc and the CSS variables that take their place.
ROLES = {
    "#010203": "ink", "#fdfcfb": "paper", "#c1c2c3": "grid",
    "#0a72b0": "0", "#c44d01": "1", "#0a7952": "2", "#a03b83": "3", "#8a6d04": "4", "#5b5b65": "5",
}  # fmt: skip
HEAVIEST = 15_000  # bytes of one drawing, compressed
LONGEST = 10  # lines of code that stand open above their figure


class inline_svg(nodes.General, nodes.Element):
    """A drawing that is part of the page: `svg` its markup, `alt` its text."""


def clean(svg: str, prefix: str, alt: str) -> str:
    """Return Matplotlib's SVG fit to stand in a page: no style sheet, own ids, CSS variables, rounded coordinates."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>|<style.*?</style>", "", svg, flags=re.S)
    svg = svg.replace("xlink:href", "href").replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    svg = re.sub(r' id="([^"]+)"', lambda match: f' id="{prefix}-{match[1]}"' if match[1] in used else "", svg)
    svg = re.sub(r'(href="#|url\(#)', rf"\g<1>{prefix}-", svg)
    svg = re.sub(r"#[0-9a-f]{6}", lambda match: _variable(match[0]), svg)
    svg = re.sub(r' d="([^"]*)"', lambda match: f' d="{shortened(match[1])}"', svg)
    svg = re.sub(r' [xy]="[^"]*"|translate\([^)]*\)', lambda match: _rounded(match[0], 2), svg)
    svg = re.sub(r"<defs>\s*</defs>|<g>\s*</g>", "", svg)
    svg = re.sub(r"\s*\n\s*", " ", svg).replace("> <", "><").strip()
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups()
    opening = f'<svg class="plot" role="img" aria-label="{html.escape(alt)}" width="{width}" height="{height}" '
    return re.sub(
        r'<svg [^>]*?viewBox="[^"]*"[^>]*>',
        lambda _: f'{opening}viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">',
        svg,
        count=1,
    )


def shortened(path: str) -> str:
    """Round a path to tenths of a point, which nobody sees, and write its straight lines as steps, which pack better.

    >>> shortened("M 10.04 20 L 11.26 21.33 L 12 21.33 z")
    'M10 20l1.3 1.3 0.7 0z'
    """
    parts, here, start = [], (0, 0), (0, 0)
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-df-z]*)", path):
        tenths = [round(10 * float(number)) for number in numbers.split()]
        if command == "L":
            step = [tenths[0] - here[0], tenths[1] - here[1]]
            if parts and parts[-1][0] == "l":
                parts[-1][1].extend(step)
            else:
                parts.append(("l", step))
        else:
            parts.append((command, tenths))
        here = tuple(tenths[-2:]) or start
        start = here if command == "M" else start
    # A minus sign parts two numbers as well as a space does.
    return "".join(command + " ".join(f"{n / 10:g}" for n in tenths).replace(" -", "-") for command, tenths in parts)


def _rounded(coordinates: str, decimals: int) -> str:
    """Coordinates in points, of which nobody sees a tenth; those that move a whole glyph are kept a little finer."""
    return re.sub(
        rf"-?\d+\.\d{{{decimals + 1},}}", lambda n: f"{float(n[0]):.{decimals}f}".rstrip("0").rstrip("."), coordinates
    )


def _variable(colour: str) -> str:
    return f"var(--plot-{ROLES[colour]},{colour})" if colour in ROLES else colour


def strange_colours(svg: str) -> set[str]:
    """Colours that do not follow the theme."""
    svg = svg[svg.index("<svg") :]
    return {c for c in re.findall(r"#[0-9a-f]{6}\b", svg) if c not in ROLES}


def inline_figures(app: Sphinx, doctree: nodes.document) -> None:
    """Replace each drawn image of a page by its markup, and refuse one that a reader could not name or hear."""
    serial = 0
    for cell in doctree.findall(lambda n: isinstance(n, nodes.container) and n.get("nb_element") == "cell_code"):
        drawings = [image for image in cell.findall(nodes.image) if image["uri"].endswith(".svg")]
        for image in drawings:
            serial += 1
            alt = image.get("alt", "").strip()
            figure = next((node for node in _ancestors(image, cell) if isinstance(node, nodes.figure)), None)
            caption = figure is not None and any(isinstance(child, nodes.caption) for child in figure)
            for missing in [
                *([] if alt else ["mystnb: image: alt"]),
                *([] if caption else ["mystnb: figure: caption"]),
                *([] if figure is not None and figure["names"] else ["mystnb: figure: name"]),
            ]:
                report(cell, "figure", f"figure without {missing} in the cell's options")
            text = Path(app.srcdir, image["uri"].lstrip("/")).read_text(encoding="utf-8")
            if strange := strange_colours(text):
                names = ", ".join(sorted(strange))
                report(cell, "figure", f"figure with colours that do not follow the theme: {names}; use C0 to C5")
            prefix = f"{app.env.docname.replace('/', '-')}-{serial}"
            drawing = clean(text, prefix, alt)
            weight = len(gzip.compress(drawing.encode()))
            if weight > HEAVIEST:
                report(cell, "figure", f"figure of {weight} bytes, compressed; at most {HEAVIEST}: draw fewer points")
            image.replace_self(inline_svg("", svg=drawing, alt=alt))
        if drawings:
            fold(cell)


def fold(cell: nodes.container) -> None:
    """Close the code above a figure where it is long: the reader came for what it draws."""
    for source in [child for child in cell.children if child.get("nb_element") == "cell_code_source"]:
        if len(source.astext().splitlines()) > LONGEST:
            cell.replace(source, closed("figure-code", "Code of this figure", source))


def _ancestors(node: nodes.Node, top: nodes.Node):
    while node is not top:
        node = node.parent
        yield node


def check_images(app: Sphinx, doctree: nodes.document) -> None:
    """Every other picture has an alternative text too."""
    for image in doctree.findall(nodes.image):
        if not image.get("alt", "").strip():
            report(image, "figure", "image without alt text")


def visit_html(translator, node: inline_svg) -> None:
    translator.body.append(node["svg"])
    raise nodes.SkipNode


def visit_text(translator, node: inline_svg) -> None:
    translator.add_text(f"[{node['alt']}]")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict:
    app.setup_extension("devices.directives")  # for its nodes
    app.add_node(inline_svg, html=(visit_html, None), text=(visit_text, None))
    app.connect("doctree-read", inline_figures, priority=120)
    app.connect("doctree-read", check_images, priority=130)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
