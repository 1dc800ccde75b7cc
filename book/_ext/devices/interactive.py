"""`{interactive} module.js`: a figure that the reader plays with, told in words: its look, its task, its caption."""

import json
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from text.directive_lines import line_of, option_line
from text.faults import report_in
from text.names import SLUG, reserve_name

from .choices import parse_lines
from .nodes import block


class Interactive(SphinxDirective):
    """`{interactive} module.js` with `:name:`, `:alt:` and `:task:`, perhaps `:parameters:`, and a caption."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {name: directives.unchanged for name in ("name", "alt", "task", "parameters")}

    def run(self):
        """Return the figure, or nothing if its source has a fault; every fault is reported."""
        self.faulty = False
        options = {key: (value or "").strip() for key, value in self.options.items()}
        for option, what in (
            ("name", "a name, as in fig-ring"),
            ("alt", "what the picture shows, in words"),
            ("task", "what the reader is to find or do"),
        ):
            if not options.get(option):
                self.fault(f"expected :{option}:, {what}", option)
        name = options.get("name", "")
        if name and (not SLUG.fullmatch(name) or not name.startswith("fig-")):
            self.fault(f"expected a name as in fig-ring; got {name!r}", "name")
        elif name and reserve_name(self, name, "") is None:
            self.faulty = True
        parameters = self.read_parameters(options.get("parameters", "{}"))
        module = self.read_module()
        if not "".join(self.content).strip():
            self.fault("expected a caption between {interactive} and its end")
        if self.faulty:
            return []
        return [self.compose(options, module, parameters)]

    def fault(self, message, option=""):
        """Report a fault at the line of `option`, or where the directive opens."""
        self.faulty = True
        report_in(self, message, option_line(self, option))

    def read_parameters(self, source):
        """Return the parameters, a JSON object."""
        try:
            found = json.loads(source)
        except ValueError as error:
            self.fault(f"the parameters are not JSON: {error}", "parameters")
            return {}
        if not isinstance(found, dict):
            self.fault(f'expected parameters as a JSON object, as in {{"radius": 2}}; got {source}', "parameters")
        return found

    def read_module(self):
        """Return the module's path within the book; report one that is missing or lies elsewhere."""
        name = self.arguments[0] if self.arguments else ""
        page = Path(self.env.doc2path(self.env.docname))
        path = (page.parent / name).resolve()
        if not name.endswith(".js"):
            self.fault(f"expected a browser module beside the page, as in {{interactive}} puddle.js; got {name!r}")
        elif not path.is_relative_to(Path(self.env.srcdir).resolve()) or not path.is_file():
            self.fault(f"there is no module {name} beside this page; expected it in the folder {page.parent.name}/")
        else:
            self.env.note_dependency(str(path))
            return path.relative_to(Path(self.env.srcdir).resolve()).as_posix()
        return None

    def compose(self, options, module, parameters):
        """Return the figure: what it shows, its caption and its task."""
        caption, *legend = parse_lines(self, list(self.content), line_of(self, 0))
        figure = nodes.figure(
            "",
            block("", nodes.paragraph("", options["alt"]), classes=["interactive-alt"]),
            nodes.caption("", "", *caption.children),
            classes=["interactive"],
        )
        task = self.state.inline_text(options["task"], option_line(self, "task") - 1)[0]
        figure += nodes.legend("", nodes.paragraph("", "", nodes.strong("", "Task."), nodes.Text(" "), *task), *legend)
        figure["device"] = {
            "kind": "interactive",
            "name": options["name"],
            "module": module,
            "parameters": parameters,
            "alt": options["alt"],
            "task": options["task"],
        }
        self.set_source_info(figure)
        figure["names"].append(options["name"])
        self.state.document.note_explicit_target(figure, figure)
        return figure


def setup(app):
    """Add interactive figures to Sphinx."""
    app.setup_extension("devices.directives")
    app.add_directive("interactive", Interactive)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
