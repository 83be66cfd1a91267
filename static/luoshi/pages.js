// What htmx cannot know: when a page has to be loaded after all, where the focus goes, what an empty field means, and
// how a value is copied.
// Filters and tabs work without this file; with it they exchange the rows instead of the page.

// A choice in a list of filters counts at once; words and dates wait for the button.
document.addEventListener("change", (event) => {
  if (event.target.matches("#filters select")) event.target.form.requestSubmit();
});

// Empty fields stay out of the address.
document.addEventListener("htmx:configRequest", (event) => {
  const sent = event.detail.formData;
  for (const [name, value] of [...sent]) if (value === "") sent.delete(name);
});

// A refusal, the sign-in or a page with another stylesheet is loaded as a page: nothing of it fits into this one.
const styles = (html) => html.match(/<link rel="stylesheet"[^>]*>/g)?.join("") ?? "";
const here = styles(document.head.innerHTML.replaceAll("&amp;", "&"));
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target, pathInfo } = event.detail;
  const asked = new URL(pathInfo.finalRequestPath, window.location.href);
  const came = new URL(xhr.responseURL, window.location.href);
  const holds = xhr.status === 200 && came.pathname === asked.pathname && xhr.responseText.includes(`id="${target.id}"`);
  if (holds && styles(xhr.responseText) === here) return;
  event.detail.shouldSwap = false;
  window.location.assign(asked);
});

// No answer at all: the browser's own way says why.
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => window.location.assign(event.detail.pathInfo.finalRequestPath));
}

// The focus stays where it was; where that is gone, it goes to what came instead. The count is a status and is read out.
document.addEventListener("htmx:beforeRequest", (event) => event.detail.target.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterSettle", (event) => {
  if (document.activeElement && document.activeElement !== document.body) return;
  const place = document.getElementById(event.detail.target.id);
  place?.setAttribute("tabindex", "-1");
  place?.focus({ preventScroll: true });
});

// A value to be copied has a button where the browser can copy; else it is selected by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = button.dataset.done;
  });
}
