"""KaTeX's fonts, cut down to the characters that the book's formulas use, and preloaded by the pages that use them.

Preloading removes the last layout shift; cutting keeps the fonts of a page at a third of their size. Folder names carry
a hash of the content, so that a reader's cache never mixes two editions.
"""

import hashlib
import html
import io
import logging
import re
import shutil
from pathlib import Path

from docutils import nodes
from fontTools import subset
from sphinx.application import Sphinx

DIST = Path(__file__).parents[3] / "node_modules" / "katex" / "dist"
# fontTools tells every step at a level that Sphinx shows.
logging.getLogger("fontTools").setLevel(logging.WARNING)

FACE = re.compile(r"@font-face\{[^}]*\}")


def _font_rules() -> list[tuple[frozenset[str], str]]:
    """From KaTeX's style sheet: which classes on one element ask for which font file."""
    css = FACE.sub("", (DIST / "katex.min.css").read_text(encoding="utf-8"))
    rules = []
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        if not re.search("font-(family:KaTeX|weight:700|style:italic)", body):
            continue
        family = re.search(r"font-family:KaTeX_(\w+)", body)
        style = ("Bold" if "font-weight:700" in body else "") + ("Italic" if "font-style:italic" in body else "")
        for selector in selectors.split(","):
            compound = [part for part in re.split(r"[ >]", selector) if "." in part][-1]
            classes = frozenset(re.findall(r"\.([\w-]+)", compound))
            rules.append((classes, f"{family[1] if family else 'Main'}-{style or 'Regular'}"))
    return rules


FONT_RULES = _font_rules()


def visible(markup: str) -> str:
    """The part of KaTeX's markup that is painted: all but the MathML."""
    return re.sub(r'<span class="katex-mathml">.*?</span>(?=<span class="katex-html")', "", markup, flags=re.S)


def fonts_in(markup: str) -> set[str]:
    """Names of the font files that a formula needs."""
    fonts = {"Main-Regular"}
    for attribute in set(re.findall(r'class="([^"]*)"', visible(markup))):
        fonts |= {font for classes, font in FONT_RULES if classes <= set(attribute.split())}
    return fonts


def characters_in(markup: str) -> set[str]:
    """Characters that a formula paints."""
    text = re.sub(r"<[^>]*>", "", visible(markup))
    return set(html.unescape(text))


def note_page(app: Sphinx, doctree: nodes.document) -> None:
    """Remember what one page needs."""
    markups = [node["katex"] for node in doctree.findall() if isinstance(node, nodes.Element) and "katex" in node]
    needs = {"fonts": set(), "characters": set()}
    for markup in markups:
        needs["fonts"] |= fonts_in(markup)
        needs["characters"] |= characters_in(markup)
    _pages(app.env)[app.env.docname] = needs


def _pages(env) -> dict:
    if not hasattr(env, "math_fonts"):
        env.math_fonts = {}
    return env.math_fonts


def forget_page(app: Sphinx, env, docname: str) -> None:
    _pages(env).pop(docname, None)


def merge_pages(app: Sphinx, env, docnames, other) -> None:
    _pages(env).update({name: needs for name, needs in _pages(other).items() if name in docnames})


def cut_font(path: Path, characters: set[str]) -> bytes:
    """Return the font with only these characters, as woff2, the same bytes at every build."""
    options = subset.Options(flavor="woff2", layout_features=["*"], notdef_outline=True, recalc_timestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(characters)))
    buffer = io.BytesIO()
    with subset.load_font(str(path), options) as font:
        cutter.subset(font)
        # The licence of the fonts (SIL OFL 1.1) reserves their names: a changed font goes by another.
        for record in font["name"].names:
            if record.nameID in (1, 3, 4, 6):
                record.string = f"mmlbook-{path.stem.partition('_')[2]}"
        subset.save_font(font, buffer, options)
    return buffer.getvalue()


def write_fonts(app: Sphinx, env) -> list[str]:
    """Write the fonts and the style sheet of this edition; ask for every page anew where they changed."""
    if app.builder.format != "html":
        return []
    fonts = sorted(set().union(*(needs["fonts"] for needs in _pages(env).values())))
    characters = set().union(*(needs["characters"] for needs in _pages(env).values())) - {"\u200b", "\n"}
    css = (DIST / "katex.min.css").read_text(encoding="utf-8")
    key = repr((fonts, sorted(characters), css)).encode()
    folder = f"katex-{hashlib.sha256(key).hexdigest()[:12]}"
    target = Path(app.outdir, "_static", folder)
    if not (target / "katex.css").exists():
        for earlier in target.parent.glob("katex-*"):
            shutil.rmtree(earlier)
        target.mkdir(parents=True, exist_ok=True)
        for font in fonts:
            data = cut_font(DIST / "fonts" / f"KaTeX_{font}.woff2", characters)
            (target / f"{font}.woff2").write_bytes(data)
        (target / "katex.css").write_text(_style_sheet(css, fonts), encoding="utf-8")
    app.add_css_file(f"{folder}/katex.css", priority=300)
    previous, env.math_fonts_folder = getattr(env, "math_fonts_folder", folder), folder
    return [] if previous == folder else sorted(env.found_docs)


def _style_sheet(css: str, fonts: list[str]) -> str:
    """KaTeX's style sheet with the faces that the book uses, each from its woff2 file beside the sheet."""

    def face(match: re.Match) -> str:
        name = re.search(r"fonts/KaTeX_([\w-]+)\.woff2", match[0])[1]
        if name not in fonts:
            return ""
        return re.sub(r"src:[^}]*\}", f'src:url({name}.woff2) format("woff2")}}', match[0])

    return FACE.sub(face, css)


def preload(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Let the browser fetch a page's mathematics fonts together with the page."""
    needs = _pages(app.env).get(pagename)
    folder = getattr(app.env, "math_fonts_folder", None)
    if not needs or not needs["fonts"] or folder is None:
        return
    for font in sorted(needs["fonts"]):
        address = context["pathto"](f"_static/{folder}/{font}.woff2", resource=True)
        link = f'<link rel="preload" as="font" type="font/woff2" crossorigin href="{address}">\n'
        context["metatags"] = context.get("metatags", "") + link


def setup(app: Sphinx) -> dict:
    app.connect("doctree-read", note_page, priority=110)  # after katex.py has set the formulas
    app.connect("env-purge-doc", forget_page)
    app.connect("env-merge-info", merge_pages)
    app.connect("env-updated", write_fonts)
    app.connect("html-page-context", preload)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
