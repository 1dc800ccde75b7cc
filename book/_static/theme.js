// Runs before the first paint, so that the page never flashes in the other theme. Without a stored choice the
// attribute stays "auto" and the system's own setting decides.
{
  let theme = "auto";
  try {
    theme = localStorage.getItem("theme") ?? "auto";
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
  document.documentElement.dataset.theme = ["light", "dark"].includes(theme) ? theme : "auto";
  document.documentElement.classList.replace("no-js", "js");
}
