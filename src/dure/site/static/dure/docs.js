// The documentation: a button that copies code, and on a phone a list of pages that opens when asked for.
"use strict";

const article = document.querySelector("[data-copy]");
const list = document.querySelector("[data-pages]");

if (list && window.matchMedia("(width < 58rem)").matches) {
  list.open = false;
}

for (const code of navigator.clipboard && article ? article.querySelectorAll("pre") : []) {
  const frame = document.createElement("div");
  const button = document.createElement("button");
  frame.className = "code";
  button.className = "button small no-print";
  button.type = "button";
  button.textContent = article.dataset.copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.innerText);
    button.textContent = article.dataset.copied;
    window.setTimeout(() => { button.textContent = article.dataset.copy; }, 2000);
  });
  code.replaceWith(frame);
  frame.append(code, button);
}
