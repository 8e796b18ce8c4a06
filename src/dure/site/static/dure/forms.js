// A form that is sent: it stays as it was filled in until it is taken, and the keyboard goes on where it was.
"use strict";

const { lost: unheard, upload: uploading } = document.currentScript.dataset;
const LONG = 2 ** 20; // bytes: what is larger than this shows how far it is

// --- [data-stays]: what is refused is said at the form; the page changes only where the answer leads on.

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-stays]") || event.defaultPrevented) return;
  event.preventDefault();
  if (form.ariaBusy === "true") return; // on its way already
  form.ariaBusy = "true";
  forget(form);
  const to = event.submitter?.getAttribute("formaction") || form.getAttribute("action") || location.href;
  const answer = await send(to, new FormData(form, event.submitter), (at) => showHowFar(form, at));
  form.ariaBusy = null;
  form.querySelector("progress[data-sent]")?.remove();
  const told = answer?.getResponseHeader("Dure-Form");
  if (!answer) refuse(form, event.submitter, unanswered());
  else if (!told) sendAgain(form, event.submitter);
  else if (told === "refused") refuse(form, event.submitter, answer.responseText);
  else goOn(new URL(told, location.href));
});

// The answered request, or null where nobody answered; fetch would not tell how far an upload is.
function send(to, body, onProgress) {
  return new Promise((answered) => {
    const request = new XMLHttpRequest();
    request.open("POST", to);
    request.setRequestHeader("Dure-Form", "stays");
    request.upload.addEventListener("progress", onProgress);
    request.addEventListener("loadend", () => answered(request.status ? request : null));
    request.send(body);
  });
}

function showHowFar(form, { loaded, total }) {
  if (total < LONG) return;
  let bar = form.querySelector("progress[data-sent]");
  if (!bar) {
    bar = Object.assign(document.createElement("progress"), { className: "wide", ariaLabel: uploading });
    bar.dataset.sent = "";
    form.append(bar);
  }
  Object.assign(bar, { max: total, value: loaded });
}

// Whether it was taken nobody knows: to send it once more is for whoever looked.
function unanswered() {
  const note = document.createElement("div");
  Object.assign(note, { className: "note bad", role: "alert", textContent: unheard });
  return note.outerHTML;
}

// An answer that is neither a refusal nor a way on is the browser's to show.
function sendAgain(form, button) {
  const pressed = document.createElement("input");
  Object.assign(pressed, { type: "hidden", name: button?.name ?? "", value: button?.value ?? "" });
  if (pressed.name) form.append(pressed);
  HTMLFormElement.prototype.submit.call(form);
}

function goOn(to) {
  const here = to.pathname + to.search === location.pathname + location.search;
  location.assign(to);
  if (here && to.hash) location.reload(); // the address alone would only scroll
}

function refuse(form, button, part) {
  const said = document.createElement("div");
  said.dataset.refused = "";
  const acts = button?.closest("p");
  if (acts && form.contains(acts)) acts.before(said);
  else form.append(said);
  said.innerHTML = part;
  for (const flaw of said.querySelectorAll("[data-field]")) {
    const field = form.elements.namedItem(flaw.dataset.field);
    if (field instanceof Element) field.ariaInvalid = "true";
  }
  form.querySelector("[aria-invalid=true]")?.focus();
  said.scrollIntoView({ block: "nearest" });
  if (document.activeElement === button) button.scrollIntoView({ block: "nearest" }); // it was pushed down
  if (form.matches("[data-keep]")) form.dispatchEvent(new Event("input", { bubbles: true })); // still not sent
}

function forget(form) {
  form.querySelector("[data-refused]")?.remove();
  for (const field of form.querySelectorAll("[aria-invalid=true]")) field.ariaInvalid = null;
}

// --- Where the keyboard goes on when a page comes back after a form.

const FOCUSABLE = "a[href], button:not([disabled]), input:not([type=hidden], [disabled]), select, textarea, summary, [tabindex='0']";
const stops = () => [...document.querySelectorAll(`main :is(${FOCUSABLE})`)].filter((one) => one.checkVisibility());
const rows = () => [...document.querySelectorAll("main :is(tr, li)")];
const PLACE = "dure-place";

document.addEventListener("submit", (event) => {
  const pressed = event.submitter ?? document.activeElement;
  const [at, row] = [stops().indexOf(pressed), rows().indexOf(pressed.closest("tr, li"))];
  if (event.target.getAttribute("method") === "post" && at > 0) {
    sessionStorage.setItem(PLACE, JSON.stringify({ path: location.pathname, at, row, when: Date.now() }));
  }
});

const came = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
const again = came?.path === location.pathname && Date.now() - came.when < 60_000; // this page, after one of its forms
sessionStorage.removeItem(PLACE);

// The next Tab comes to the first thing of the row where the button was pressed, or to what stands where the button
// stood; the view stays at what the page tells above.
function backToPlace() {
  const [all, row] = [stops(), rows()[came.row]];
  const first = all.findIndex((one) => row?.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
  const before = all[(row && first > 0 ? first : came.at) - 1];
  before?.focus({ preventScroll: true });
  before?.blur();
}

// A page that comes back with flaws begins at the first of them.
function toFlaw() {
  const alert = again && document.querySelector("main .note.bad[role=alert]");
  const first = document.querySelector("main form [aria-invalid=true]") || alert;
  if (alert && first === alert) alert.tabIndex = -1;
  if (first) first.focus();
  return Boolean(first);
}

if (!toFlaw() && again && !location.hash && document.activeElement === document.body) backToPlace();

// What the page tells above was there before anybody listened: it is said anew.
const notes = document.querySelector("main > .notes");
if (notes) setTimeout(() => notes.replaceChildren(...notes.children), 150);
