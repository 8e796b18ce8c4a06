// What a slider stands at is shown beside it.
"use strict";

document.addEventListener("input", (event) => {
  const shown = document.getElementById(event.target.dataset?.shown ?? "");
  if (shown) shown.textContent = event.target.value;
});
