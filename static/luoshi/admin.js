// Django's autocomplete boxes (select2) carry no accessible name while they are empty: give each its label's.
window.addEventListener("load", () => {
  for (const box of document.querySelectorAll("select.admin-autocomplete")) {
    const label = document.querySelector(`label[for="${box.id}"]`);
    const shown = box.parentElement.querySelector(".select2-selection");
    if (!shown) continue;
    const cell = box.closest("td");
    const column = cell && cell.closest("table").querySelectorAll("thead th")[cell.cellIndex];
    const name = label || column;
    shown.removeAttribute("aria-labelledby");
    shown.setAttribute("aria-label", name ? name.textContent.trim().replace(/[:：]$/, "") : box.name);
  }
});
