// Sphinx's search asks for this name. Marking the found words on the page that is opened would need a stored note of
// them; the book stores only the choice of light or dark.
const SPHINX_HIGHLIGHT_ENABLED = false;

// A formula is in a page as MathML, as LaTeX and as painted boxes; an excerpt has it once.
const textOfPage = Search.htmlToText;
Search.htmlToText = (html, anchor) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  page.querySelectorAll(".katex annotation, .katex-html").forEach((element) => element.remove());
  page.querySelectorAll("dd").forEach((meaning) => meaning.prepend(": "));
  return textOfPage(page.documentElement.outerHTML, anchor);
};

// How many pages were found is said aloud.
new MutationObserver(() => document.querySelector(".search-summary")?.setAttribute("role", "status")).observe(
  document.getElementById("search-results"),
  { childList: true },
);
