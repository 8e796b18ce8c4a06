// Saving while one writes: what could not be saved is said, and tried again until it is.
"use strict";

const saved = document.getElementById("saved");
const AGAIN = 5000;

const lost = (text) => {
  saved.textContent = text;
  saved.classList.add("wrong");
  setTimeout(() => window.htmx.trigger(saved, "again"), AGAIN);
};

for (const kind of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(kind, (event) => {
    if (event.target === saved) lost(saved.dataset.lost);
  });
}
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== saved) return;
  saved.classList.toggle("wrong", event.detail.xhr.status >= 400);
  if (!event.detail.xhr.responseURL.includes("/accounts/login/")) return;
  event.detail.shouldSwap = false; // the answer is the sign-in page
  lost(saved.dataset.out);
});

// What was written before this page listened, or brought back by the browser, is saved as well.
const changed = (field) =>
  field.value !== (field.defaultValue ?? field.value) ||
  (field.checked ?? false) !== (field.defaultChecked ?? false) ||
  [...(field.options ?? [])].some((option) => option.selected !== option.defaultSelected);
window.addEventListener("load", () => {
  const fields = [...document.querySelectorAll("#application :is(input:not([type=file]), textarea, select)")];
  if (fields.some(changed)) window.htmx.trigger(saved, "again");
});
