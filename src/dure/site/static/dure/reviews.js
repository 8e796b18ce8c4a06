// Judging by keyboard: points for the marked criterion, Ctrl+Enter to send, time spent; all of it also works without.
"use strict";

const judging = document.querySelector("[data-judging]");
const writes = (event) => event.target instanceof Element && event.target.closest("input:not([type=radio]), textarea, select");

if (judging) {
  const criteria = [...judging.querySelectorAll("[data-criterion]")];
  const total = judging.querySelector("[data-total]");
  const field = (criterion) => criterion.querySelector("input");
  let now = 0;

  const mark = (index) => {
    now = Math.max(0, Math.min(index, criteria.length - 1));
    criteria.forEach((criterion, at) => criterion.classList.toggle("now", at === now));
  };
  const goTo = (index) => {
    mark(index);
    criteria[now].scrollIntoView({ block: "nearest" });
  };

  const show = () => {
    const fields = criteria.map(field);
    const given = fields.filter((one) => one.value !== "");
    const sum = given.reduce((before, one) => before + (Number(one.value) * Number(one.dataset.points)) / 100, 0);
    if (total) total.textContent = given.length === fields.length && given.length ? sum.toFixed(1) : "–";
    for (const criterion of criteria) {
      for (const button of criterion.querySelectorAll(".points button")) {
        button.setAttribute("aria-pressed", String(button.value === field(criterion).value));
      }
    }
  };

  let chosen = null;  // the verdict that Ctrl+Enter sends
  const verdict = (key) => judging.querySelector(`[data-verdict="${CSS.escape(key)}"]`);

  const give = (index, points) => {
    field(criteria[index]).value = points;
    field(criteria[index]).dispatchEvent(new Event("input", { bubbles: true }));
  };

  criteria.forEach((criterion, index) => {
    const row = criterion.querySelector(".points");
    for (let points = 10; points <= 100; points += 10) {
      const button = document.createElement("button");
      button.type = "button";
      button.tabIndex = -1;
      button.value = button.textContent = String(points);
      button.addEventListener("click", () => { give(index, button.value); mark(index); });
      row.append(button);
    }
    row.hidden = false;
    criterion.addEventListener("focusin", () => mark(index));
  });

  judging.addEventListener("input", show);
  show();
  mark(criteria.findIndex((criterion) => field(criterion).value === ""));

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      judging.requestSubmit(chosen);
    } else if (event.key === "Escape" && writes(event)) {
      event.target.blur();
    } else if (writes(event) || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    } else if (verdict(event.key)) {
      event.preventDefault();
      chosen = verdict(event.key);
      (chosen.value === "out" ? judging.querySelector("#reason") : chosen).focus();  // out wants a reason
    } else if (!criteria.length) {
      return;
    } else if (/^[0-9]$/.test(event.key)) {
      give(now, event.key === "0" ? "100" : `${event.key}0`);
      goTo(now + 1);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      goTo(now + (event.key === "ArrowDown" ? 1 : -1));
    }
  });

  // Seconds in which the page was looked at go along with what is kept; what was just written is kept on leaving, too.
  const spent = judging.querySelector("[data-spent]");
  const saved = judging.querySelector("[data-saved]");
  if (spent && saved) {
    let dirty = false;
    setInterval(() => {
      if (document.visibilityState === "visible") spent.value = String(Number(spent.value || 0) + 1);
    }, 1000);
    judging.addEventListener("input", () => { dirty = true; });
    judging.addEventListener("submit", () => { dirty = false; });
    document.addEventListener("htmx:afterRequest", (event) => {
      if (event.target !== saved || !event.detail.successful) return;
      spent.value = "0";
      dirty = false;
    });
    window.addEventListener("pagehide", () => {
      if (dirty) fetch(saved.getAttribute("hx-post"), { method: "POST", body: new FormData(judging), keepalive: true });
    });
  }
}
