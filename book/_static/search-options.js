// Sphinx's search asks for this name. Marking the found words on the page that is opened would need a stored note of
// them; the book stores only the choice of light or dark.
const SPHINX_HIGHLIGHT_ENABLED = false;
