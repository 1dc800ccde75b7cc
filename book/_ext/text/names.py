"""The names that an author gives to devices, questions, claims and figures: lower-case words, new on their page."""

import re

from .faults import report_in

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def reserve_name(directive, name, prefix):
    """Return the id of a named device, `prefix-name`; report a name that is no slug or is taken on this page."""
    if not SLUG.fullmatch(name or ""):
        report_in(
            directive,
            f"expected a name of lower-case letters, digits and hyphens, as in {{{directive.name}}} "
            f"growing-puddle; got {name!r}",
        )
        return None
    taken = directive.env.temp_data.setdefault("device_names", {})
    if name in taken:
        report_in(
            directive,
            f"the name {name!r} is taken by the device in line {taken[name]}; expected one that is new on this page",
        )
        return None
    taken[name] = directive.lineno
    return f"{prefix}-{name}"
