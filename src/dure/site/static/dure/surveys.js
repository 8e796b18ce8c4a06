// What somebody answers is kept on their device alone until it is sent; then it is forgotten there as well.
"use strict";

for (const done of document.querySelectorAll("[data-clear]")) localStorage.removeItem(done.dataset.clear);

for (const form of document.querySelectorAll("form[data-draft]")) {
  const fields = () => [...form.elements].filter((field) => field.name.startsWith("q-"));
  const chosen = (field) => field.type === "radio" || field.type === "checkbox";

  const keep = () => {
    const told = fields()
      .filter((field) => (chosen(field) ? field.checked : field.value))
      .map((field) => [field.name, field.value]);
    localStorage.setItem(form.dataset.draft, JSON.stringify(told));
  };
  const restore = (told) => {
    for (const field of fields()) {
      const values = told.filter(([name]) => name === field.name).map(([, value]) => value);
      if (chosen(field)) field.checked = values.includes(field.value);
      else field.value = values[0] ?? "";
    }
  };

  const written = fields().some((field) => (chosen(field) ? field.checked : field.value));
  const kept = localStorage.getItem(form.dataset.draft);
  if (kept && !written) restore(JSON.parse(kept));
  form.addEventListener("input", keep);
  for (const note of form.querySelectorAll("[data-drafted]")) note.hidden = false;
}
document.getElementById("refused")?.focus();
