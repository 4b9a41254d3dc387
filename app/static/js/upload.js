// A file sent with `data-upload` shows how far it is and can be stopped; without this script the form is sent as it is.
// The sentences are the page's own: `data-going`, `data-checking`, `data-stopped`, `data-broken`.
"use strict";

document.addEventListener("submit", (event) => {
  const form = event.target;
  const file = form.querySelector("input[type=file]");
  if (!form.matches("[data-upload]") || !file || !file.files.length) return;
  event.preventDefault();
  const box = document.getElementById(form.dataset.upload);
  const [bar, status, stop] = ["progress", "[role=status]", "button"].map((what) => box.querySelector(what));
  const send = form.querySelector("button[type=submit]");
  const request = new XMLHttpRequest();

  function ended(sentence) {
    bar.hidden = stop.hidden = true;
    status.textContent = sentence;
    send.removeAttribute("aria-disabled");
    send.focus();
  }

  function shown(page) {
    const read = new DOMParser().parseFromString(page, "text/html");
    const main = read.querySelector("main");
    if (!main) return ended(form.dataset.broken);
    document.title = read.title;
    document.querySelector("main").replaceWith(main);
    (main.querySelector(".note.bad") ?? main).focus();
  }

  request.upload.addEventListener("progress", (moment) => {
    if (!moment.lengthComputable) return;
    const done = Math.floor((moment.loaded / moment.total) * 100);
    bar.value = done;
    const tenth = form.dataset.going.replace("{part}", String(done - (done % 10)));
    if (done < 100 && status.textContent !== tenth) status.textContent = tenth;
  });
  request.upload.addEventListener("load", () => {
    bar.removeAttribute("value");
    stop.hidden = true;
    status.textContent = form.dataset.checking;
  });
  request.addEventListener("load", () => {
    const next = request.getResponseHeader("Upload-Next");
    if (next) window.location.assign(next);
    else shown(request.responseText);
  });
  request.addEventListener("error", () => ended(form.dataset.broken));
  request.addEventListener("abort", () => ended(form.dataset.stopped));
  stop.onclick = () => request.abort();

  box.hidden = bar.hidden = stop.hidden = false;
  bar.value = 0;
  status.textContent = form.dataset.going.replace("{part}", "0");
  send.setAttribute("aria-disabled", "true");
  request.open("POST", form.action);
  request.setRequestHeader("Upload-Script", "1");
  request.send(new FormData(form));
}, true);
