// An exam saves each answer by itself; what cannot be sent is kept on the device and sent once it can be.
(() => {
  const form = document.querySelector("[data-exam]");
  if (!form) return;
  const say = form.dataset;
  const clock = document.querySelector("[data-clock]");
  const state = clock.querySelector("[data-state]");
  const shelf = `exam:${say.exam}`;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const fields = new Map([...form.querySelectorAll("[data-place]")].map((field) => [field.dataset.place, field]));
  const typing = new Map();
  let waiting = {};
  let busy = false;
  let pause = 1000;
  let ends = performance.now() + Number(say.seconds) * 1000;
  let over = false;
  let told = false;

  const keep = () => {
    try {
      if (Object.keys(waiting).length) localStorage.setItem(shelf, JSON.stringify(waiting));
      else localStorage.removeItem(shelf);
    } catch { /* a private window has no shelf: answers wait in the page */ }
  };

  const read = (field) => {
    const kind = field.dataset.kind;
    if (kind === "single" || kind === "multiple") return [...field.querySelectorAll(":checked")].map((box) => Number(box.value));
    if (kind !== "ordering") return field.querySelector("input:not([type=hidden]), textarea").value;
    const put = [...field.querySelectorAll("select")].map((one) => [Number(one.value), Number(one.dataset.at)]);
    const whole = new Set(put.map(([number]) => number)).size === put.length && put.every(([number]) => number);
    return whole ? put.sort((one, other) => one[0] - other[0]).map(([, at]) => at) : null;
  };

  const show = (field, answer) => {
    const kind = field.dataset.kind;
    if (kind === "single" || kind === "multiple") for (const box of field.querySelectorAll("input[name^=q]")) box.checked = (answer ?? []).includes(Number(box.value));
    else if (kind === "ordering") for (const one of field.querySelectorAll("select")) one.value = answer ? answer.indexOf(Number(one.dataset.at)) + 1 : "";
    else field.querySelector("input:not([type=hidden]), textarea").value = answer ?? "";
  };

  const uneven = () => [...fields.values()].some((field) => {
    if (field.dataset.kind !== "ordering" || read(field)) return false;
    return [...field.querySelectorAll("select")].some((one) => one.value);
  });

  const note = (text, bad = false) => {
    if (state.textContent !== text) state.textContent = text;
    clock.classList.toggle("cut", bad);
  };

  const saves = (field, number) => {
    field.dataset.saves = number;
    field.querySelector("input[type=hidden]").value = number;
  };

  const name = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const change = (place) => {
    typing.delete(place);
    const field = fields.get(place);
    if (waiting[place]) field.dataset.sent = JSON.stringify(waiting[place].answer);  // may have arrived already
    const answer = read(field);
    if (field.dataset.kind === "ordering" && answer === null) { if (!due()) note(say.uneven); return; }
    waiting[place] = { answer, nonce: name(), saves: Number(field.dataset.saves) };
    keep();
    send();
  };

  const settleTyping = () => {
    for (const [place, timer] of [...typing]) { clearTimeout(timer); change(place); }
  };

  const stop = () => { over = true; location.assign(say.result); };

  const sendOne = async (place) => {
    const one = waiting[place];
    const field = fields.get(place);
    const body = new URLSearchParams({ answer: JSON.stringify(one.answer), saves: one.saves, nonce: one.nonce, csrfmiddlewaretoken: token });
    const answer = await fetch(say.answers.replace(/0\/$/, `${place}/`), { method: "POST", body });
    if (answer.redirected || answer.status === 403) { note(say.signedOut, true); throw new Error("signed out"); }
    if (answer.status >= 500) throw new Error("server");
    const back = await answer.json();
    if (answer.ok) {
      saves(field, back.saves);
      if (waiting[place] === one) delete waiting[place];
      else if (waiting[place]) waiting[place].saves = back.saves;
    } else if (back.code === "answer.elsewhere" && JSON.stringify(back.answer) === field.dataset.sent) {
      saves(field, back.saves);  // it was this device's own: only the receipt was lost
      waiting[place].saves = back.saves;
    } else if (back.code === "answer.elsewhere") {
      one.held = true;
      field.querySelector(".elsewhere").hidden = false;
      field.querySelector("[data-mine]").onclick = () => { saves(field, back.saves); field.querySelector(".elsewhere").hidden = true; change(place); };
      field.querySelector("[data-theirs]").onclick = () => { saves(field, back.saves); show(field, back.answer); delete waiting[place]; field.querySelector(".elsewhere").hidden = true; keep(); };
    } else if (back.code === "answer.late") {
      delete waiting[place];
      keep();
      stop();
    } else {
      delete waiting[place];
      note(back.text, true);
    }
    keep();
  };

  const due = () => Object.keys(waiting).find((place) => !waiting[place].held);

  const send = async () => {
    if (busy || over) return;
    busy = true;
    try {
      while (due() && !over) { note(say.saving); await sendOne(due()); }
      pause = 1000;
      if (!Object.keys(waiting).length && !typing.size) note(uneven() ? say.uneven : say.saved);
    } catch {
      if (state.textContent !== say.signedOut) note(say.waiting, true);
      setTimeout(send, pause);
      pause = Math.min(pause * 2, 15000);
    } finally { busy = false; }
  };

  const edited = (event, after) => {
    const place = event.target.closest("[data-place]")?.dataset.place;
    if (!place) return;
    clearTimeout(typing.get(place));
    typing.set(place, setTimeout(() => change(place), after));
  };

  form.addEventListener("input", (event) => edited(event, event.target.matches("input[type=radio], input[type=checkbox], select") ? 0 : 700));
  addEventListener("online", send);
  addEventListener("pagehide", settleTyping);
  document.addEventListener("visibilitychange", () => { if (document.hidden) settleTyping(); else send(); });
  addEventListener("beforeunload", (event) => { if (!over && (Object.keys(waiting).length || typing.size)) event.preventDefault(); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    settleTyping();
    await send();
    while (busy) await new Promise((done) => setTimeout(done, 100));
    if (Object.keys(waiting).length) return;
    over = true;
    location.assign(say.send);
  });

  const tick = () => {
    const left = Math.max(0, Math.round((ends - performance.now()) / 1000));
    const two = (number) => String(number).padStart(2, "0");
    clock.querySelector("[data-left]").textContent = `${left >= 3600 ? `${Math.floor(left / 3600)}:` : ""}${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
    clock.classList.toggle("soon", left <= 300);
    if (left <= 300 && left > 290 && !told) { told = true; note(say.soon); }
    if (left <= 2) settleTyping();
    if (!left && !over) { note(say.over, true); setTimeout(stop, 1500); over = true; }
  };

  const ask = async () => {
    try {
      const answer = await fetch(say.time);
      const back = await answer.json();
      ends = performance.now() + back.left * 1000;
      if (!back.running) stop();
    } catch { /* no connection: the clock goes on by itself */ }
  };

  try { waiting = JSON.parse(localStorage.getItem(shelf) ?? "{}"); } catch { waiting = {}; }
  for (const [place, one] of Object.entries(waiting)) {
    delete one.held;
    if (fields.has(place)) show(fields.get(place), one.answer);
    else delete waiting[place];
  }
  form.querySelector("[data-by-hand]").hidden = true;
  note(say.saved);
  tick();
  setInterval(tick, 1000);
  setInterval(ask, 30000);
  send();
})();
