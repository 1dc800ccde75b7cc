"""Where the parts of a directive stand on its page: its options, the lines of its content, those in no fence."""

import re

FENCE = re.compile(r"\s*(`{3,}|:{3,}|~{3,})")
CODE_FENCE = re.compile(r"\s*(`{3,}|~{3,})")


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
