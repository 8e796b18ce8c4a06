// Drafts and marks save themselves; what another tab changed meanwhile is said and never written over.
"use strict";

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const say = form.dataset;
  const state = form.querySelector("[data-state]");
  const saves = form.querySelector("[name=saves]");
  let timer = 0;
  let busy = null;
  let dirty = false;
  let stopped = false;
  let pause = 1000;

  const note = (text, bad = false) => {
    state.textContent = text;
    state.classList.toggle("wrong", bad);
  };

  const body = () => {
    const told = new FormData(form);
    for (const [name, value] of [...told]) if (value instanceof File) told.delete(name);
    return told;
  };

  const save = async () => {
    if (busy || stopped || !dirty) return busy;
    dirty = false;
    note(say.saving);
    busy = (async () => {
      try {
        const answer = await fetch(say.autosave, { method: "POST", body: body() });
        if (answer.redirected || answer.status >= 500) throw new Error("later");
        const back = await answer.json();
        if (answer.ok) {
          saves.value = back.saves;
          pause = 1000;
          note(say.saved);
        } else {
          stopped = back.code !== "marks.flawed";
          note(back.text, true);
        }
      } catch {
        dirty = true;
        note(say.waiting, true);
        timer = setTimeout(save, pause);
        pause = Math.min(pause * 2, 15000);
      }
    })();
    await busy;
    busy = null;
    if (dirty && !stopped && pause === 1000) save();
    return null;
  };

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, 700);
  });
  // What is sent by hand carries how often it was saved, so it waits for the save that is on its way.
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (!busy) { dirty = false; return; }
    event.preventDefault();
    const button = event.submitter;
    await busy;
    dirty = false;
    form.requestSubmit(button);
  });
  addEventListener("pagehide", () => {
    if (dirty && !stopped) fetch(say.autosave, { method: "POST", body: body(), keepalive: true });
  });
  addEventListener("beforeunload", (event) => { if (dirty || stopped) event.preventDefault(); });
}

const grading = document.querySelector("[data-grading]");

if (grading) {
  const criteria = [...grading.querySelectorAll("[data-criterion]")];
  const field = (criterion) => criterion.querySelector("input");
  const total = grading.querySelector("[data-total]");
  let now = 0;

  const goTo = (index) => {
    now = Math.max(0, Math.min(index, criteria.length - 1));
    criteria.forEach((criterion, at) => criterion.classList.toggle("now", at === now));
    criteria[now].scrollIntoView({ block: "nearest" });
  };

  const show = () => {
    let sum = 0;
    let whole = true;
    for (const criterion of criteria) {
      const value = field(criterion).value;
      whole = whole && value !== "";
      sum += Math.round(Number(value) * 10);
      for (const level of criterion.querySelectorAll(".level")) level.setAttribute("aria-pressed", String(value !== "" && Number(level.value) === Number(value)));
    }
    total.textContent = whole ? String(sum / 10) : "–";
  };

  const give = (criterion, points) => {
    field(criterion).value = points;
    field(criterion).dispatchEvent(new Event("input", { bubbles: true }));
  };

  criteria.forEach((criterion, index) => {
    criterion.addEventListener("focusin", () => { now = index; goTo(index); });
    for (const level of criterion.querySelectorAll(".level")) level.addEventListener("click", () => give(criterion, level.value));
  });
  grading.addEventListener("input", show);
  show();
  now = Math.max(0, criteria.findIndex((criterion) => field(criterion).value === ""));
  criteria[now].classList.add("now");

  document.addEventListener("keydown", (event) => {
    const writes = event.target instanceof Element && event.target.closest("input, textarea, select");
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      grading.requestSubmit();
    } else if (event.key === "Escape" && writes) {
      event.target.blur();
    } else if (writes || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    } else if (/^[1-9]$/.test(event.key)) {
      const level = criteria[now].querySelectorAll(".level")[Number(event.key) - 1];
      if (!level) return;
      give(criteria[now], level.value);
      goTo(now + 1);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      goTo(now + (event.key === "ArrowDown" ? 1 : -1));
    }
  });
}

// A line's number begins a note on it.
document.addEventListener("click", (event) => {
  const at = event.target instanceof Element && event.target.closest("button[data-line]");
  const form = document.querySelector("[data-note]");
  if (!at || !form) return;
  form.querySelector("[name=place]").value = at.dataset.line;
  form.querySelector("[name=file]").value = at.dataset.file;
  form.querySelector("textarea").focus();
});
