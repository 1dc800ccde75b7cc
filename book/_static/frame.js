// What the frame adds when scripts run: the theme button, tab stops only where something scrolls, the copy button,
// equations copied as LaTeX, and the present section marked in "On this page".

const root = document.documentElement;
const status = document.createElement("div");
status.className = "visually-hidden";
status.setAttribute("role", "status");
document.body.append(status);

function setUpTheme(button) {
  const names = { auto: "as the system", light: "light", dark: "dark" };
  const name = () => button.setAttribute("aria-label", `Colours: ${names[root.dataset.theme]}`);
  name();
  button.addEventListener("click", () => {
    const systemIsDark = matchMedia("(prefers-color-scheme: dark)").matches;
    const order = systemIsDark ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
    const theme = order[(order.indexOf(root.dataset.theme) + 1) % 3];
    root.dataset.theme = theme;
    name();
    try {
      if (theme === "auto") localStorage.removeItem("theme");
      else localStorage.setItem("theme", theme);
    } catch {
      // Storage may be forbidden; the choice then lasts as long as the page.
    }
  });
}

// Every box that may scroll sideways has a tab stop in the HTML; it is of use only where the content is wider than the box.
function setUpBoxes(boxes) {
  const measure = (box) => {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  };
  const observer = new ResizeObserver((entries) => entries.forEach((entry) => measure(entry.target)));
  boxes.forEach((box) => observer.observe(box));
}

// The code of a listing; of an interactive session only what was typed, without prompts and answers.
function codeOf(pre) {
  const text = pre.textContent.replace(/\n$/, "");
  if (!pre.querySelector(".gp")) return text;
  const typed = text.split("\n").filter((line) => /^(>>>|\.\.\.)( |$)/.test(line));
  return typed.map((line) => line.slice(4)).join("\n");
}

function addCopyButton(pre) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.setAttribute("aria-label", "Copy this code");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(codeOf(pre));
    button.textContent = status.textContent = "Copied";
    setTimeout(() => {
      button.textContent = "Copy";
      status.textContent = "";
    }, 2000);
  });
  pre.after(button);
}

// A formula is in the page twice, as HTML and as MathML; what is copied is its LaTeX, once.
function copyEquations(event) {
  const selection = getSelection();
  if (selection.isCollapsed) return;
  const range = selection.getRangeAt(0).cloneRange();
  const formulaAt = (node) => {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    return element.closest(".katex-display") ?? element.closest(".katex");
  };
  const [first, last] = [formulaAt(range.startContainer), formulaAt(range.endContainer)];
  if (first) range.setStartBefore(first);
  if (last) range.setEndAfter(last);
  const copied = range.cloneContents();
  const formulas = copied.querySelectorAll(".katex");
  if (formulas.length === 0) return;
  for (const formula of formulas) {
    const tex = formula.querySelector('annotation[encoding="application/x-tex"]').textContent;
    const display = formula.closest(".katex-display");
    (display ?? formula).replaceWith(display ? `$$${tex}$$` : `$${tex}$`);
  }
  const holder = document.createElement("div");
  holder.append(copied);
  event.clipboardData.setData("text/html", holder.innerHTML);
  // Lay the copy out of sight: innerText then breaks lines as the page does.
  holder.className = "copied";
  document.body.append(holder);
  event.clipboardData.setData("text/plain", holder.innerText.trim());
  holder.remove();
  event.preventDefault();
}

function markPresentSection(links) {
  const linkOf = new Map();
  for (const link of links) {
    const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (section) linkOf.set(section, link);
  }
  const observer = new IntersectionObserver(
    () => {
      const passed = [...linkOf.keys()].filter((section) => section.getBoundingClientRect().top < innerHeight / 4);
      links.forEach((link) => link.removeAttribute("aria-current"));
      linkOf.get(passed.at(-1))?.setAttribute("aria-current", "true");
    },
    { rootMargin: "0px 0px -75% 0px", threshold: [0, 1] },
  );
  linkOf.forEach((_, section) => observer.observe(section));
}

setUpTheme(document.querySelector("[data-theme-toggle]"));
setUpBoxes(document.querySelectorAll("main [tabindex='0'][role='group']"));
if (navigator.clipboard) document.querySelectorAll("main .highlight pre").forEach((pre) => pre.closest(".cell_output") || addCopyButton(pre));
document.addEventListener("copy", copyEquations);
markPresentSection(document.querySelectorAll("#on-this-page a[href^='#']"));
for (const drawer of document.querySelectorAll("[popover]")) {
  drawer.addEventListener("click", (event) => event.target.closest("a") && drawer.matches(":popover-open") && drawer.hidePopover());
}
// A drawer that the focus has left closes: it would lie over what is focused next.
document.addEventListener("focusin", ({ target }) => {
  const drawer = document.querySelector(":popover-open");
  if (drawer && !drawer.contains(target) && target.getAttribute("popovertarget") !== drawer.id) drawer.hidePopover();
});
