"""The map of the course, Modules 1 to 3: every page in order, its kind, and the topics that a reader must meet there.

It stands in `course_map.toml`. Kinds: `opening` asks the module's question, `bridge` is a lecture on what the course
assumes, `review` asks about the whole module, `lab` is a program to complete. A topic is a name for the message, and a
pattern to be found on the page, letter case aside: ways of saying it, or the markup that shows it. Finding the words
does not prove that the topic is taught; not finding them proves that it is not.
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from tests.page_reader import BOOK, course_order

MAP = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
MODULES = list(MAP)


@dataclass(frozen=True)
class Row:
    """A page of the map: its module's folder, its slug, its kind and its topics."""

    module: str
    slug: str
    kind: str = "lecture"
    topics: dict = field(default_factory=dict)

    @property
    def name(self):
        """The page as Sphinx names it."""
        return f"{self.module}/{self.slug}"


COURSE = [Row(module, slug, **page) for module, pages in MAP.items() for slug, page in pages.items()]


def pages_of_the_course():
    """The names of the pages of all modules in order, those that the map has and nobody has written yet too."""
    names = [row.name for row in COURSE]
    names += [
        name for name in course_order() if "/" in name and not name.startswith("reference/") and name not in names
    ]
    return names


def is_written(name):
    """Whether there is a page of this name."""
    return (BOOK / f"{name}.md").exists()
