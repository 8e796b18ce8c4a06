// What HTML alone cannot do: the search key, arrows in lists, files that are dropped, questions before the irreversible.
"use strict";

const within = (event, selector) => event.target instanceof Element && event.target.closest(selector);
const ticks = "input:is([type=checkbox], [type=radio])";
const typing = (event) => within(event, `input:not(${ticks}), textarea, select, [contenteditable]`);

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !typing(event) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const fields = [...document.querySelectorAll("[data-find]")];
    const find = fields.find((field) => field.offsetParent !== null) ?? fields.find((field) => field.closest("[popover]"));
    if (find) {
      event.preventDefault();
      if (find.offsetParent === null) find.closest("[popover]").showPopover();  // in a narrow window the field waits in the menu
      find.focus();
      find.select?.();
    }
  }
});

// Arrows walk through the options under a search field; Enter opens one, Escape closes the list.
document.addEventListener("keydown", (event) => {
  const finder = within(event, ".finder");
  if (!finder) return;
  const options = [...finder.querySelectorAll('[role="option"]')];
  const field = finder.querySelector("input");
  const chosen = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const choose = (index) => {
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    options[index]?.scrollIntoView({ block: "nearest" });
    if (options[index]) field.setAttribute("aria-activedescendant", options[index].id);
  };
  if (event.key === "ArrowDown" && options.length) choose((chosen + 1) % options.length);
  else if (event.key === "ArrowUp" && options.length) choose((chosen - 1 + options.length) % options.length);
  else if (event.key === "Enter" && chosen >= 0) options[chosen].click();
  else if (event.key === "Escape" && options.length) {
    finder.querySelector('[role="listbox"]').replaceChildren();
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }
  else if (event.key === "Escape" && finder.closest("[popover]")) finder.closest("[popover]").hidePopover();
  else return;
  event.preventDefault();
});

// Whether the list is open is told to those who do not see it.
document.addEventListener("htmx:afterSwap", (event) => {
  const field = within(event, ".finder")?.querySelector('[role="combobox"]');
  if (!field) return;
  field.removeAttribute("aria-activedescendant");
  field.setAttribute("aria-expanded", String(event.target.childElementCount > 0));
});

// A file that is dropped on a field is a file that was chosen.
const files = (event) => event.dataTransfer?.types.includes("Files");
for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    const drop = within(event, ".drop");
    if (!drop || !files(event)) return;
    event.preventDefault();
    drop.classList.add("over");
  });
}
for (const kind of ["dragleave", "drop"]) {
  document.addEventListener(kind, (event) => within(event, ".drop")?.classList.remove("over"));
}
document.addEventListener("drop", (event) => {
  const field = within(event, ".drop")?.querySelector('input[type="file"]');
  if (!field || !event.dataTransfer.files.length) return;
  event.preventDefault();
  field.files = event.dataTransfer.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
});
document.addEventListener("change", (event) => {
  const drop = within(event, ".drop");
  const shown = drop?.querySelector("[data-chosen]");
  if (shown) shown.textContent = [...event.target.files].map((file) => file.name).join(", ");
});

// How much of an upload has arrived, for forms that htmx sends.
document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = within(event, ".drop, form")?.querySelector("progress[data-upload]");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.max = event.detail.total;
  bar.value = event.detail.loaded;
});

// "All on this page" in a table of choices, and how many are chosen.
const count = (form) => {
  const chosen = form.querySelectorAll("[data-each]:checked").length;
  for (const shown of form.querySelectorAll("[data-count]")) shown.textContent = String(chosen);
};
document.addEventListener("change", (event) => {
  const form = within(event, "form");
  if (!form) return;
  if (event.target.matches("[data-all]")) {
    for (const each of form.querySelectorAll("[data-each]")) each.checked = event.target.checked;
  }
  if (event.target.matches("[data-all], [data-each]")) count(form);
});

// A long list of choices narrows as one types; what is chosen stays in sight.
for (const list of document.querySelectorAll("[data-narrow]")) {
  const find = list.querySelector("input[type=search]");
  const show = () => {
    const typed = find.value.trim().toLowerCase();
    for (const choice of list.querySelectorAll("[data-text]")) {
      choice.hidden = !choice.querySelector("input").checked && !choice.dataset.text.includes(typed);
    }
    const chosen = [...list.querySelectorAll("[data-text]:has(:checked)")].map((choice) => choice.textContent.trim());
    list.querySelector("[data-chosen]").textContent = chosen.join(", ");
  };
  find.closest("[hidden]").hidden = false;
  find.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  list.addEventListener("input", show);
}

// Keys of a page, written on what they press: <a data-key="j">. Never while somebody writes.
document.addEventListener("keydown", (event) => {
  if (typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  const pressed = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!pressed) return;
  event.preventDefault();
  if (pressed.matches("input, textarea, select")) pressed.focus();
  else pressed.click();
});

// Back from a refusal: to the form as it was filled in, which a link to its page would bring empty.
document.addEventListener("click", (event) => {
  const back = within(event, "[data-back]");
  if (!back || history.length < 2) return;
  event.preventDefault();
  history.back();
});

// Of tabs that are wider than the window, the open one is in view.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const row = tab.closest(".tabs");
  const [inside, around] = [tab.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += inside.left - around.left - (around.width - inside.width) / 2;
}

// A stop of the keyboard that is cut by the window's side, in a row of tabs or in a wide table, comes into view.
document.addEventListener("focusin", ({ target }) => {
  const { left, right, width } = target.getBoundingClientRect();
  const cut = left < 0 || right > document.documentElement.clientWidth;
  if (cut && width < innerWidth && target.matches(":focus-visible")) target.scrollIntoView({ block: "nearest", inline: "nearest" });
});

// What was written and not sent is not lost without a question.
const written = new WeakSet();
document.addEventListener("input", (event) => {
  const form = within(event, "form[data-keep]");
  if (form) written.add(form);
});
document.addEventListener("submit", (event) => written.delete(event.target));
// A request that keeps the draft ([data-keeps]) takes what was written until now along; where it fails, nothing is kept.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches("[data-keeps]")) written.delete(event.target.closest("form"));
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.matches("[data-keeps]") && !event.detail.successful) written.add(event.target.closest("form"));
});
window.addEventListener("beforeunload", (event) => {
  for (const form of document.querySelectorAll("form[data-keep]")) if (written.has(form)) event.preventDefault();
});
