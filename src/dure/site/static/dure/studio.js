// The editor of the studio: line numbers, colours and marks under a plain text field, offers at the cursor, keys.
"use strict";

const field = document.getElementById("text");
const MOST_COLOURED = 200_000; // letters; a longer text is written without colours
const saved = () => document.getElementById("saved");
const saving = () => {
  saved().textContent = saved().dataset.saving;
  saved().dataset.busy = "";
};
let unsaved = false;

window.addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.target.matches?.("#text, #filling")) return;
  if (event.detail.successful) unsaved = false;
  else if (!event.detail.xhr?.status) saved().textContent = saved().dataset.lost;
});
document.getElementById("filling")?.addEventListener("change", saving);

if (field) edit(field);

function edit(text) {
  const paper = text.closest(".paper");
  const editor = text.closest(".editor");
  const under = paper.querySelector(".under");
  const gutter = editor.querySelector(".gutter");
  const list = document.getElementById("offers");
  const form = text.form;
  let leaving = false;

  // --- places in the text

  const lines = () => text.value.split("\n");
  const startOf = (line) => lines().slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const lead = () => parseFloat(getComputedStyle(text).lineHeight);
  const cursor = () => {
    const before = text.value.slice(0, text.selectionStart);
    const start = before.lastIndexOf("\n") + 1;
    return { line: before.split("\n").length, start, column: before.length - start };
  };
  // The server counts characters, the browser UTF-16 units: they differ behind an emoji.
  const units = (line, characters) => [...line].slice(0, characters).join("").length;
  const characters = (line, count) => [...line.slice(0, count)].length;

  function goTo(line, column = 1) {
    const at = startOf(line) + units(lines()[line - 1] ?? "", column - 1);
    text.focus();
    text.setSelectionRange(at, at);
    text.scrollTop = Math.max(0, (line - 4) * lead());
    text.closest(".editor").scrollIntoView({ block: "nearest" });
  }

  // Through the browser's own editing, so that its undo knows of it.
  function replace(from, to, by) {
    text.focus();
    text.setSelectionRange(from, to);
    if (!document.execCommand(by ? "insertText" : "delete", false, by)) {
      text.setRangeText(by, from, to, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  // --- line numbers, colours, marks

  const WORDS = /(#.*$)|("(?:[^"\\]|\\.)*"?|'[^']*'?)|((?:^|(?<=[\s{[,]))[^\s#:{}[\],"']+(?: [^\s#:{}[\],"']+)*(?=:(?:\s|$)))|((?<=[\s[{,:])-?\d[\d.]*(?=[\s\],}]|$))/gu;
  const NAMES = ["note", "quoted", "key", "number"];

  function faults() {
    const found = new Map();
    for (const link of document.querySelectorAll("#faults [data-line]")) {
      const line = Number(link.dataset.line);
      if (!found.has(line)) found.set(line, []);
      found.get(line).push(Number(link.dataset.column));
    }
    return found;
  }

  function coloured(line, columns) {
    const shown = document.createElement("span");
    if (columns) shown.className = "line-wrong";
    const marks = (columns ?? []).map((column) => units(line, column - 1));
    const put = (part, name, from) => {
      const span = name ? document.createElement("span") : null;
      if (span) span.className = name;
      const wrong = marks.some((mark) => mark >= from && mark < from + Math.max(part.length, 1));
      const holder = wrong ? document.createElement("span") : span;
      if (wrong) {
        holder.className = "wrong";
        if (span) holder.append(span);
      }
      (span ?? holder ?? shown).append(part);
      if (holder) shown.append(holder);
    };
    let last = 0;
    for (const match of line.matchAll(WORDS)) {
      if (match[1] && match.index && !/\s/.test(line[match.index - 1])) continue;
      if (match.index > last) put(line.slice(last, match.index), "", last);
      put(match[0], NAMES[match.slice(1).findIndex((group) => group !== undefined)], match.index);
      last = match.index + match[0].length;
    }
    if (last < line.length) put(line.slice(last), "", last);
    shown.append("\n");
    return shown;
  }

  function draw() {
    const wrong = faults();
    const all = lines();
    const colours = text.value.length < MOST_COLOURED;
    paper.classList.toggle("coloured", colours);
    under.replaceChildren(...(colours ? all.map((line, at) => coloured(line, wrong.get(at + 1))) : []));
    gutter.replaceChildren(
      ...all.map((_, at) => {
        const number = document.createElement("span");
        number.textContent = `${at + 1}\n`;
        if (wrong.has(at + 1)) number.className = "bad";
        return number;
      }),
    );
    follow();
  }

  function follow() {
    under.scrollTop = gutter.scrollTop = text.scrollTop;
    under.scrollLeft = text.scrollLeft;
  }

  // --- offers at the cursor

  let offered = [];
  let chosen = 0;
  let asking = 0;
  let waiting = 0;

  async function ask() {
    const here = cursor();
    const line = lines()[here.line - 1];
    const number = ++asking;
    const body = new FormData(form);
    body.set("line", here.line);
    body.set("column", characters(line, here.column));
    const answer = await fetch(editor.dataset.offers, { method: "POST", body }).catch(() => null);
    if (!answer?.ok || number !== asking) return;
    const found = await answer.json();
    const now = cursor();
    if (number !== asking || now.line !== here.line || now.column !== here.column) return;
    show(found, here.start + units(line, found.start), here.start + here.column);
  }

  function show({ offers }, from, to) {
    offered = offers.map((offer) => ({ ...offer, from, to }));
    chosen = 0;
    list.hidden = !offered.length;
    list.replaceChildren(
      ...offered.map((offer, at) => {
        const item = document.createElement("li");
        item.id = `offer-${at}`;
        item.role = "option";
        const code = document.createElement("code");
        code.textContent = offer.insert.trim();
        const about = document.createElement("span");
        about.textContent = offer.about;
        item.append(code, about);
        item.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(at);
        });
        return item;
      }),
    );
    place(from);
    choose(0);
  }

  function place(from) {
    const start = text.value.lastIndexOf("\n", from - 1) + 1;
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = getComputedStyle(text).font;
    const style = getComputedStyle(text);
    const across = pen.measureText(text.value.slice(start, from)).width + parseFloat(style.paddingLeft) - text.scrollLeft;
    const line = text.value.slice(0, from).split("\n").length;
    const down = line * lead() + parseFloat(style.paddingTop) - text.scrollTop;
    const room = paper.clientHeight - down;
    list.style.left = `${Math.max(0, Math.min(across, paper.clientWidth - list.offsetWidth - 8))}px`;
    list.style.top = `${room > list.offsetHeight || down < list.offsetHeight ? down : down - lead() - list.offsetHeight}px`;
  }

  function choose(at) {
    chosen = at;
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
    list.children[at]?.scrollIntoView({ block: "nearest" });
    if (list.hidden) text.removeAttribute("aria-activedescendant");
    else text.setAttribute("aria-activedescendant", `offer-${at}`);
  }

  function take(at) {
    const { insert, from, to } = offered[at];
    close();
    replace(from, to, insert);
    close();
  }

  function close() {
    asking += 1;
    clearTimeout(waiting);
    list.hidden = true;
    choose(-1);
  }

  // --- keys

  function indent(back) {
    const [from, to] = [text.selectionStart, text.selectionEnd];
    if (from === to && !back) return replace(from, to, "  ");
    const start = text.value.lastIndexOf("\n", from - 1) + 1;
    const block = text.value.slice(start, to);
    const moved = block.replace(back ? /^ {1,2}/gm : /^(?=.)/gm, back ? "" : "  ");
    replace(start, to, moved);
    text.setSelectionRange(back ? Math.max(start, from - 2) : from + 2, start + moved.length);
  }

  function breakLine() {
    const here = cursor();
    const line = text.value.slice(here.start, text.selectionStart);
    const [, blank, dash] = line.match(/^(\s*)(- )?/);
    const deeper = /:\s*$/.test(line) ? "  " : "";
    replace(text.selectionStart, text.selectionEnd, `\n${blank}${dash ? "  " : ""}${deeper}`);
  }

  const inList = {
    ArrowDown: () => choose((chosen + 1) % offered.length),
    ArrowUp: () => choose((chosen - 1 + offered.length) % offered.length),
    Enter: () => take(chosen),
    Tab: () => take(chosen),
    Escape: close,
  };

  text.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // the input method's own key
    const held = event.ctrlKey || event.metaKey;
    let done = true;
    if (!list.hidden && inList[event.key] && !held && !event.shiftKey) inList[event.key]();
    else if (held && event.code === "Space") ask();
    else if (held && event.key.toLowerCase() === "s") keep();
    else if (event.key === "Escape") leaving = true;
    else if (event.key === "Tab" && !held && !leaving) indent(event.shiftKey);
    else if (event.key === "Enter" && !held && !event.shiftKey) breakLine();
    else done = false;
    if (done) event.preventDefault();
    if (!["Escape", "Shift"].includes(event.key)) leaving = false;
  });

  const flag = form.elements.namedItem("keep"); // sent along until a request has taken it
  function keep() {
    flag.disabled = false;
    htmx.trigger(text, "keep");
  }
  text.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.requestConfig?.parameters.keep) flag.disabled = true;
  });

  text.addEventListener("compositionstart", () => paper.classList.add("composing"));
  text.addEventListener("compositionend", () => {
    paper.classList.remove("composing");
    draw();
  });
  text.addEventListener("input", (event) => {
    unsaved = true;
    saving();
    if (event.isComposing) return;
    draw();
    close();
    if (event.inputType === "insertText" && /^[\w.:"[{ -]$/.test(event.data ?? "")) waiting = setTimeout(ask, 150);
  });
  text.addEventListener("scroll", () => {
    follow();
    if (!list.hidden) close();
  });
  text.addEventListener("blur", close);
  form.addEventListener("submit", () => (unsaved = false));

  document.addEventListener("htmx:afterSettle", draw);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-line]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    goTo(Number(link.dataset.line), Number(link.dataset.column ?? 1));
  });

  draw();
  const asked = location.hash.match(/^#line-(\d+)$/);
  if (asked) goTo(Number(asked[1]));
}
