"""What stands around the lectures keeps its word: cover, glossary, licences, README."""

import ast
import doctest
import re
from fnmatch import fnmatch
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from bs4 import BeautifulSoup

import mmlbook
from tests.small_book import build

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
PAGES = sorted(path for path in BOOK.rglob("*.md") if "_ext" not in path.parts)

# The six modules of the course, in its order.
MODULES = {
    "what-is-calculus": "What is calculus?",
    "multivariate-calculus": "Multivariate calculus",
    "chain-rule-and-networks": "Multivariate chain rule and its applications",
    "taylor-series": "Taylor series and linearisation",
    "optimisation": "Introduction to optimisation",
    "regression": "Regression",
}
# Each tells a reader who is stuck that nobody else would be. A moment may be just before another, or have just passed.
JUST = r"(?<!has )(?<!have )just(?! (?:before|after|above|below)\b)"
UNKIND = re.compile(rf"\b(simply|clearly|obviously|trivial|trivially|note that|{JUST})\b", re.IGNORECASE)
DOUBLED = re.compile(r"\b([a-z]+)\s+\1\b", re.IGNORECASE)
LINE = 200


def read(name):
    """The text of a file at the top of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def setting(name):
    """The value of a plain assignment in conf.py."""
    for node in ast.parse(read("conf.py")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return ast.literal_eval(node.value)
    raise LookupError(f"conf.py does not set {name}")


# Cover


def test_cover_names_the_modules_in_order_and_links_those_that_exist(built_site):
    soup = BeautifulSoup((built_site / "index.html").read_text(encoding="utf-8"), "html.parser")
    stations = soup.select("ol.cover-modules > li")
    titles = [station.select_one(".cover-title") for station in stations]
    assert [title.find(["a", "span"]).get_text() for title in titles] == list(MODULES.values())
    for folder, title in zip(MODULES, titles, strict=True):
        pages = {page.stem for page in (BOOK / folder).glob("*.md")}
        assert [link["href"] for link in title.select("a")] == ([f"{folder}/index.html"] if "index" in pages else [])
        status = "" if pages > {"index"} else "opening page" if pages else "not yet written"
        assert "".join(mark.get_text().strip() for mark in title.select(".cover-status")) == status


def test_cover_leads_somewhere_at_once(built_site):
    soup = BeautifulSoup((built_site / "index.html").read_text(encoding="utf-8"), "html.parser")
    start = soup.select_one(".cover-start a")
    assert start.get_text() == "Start here"
    assert (built_site / start["href"]).exists()


@pytest.mark.parametrize("path", sorted((BOOK / "cover").glob("*.svg")), ids=lambda path: path.stem)
def test_drawings_say_what_they_show_and_take_the_colours_of_the_page(path):
    drawing = ElementTree.parse(path).getroot()
    assert drawing.get("role") == "img"
    assert len(drawing.get("aria-label")) > 20
    styled = set(re.findall(r"\.(cover-[\w-]+)", (BOOK / "_static" / "cover.css").read_text(encoding="utf-8")))
    used = {shape.get("class") for shape in drawing.iter() if shape is not drawing}
    assert used <= styled, f"{path.name} has shapes that cover.css does not colour"


def test_there_is_a_drawing_for_each_module():
    assert {path.stem for path in (BOOK / "cover").glob("*.svg")} == {"picture", *MODULES}


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ("```{modules}\nregression | Regression\n```", "expected 'folder | title | question'"),
        ("```{modules}\nregression | | Why?\n```", "expected 'folder | title | question'"),
        ("```{modules}\n```", "needs one line"),
        ("```{modules}\nregression | Regression | Why?\n```", "there is no drawing"),
        ("```{drawing} missing.svg\n```", "there is no drawing"),
        ("```{drawing} silent.svg\n```", "aria-label"),
    ],
)
def test_faults_on_the_cover_are_named_with_file_and_line(tmp_path, page, fault):
    files = {"silent.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"}
    book = build(
        tmp_path,
        {"cover": f"# A book\n\n{page}\n"},
        files=files,
        extensions=["myst_nb", "mathematics.katex", "pages.cover"],
    )
    [(line, message)] = book.of("cover")
    assert line == 3 and fault in message


# Glossary


def entries():
    """The glossary as (word, explanation) pairs, in its order."""
    body = re.search(r"```\{glossary\}\n(.*?)\n```", (BOOK / "glossary.md").read_text(encoding="utf-8"), re.DOTALL)[1]
    return [entry.split("\n", 1) for entry in re.split(r"\n\n+", body.strip())]


def test_glossary_is_in_alphabetical_order_and_explains_each_word_once():
    words = [word.casefold() for word, _ in entries()]
    assert words == sorted(set(words))


@pytest.mark.parametrize(("word", "explanation"), entries(), ids=lambda part: part[:20])
def test_glossary_entry_is_one_line_that_ends_in_what_to_search_for(word, explanation):
    assert re.fullmatch(r"  \S.* Search for: \*[^*]+\*\.", explanation), explanation
    shown = re.sub(r"\{term\}`([^`<]*?)\s*(<[^>]*>)?`", r"\1", explanation.strip())
    assert len(shown) <= LINE, f"{len(shown)} characters"


def test_every_word_of_the_glossary_is_linked_from_somewhere():
    text = "\n".join(path.read_text(encoding="utf-8") for path in PAGES)
    links = re.findall(r"\{term\}`([^`]+)`", text)
    for words in re.findall(r":::+\{words\}\n(.*?)\n:::", text, re.DOTALL):
        links += words.split(",")
    # Either `word` or `text <word>`; over the end of a line, too.
    linked = {" ".join(re.sub(r".*<(.*)>", r"\1", link, flags=re.DOTALL).split()).casefold() for link in links}
    assert sorted({word.casefold() for word, _ in entries()} - linked) == []


# Licences


def third_party():
    """The patterns of files that NOTICE names."""
    return " ".join(re.findall(r"^Files: (.+)$", read("NOTICE"), re.MULTILINE)).split()


def test_notice_names_every_file_by_others_that_the_site_ships(built_site):
    ours = {path.relative_to(BOOK) for path in (BOOK / "_static").rglob("*")}
    shipped = {path.relative_to(built_site) for path in (built_site / "_static").rglob("*") if path.is_file()}
    foreign = {path.as_posix() for path in shipped - ours}
    assert {path for path in foreign if not any(fnmatch(path, pattern) for pattern in third_party())} == set()


def test_notice_names_nothing_that_the_site_does_not_ship(built_site):
    assert [pattern for pattern in third_party() if not any(built_site.glob(pattern))] == []


def test_citation_is_complete_and_names_the_version_of_the_package():
    citation = yaml.safe_load(read("CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors", "version", "license"} <= citation.keys()
    assert citation["version"] == mmlbook.__version__
    assert citation["title"] == setting("project")
    assert citation["repository-code"] == setting("repository_url")
    assert citation["url"] == setting("html_baseurl")


# README and CONTRIBUTING


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "book/index.md", "book/preface.md"])
def test_commands_are_targets_of_the_makefile(name):
    code = re.findall(r"```\S*\n.*?\n```|`[^`\n]+`", read(name), re.DOTALL)
    commands = {target for piece in code for target in re.findall(r"(?m)(?:^|`)make ([a-z]+)", piece)}
    targets = set(re.findall(r"^([a-z]+):.*##", read("Makefile"), re.MULTILINE))
    assert commands, "no command found: this test looks at nothing"
    assert commands <= targets


def test_what_the_readme_points_to_exists():
    text = read("README.md")
    paths = {cell for row in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE) for cell in re.findall(r"`([^`]+)`", row)}
    links = {link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link}
    assert {"book/", "mmlbook/", "tests/", "LICENSE"} <= paths | links
    assert {path for path in paths | links if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("name", ["README.md", "book/index.md"])
def test_examples_print_what_they_promise(name):
    examples = doctest.DocTestParser().get_doctest(read(name).replace("```", ""), {}, name, name, 0)
    assert examples.examples
    assert doctest.DocTestRunner(verbose=False).run(examples).failed == 0


def test_addresses_agree_with_the_configuration(built_site):
    # A fork changes conf.py; what cannot read it must follow.
    repository, site = setting("repository_url"), setting("html_baseurl")
    text = read("README.md")
    assert f"git clone {repository}\n" in text
    assert f"<{site}>" in text
    folder = repository.rsplit("/", 1)[-1]
    assert f"cd {folder}\n" in text
    cover = BeautifulSoup((built_site / "index.html").read_text(encoding="utf-8"), "html.parser")
    commands = [block.get_text() for block in cover.select("pre")]
    assert f"git clone {repository}\ncd {folder}\nmake html\n" in commands
    assert [path.name for path in PAGES if repository in path.read_text(encoding="utf-8")] == []


# Words


def prose(html):
    """The running text of a built page, code and formulas left out, with a mark at the edges of each block."""
    main = BeautifulSoup(html, "html.parser").select_one("main")
    for part in main.select("pre, code, svg, script, .math, .katex"):
        part.replace_with(" … ")
    for block in main.select("p, li, dt, dd, td, th, h1, h2, h3, h4, summary, figcaption"):
        block.insert_before(" … ")
        block.append(" … ")
    return " ".join(main.get_text(" ").split())


def test_pages_hold_no_unkind_and_no_doubled_words(built_site):
    found = []
    for path in sorted(built_site.rglob("*.html")):
        text = prose(path.read_text(encoding="utf-8"))
        for pattern in (UNKIND, DOUBLED):
            for match in pattern.finditer(text):
                around = text[max(0, match.start() - 40) : match.end() + 40]
                found.append(f"{path.relative_to(built_site)}: {match[0]!r} in {around!r}")
    assert found == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_the_other_documents_hold_no_doubled_words(name):
    text = re.sub(r"(?s)```.*?\n```|`[^`\n]*`|\|", " … ", read(name))
    assert [match[0] for match in DOUBLED.finditer(text)] == []
