"""Every page at three widths in both themes: nothing too wide, nothing that axe finds at fault."""

import pytest

from tests.site_visits import pages_of, visit

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 820, 1440])
def test_pages_at_every_width(browser, site_url, built_site, width, theme):
    visits = [visit(browser, site_url, built_site, page, theme, width) for page in pages_of(built_site)]
    assert {str(seen): seen.axe for seen in visits if seen.axe} == {}
    assert {str(seen): seen.overflow for seen in visits if seen.overflow > 0} == {}
