"""Faults in the source of a device: each is reported with its file and line, and the build goes on."""

import re

from sphinx.util import logging

logger = logging.getLogger(__name__)

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FENCE = re.compile(r"\s*(`{3,}|:{3,}|~{3,})")
CODE_FENCE = re.compile(r"\s*(`{3,}|~{3,})")


def report(directive, message, line=None):
    """Warn about the source of `directive`, at `line` of the page or else where the directive opens."""
    where = (directive.env.docname, line or directive.lineno)
    logger.warning("{%s}: %s", directive.name, message, location=where, type="device", subtype=directive.name)


def option_lines(directive):
    """Yield the name and the line of each option of `directive`, in order."""
    for count, line in enumerate(directive.block_text.splitlines()[1:], start=1):
        match = re.match(r"\s*:([\w-]+):(\s|$)", line)
        if not match:
            return
        yield match.group(1), directive.lineno + count


def option_line(directive, option):
    """Return the line of the page that holds `option` of `directive`, or where the directive opens."""
    return dict(option_lines(directive)).get(option, directive.lineno)


def line_of(directive, index):
    """Return the line of the page that holds line `index` of the content of `directive`."""
    return directive.lineno + directive.content_offset + index + 1


def reserve_name(directive, name, prefix):
    """Return the id of a named device, `prefix-name`; report a name that is no slug or is taken on this page."""
    if not SLUG.fullmatch(name or ""):
        report(
            directive,
            f"expected a name of lower-case letters, digits and hyphens, as in {{{directive.name}}} "
            f"growing-puddle; got {name!r}",
        )
        return None
    taken = directive.env.temp_data.setdefault("device_names", {})
    if name in taken:
        report(
            directive,
            f"the name {name!r} is taken by the device in line {taken[name]}; expected one that is new on this page",
        )
        return None
    taken[name] = directive.lineno
    return f"{prefix}-{name}"


def outside_fences(lines, marks=FENCE):
    """Yield the index and text of each line of `lines` that lies in no fence, fences themselves left out."""
    fence = None
    for index, line in enumerate(lines):
        match = marks.match(line)
        if fence is None and match:
            fence = match.group(1)
        elif fence is None:
            yield index, line
        elif match and match.group(1).startswith(fence) and not line.strip().strip(fence[0]):
            fence = None
