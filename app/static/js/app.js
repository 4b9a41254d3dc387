// A pressed button is not pressed twice: it stays focusable, says it is busy, and wakes when the page comes back.
// The attribute, not the property: a disabled button would take its name and value out of the form.
"use strict";

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.defaultPrevented || !button || event.target.method !== "post") return;
  if (button.getAttribute("aria-disabled") === "true") event.preventDefault();
  else button.setAttribute("aria-disabled", "true");
});

window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[aria-disabled=true]")) button.removeAttribute("aria-disabled");
});
