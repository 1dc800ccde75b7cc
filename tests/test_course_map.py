"""The pages of Modules 1 to 3: all that the course map names, in its order, each with what its kind has to have.

A page that is not written yet fails: the map is the goal. `page_standard.py` says what a page has to have, and
`reading.py` what is counted as prose and as time.
"""

import math
import re
from collections import defaultdict

import pytest

from tests.course_map import COURSE, MODULES, is_written
from tests.page_reader import BOOK, course_order, read_page
from tests.page_standard import breaks, faults, trios
from tests.reading import ASKED

WRITTEN = {row.name: read_page(row.name) for row in COURSE if is_written(row.name)}
SAME_HEADING = 3
# What a page looks like from afar. Plain text, cells and formulas are everywhere.
DEVICES = (*ASKED, "reveal", "why-it-matters", "beyond", "interactive", "heading")
QUOTAS = {
    "{predict}": lambda page: len(page.all("predict")),
    "{find-the-error}": lambda page: len(page.all("find-the-error")),
    "place marked `% breaks`": breaks,
    "trio of `% worked NAME`, `% faded NAME`, `% alone NAME`": trios,
}


def page_of(row):
    if row.name not in WRITTEN:
        pytest.fail(
            f"book/{row.name}.md: expected this {row.kind} of the course map; it is not written yet", pytrace=False
        )
    return WRITTEN[row.name]


def complain(found):
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_pages_stand_in_the_table_of_contents_in_the_order_of_the_map():
    order = [name for name in course_order() if name.split("/")[0] in MODULES]
    assert order == [row.name for row in COURSE]


@pytest.mark.parametrize("row", COURSE, ids=lambda row: row.name)
def test_a_page_has_what_its_kind_has_to_have(row):
    complain(faults(page_of(row), row.kind))


@pytest.mark.parametrize("row", [row for row in COURSE if row.topics], ids=lambda row: row.name)
def test_a_page_speaks_of_its_topics(row):
    page_of(row)
    complain(missing_topics(row, (BOOK / f"{row.name}.md").read_text(encoding="utf-8")))


def missing_topics(row, source):
    """The topics of a page whose words do not occur in its source."""
    text = " ".join(source.split())
    return [
        f"book/{row.name}.md: expected the topic {topic!r}: something that matches {pattern}"
        for topic, pattern in row.topics.items()
        if not re.search(pattern, text, re.IGNORECASE)
    ]


@pytest.mark.parametrize("module", MODULES)
def test_a_review_leads_back_to_every_lecture(module):
    page = page_of(next(row for row in COURSE if row.module == module and row.kind == "review"))
    source = (BOOK / f"{page.name}.md").read_text(encoding="utf-8")
    linked = {link.rsplit("/", 1)[-1] for link in re.findall(r"\{doc\}`(?:[^`<]*<)?([^`>]+)>?`", source)}
    lectures = [row.slug for row in COURSE if row.module == module and row.kind in ("lecture", "bridge")]
    complain([f"{page.file}: expected a link to {slug}, by {{doc}}" for slug in lectures if slug not in linked])


@pytest.mark.parametrize("device", QUOTAS)
@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_its_quota(module, device):
    complain(short_of(module, device, [page for page in WRITTEN.values() if page.name.startswith(f"{module}/")]))


def short_of(module, device, pages):
    """What a module lacks of a device, of which it needs one for every two lectures, rounded up."""
    need = math.ceil(sum(row.module == module and row.kind in ("lecture", "bridge") for row in COURSE) / 2)
    counts = {page.name: QUOTAS[device](page) for page in pages}
    if (have := sum(counts.values())) >= need:
        return []
    where = ", ".join(f"{name.split('/')[1]} {count}" for name, count in counts.items() if count) or "nowhere"
    return [f"book/{module}/: expected at least {need} of: {device}; got {have} ({where})"]


def test_no_heading_recurs_on_more_than_a_few_pages():
    complain(repeated_headings(WRITTEN.values()))


def repeated_headings(pages):
    """The headings that stand on too many pages."""
    where = defaultdict(list)
    for page in pages:
        for block in page.all("heading", "beyond"):
            where[block.argument.casefold()].append(f"{page.file}:{block.line}")
    return [
        f"{places[-1]}: expected a heading of its own; {heading!r} stands on {len(places)} pages: {', '.join(places)}"
        for heading, places in where.items()
        if len(places) > SAME_HEADING
    ]


def test_no_two_pages_are_built_alike():
    complain(
        built_alike([WRITTEN[row.name] for row in COURSE if row.kind in ("lecture", "bridge") and row.name in WRITTEN])
    )


def built_alike(pages):
    """Pages with the same sequence of devices and headings, a device that repeats counted once."""
    seen, found = {}, []
    for page in pages:
        kinds = [block.kind for block in page.walk() if block.kind in DEVICES]
        shape = tuple(kind for place, kind in enumerate(kinds) if place == 0 or kind != kinds[place - 1])
        if shape in seen:
            found.append(f"{page.file}: expected a shape of its own; it has that of {seen[shape]}: {', '.join(shape)}")
        seen.setdefault(shape, page.file)
    return found
