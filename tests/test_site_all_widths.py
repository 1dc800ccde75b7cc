"""Every page at two more widths in both themes: nothing too wide, nothing that axe finds at fault."""

import pytest

from tests.site_visits import pages_of, visit_all

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [820, 1440])  # test_site.py looks at all pages on a phone
def test_pages_at_every_width(browser_program, site_url, built_site, width, theme):
    jobs = [(page, theme, width) for page in pages_of(built_site)]
    visits = visit_all(browser_program, site_url, built_site, jobs)
    assert {str(seen): seen.axe for seen in visits if seen.axe} == {}
    assert {str(seen): seen.overflow for seen in visits if seen.overflow > 0} == {}
