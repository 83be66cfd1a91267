// Names for what Django's admin leaves nameless: empty autocomplete boxes (select2), and the fields of tabular inlines,
// whose only label is the head of their column.
const worded = (node) => node.textContent.trim().replace(/[:：?？]$/, "");

function nameOf(field) {
  const label = document.querySelector(`label[for="${field.id}"]`);
  if (label) return worded(label);
  const cell = field.closest("td");
  const heads = cell ? cell.closest("table").querySelectorAll("thead th") : [];
  // An inline's first cell is a hidden one without a head of its own.
  const head = heads[cell ? cell.cellIndex - (cell.closest("tr").cells.length - heads.length) : 0];
  return head ? worded(head) : field.name;
}

function nameFields(root) {
  for (const field of root.querySelectorAll(".tabular td :is(input, select, textarea):not([type=hidden])")) {
    if (!field.labels.length && !field.hasAttribute("aria-label")) field.setAttribute("aria-label", nameOf(field));
  }
  for (const box of root.querySelectorAll("select.admin-autocomplete")) {
    const shown = box.parentElement.querySelector(".select2-selection");
    if (!shown) continue;
    shown.removeAttribute("aria-labelledby");
    shown.setAttribute("aria-label", nameOf(box));
    const text = shown.querySelector(".select2-selection__rendered");
    text?.removeAttribute("role");
    text?.removeAttribute("aria-readonly");
    box.parentElement.querySelector(".select2-search__field")?.setAttribute("aria-label", nameOf(box));
  }
}

// Behind Django's own set-up, which waits in the same queue; pages without it have no such boxes.
const queue = window.django?.jQuery ?? ((work) => window.addEventListener("load", work));
queue(() => nameFields(document));
document.addEventListener("formset:added", (event) => window.setTimeout(() => nameFields(event.target)));

// What was typed and not sent is not lost without a question. A page that came back with errors or with two versions
// holds unsent words from the start. select2's boxes tell of a choice through jQuery only, which a listener hears too.
const unsent = new Set();
for (const form of document.querySelectorAll("#content form[method=post]:not(#changelist-form)")) {
  const note = () => unsent.add(form);
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  window.django?.jQuery?.(form).on("select2:select select2:clear", note);
  if (form.querySelector(".errornote, .conflict")) note();
  form.addEventListener("submit", () => unsent.delete(form));
}
window.addEventListener("beforeunload", (event) => {
  if (unsent.size) event.preventDefault();
});

// Two versions come first: the page opens at them.
document.querySelector(".conflict")?.focus();
