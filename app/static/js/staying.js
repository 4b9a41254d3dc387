// Two minutes before a session ends, its page says so, and one click lets it go on. A click in another tab counts too.
"use strict";

{
  const place = document.querySelector(".staying");
  const { idle, whole, url, token } = place.dataset;
  const soon = 120, second = 1000, end = Date.now() + whole * second;
  const tabs = new BroadcastChannel("staying");
  let seen = Date.now(), said = "";

  const say = (name) => {
    if (said === name) return;
    said = name;
    place.replaceChildren(...(name ? [document.getElementById(`staying-${name}`).content.cloneNode(true)] : []));
  };

  const goOn = () => { seen = Date.now(); say(""); };

  const look = () => {
    const now = Date.now(), idles = seen + idle * second, left = (Math.min(idles, end) - now) / second;
    if (left <= 0) say("over");
    else if (left <= soon) say(end <= idles ? "whole" : "soon");
  };

  place.addEventListener("click", async (event) => {
    if (!event.target.closest("button")) return;
    const sent = { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" };
    const answer = await fetch(url, sent).catch(() => ({ ok: true, lost: true }));
    if (answer.lost) return;
    if (!answer.ok) { say("over"); return; }
    goOn();
    tabs.postMessage("here");
  });

  tabs.addEventListener("message", goOn);
  tabs.postMessage("here");
  setInterval(look, 5 * second);
}
