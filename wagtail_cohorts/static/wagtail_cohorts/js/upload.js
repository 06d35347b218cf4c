// Sending documents: camera or file buttons, big photos made smaller, progress, and the card alone is drawn anew.
// Without this script each card is a plain form.

const list = document.getElementById("cards");
const WIDEST = 2200;
const BIG = 1_200_000;

function size(bytes) {
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

async function smaller(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < BIG) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, WIDEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.86));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file;
  }
}

function progressLine(card, onStop) {
  card.querySelector(".sending")?.remove();
  const box = document.createElement("div");
  box.className = "stack-s sending";
  const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
  bar.setAttribute("aria-label", list.dataset.sending);
  const row = Object.assign(document.createElement("div"), { className: "row between" });
  const text = Object.assign(document.createElement("p"), { className: "small num", textContent: list.dataset.sending });
  text.setAttribute("role", "status");
  const stop = Object.assign(document.createElement("button"), { type: "button", className: "btn text" });
  stop.textContent = list.dataset.stop;
  stop.addEventListener("click", onStop);
  row.append(text, stop);
  box.append(bar, row);
  card.append(box);
  return { box, bar, text };
}

function say(card, sentence) {
  let line = card.querySelector(".err");
  if (!line) {
    line = Object.assign(document.createElement("p"), { className: "err" });
    line.setAttribute("role", "alert");
    card.append(line);
  }
  line.textContent = sentence;
}

function post(form, data) {
  const card = form.closest(".doc");
  const request = new XMLHttpRequest();
  const line = progressLine(card, () => request.abort());
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    const percent = Math.round((100 * event.loaded) / event.total);
    line.bar.value = percent;
    line.text.textContent = fill(list.dataset.progress, {
      percent, sent: size(event.loaded), total: size(event.total),
    });
  });
  request.addEventListener("load", () => finish(card, request));
  for (const [name, word] of [["error", "failed"], ["timeout", "failed"], ["abort", "stopped"]]) {
    request.addEventListener(name, () => {
      line.box.remove();
      say(card, list.dataset[word]);
    });
  }
  request.send(data);
}

function finish(card, request) {
  const answer = request.response;
  if (!answer || !answer.card) {
    card.querySelector(".sending")?.remove();
    say(card, list.dataset.failed);
    return;
  }
  const holder = document.createElement("template");
  holder.innerHTML = answer.card;
  const fresh = holder.content.firstElementChild;
  card.replaceWith(fresh);
  prepare(fresh);
  fresh.focus();
  document.querySelector("[data-left]").textContent = answer.left;
  if (answer.error) return;
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
  document.querySelector("[data-saved]").textContent = `${fill(list.dataset.savedAt, { time })} `;
}

async function sendFiles(form, files) {
  if (!files.length) return;
  const data = new FormData();
  data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const file of await Promise.all([...files].map(smaller))) data.append("file", file);
  post(form, data);
}

function prepareAdding(form) {
  const input = form.querySelector("input[type=file]");
  const pick = form.querySelector("[data-pick]");
  form.querySelector(".plain-file").hidden = true;
  pick.hidden = false;
  pick.addEventListener("click", (event) => {
    const button = event.target.closest("[data-from]");
    if (!button) return;
    if (button.dataset.from === "camera") input.setAttribute("capture", "environment");
    else input.removeAttribute("capture");
    input.click();
  });
  input.addEventListener("change", () => sendFiles(form, input.files));
  sendFiles(form, input.files); // chosen before this script arrived, on a slow line
}

function prepare(card) {
  for (const form of card.querySelectorAll("form[data-card]")) {
    if (form.querySelector("input[type=file]")) prepareAdding(form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      post(form, new FormData(form));
    });
  }
}

if (list) for (const card of list.querySelectorAll(".doc")) prepare(card);
