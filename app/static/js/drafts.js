// What is typed in a form with `data-draft` is kept by the site as it is typed: a second and a half after the last sign,
// and when the page goes away. Nothing stays in the browser. The sentences are the page's own: `data-kept` and others.
"use strict";

for (const form of document.querySelectorAll("form[data-draft]")) {
  const AFTER = 1500, AGAIN = 10000; // milliseconds
  const status = document.getElementById(form.dataset.draftStatus);
  let timer = 0, kept = written(), sending = false, over = false;

  function written() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
    return fields.toString();
  }

  function say(sentence) {
    if (status && status.textContent !== sentence) status.textContent = sentence;
  }

  function later(delay) {
    clearTimeout(timer);
    timer = setTimeout(keep, delay);
  }

  function heard(answer, body) {
    if (answer.status === 204) {
      kept = body;
      say(form.dataset.kept.replace("{hour}", answer.headers.get("Kept-At")));
      if (written() !== kept) later(AFTER);
    } else if (answer.type === "opaqueredirect" || answer.status === 400) {
      say(form.dataset.lost);
    } else {
      over = answer.status !== 429;
      if (over) say(form.dataset.over);
    }
  }

  async function keep(leaving) {
    const body = written();
    if (over || body === kept || (sending && leaving !== true)) return;
    sending = true;
    const headers = {"Content-Type": "application/x-www-form-urlencoded"};
    try {
      const sent = {method: "POST", body, headers, redirect: "manual", keepalive: leaving === true};
      heard(await fetch(form.dataset.draft, sent), body);
    } catch {
      say(form.dataset.away);
      later(AGAIN);
    } finally {
      sending = false;
    }
  }

  form.addEventListener("input", () => later(AFTER));
  form.addEventListener("submit", () => { over = true; clearTimeout(timer); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) over = false; });
  window.addEventListener("pagehide", () => keep(true));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(true); });
}
