// Each answer is kept as it is given. The form works without this: "Continue" sends everything.

const WAIT = 900;
const AGAIN = 15000;
const CHECK = '<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d="M5 12.5l4.5 4.5L19 7.5"/></svg>';
const WARNING = '<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4l9 16H3z"/><path d="M12 10v4.5M12 17.4v.1"/></svg>';

const form = document.querySelector("form[data-autosave]");
const waiting = new Map();
let timer = 0;
let isSending = false;
let turn = 0;

function valueOf(input) {
  return input.type === "checkbox" ? input.checked : input.value;
}

function isTouched(input) {
  if (input.type === "checkbox") return input.checked !== input.defaultChecked;
  if (input.type === "radio") return input.checked && !input.defaultChecked;
  if (input.options) return input.selectedIndex > 0 && !input.options[input.selectedIndex].defaultSelected;
  return input.value !== input.defaultValue;
}

function note(input, delay) {
  if (!input.dataset.key) return;
  waiting.set(input.dataset.key, valueOf(input));
  clearTimeout(timer);
  timer = setTimeout(send, delay);
}

async function send() {
  timer = 0;
  if (isSending || !waiting.size) return;
  isSending = true;
  const values = Object.fromEntries(waiting);
  try {
    const response = await fetch(form.dataset.autosave, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      body: JSON.stringify({ values }),
    });
    const answer = await response.json();
    for (const [key, value] of Object.entries(values)) if (waiting.get(key) === value) waiting.delete(key);
    show(answer, Object.keys(values));
    offline(false);
  } catch {
    offline(true);
    timer = setTimeout(send, AGAIN);
  }
  isSending = false;
  if (waiting.size && !timer) timer = setTimeout(send, WAIT);
}

function show(answer, keys) {
  const saved = document.querySelector("[data-saved]");
  if (answer.message) {
    saved.textContent = answer.message;
    return;
  }
  saved.innerHTML = CHECK;
  saved.append(answer.saved);
  document.querySelector("[data-answered]").textContent = answer.answered;
  for (const key of keys) showError(key, answer.errors[key] ?? "");
  renewPictures();
}

function showError(key, sentence) {
  const question = form.querySelector(`[data-question="${CSS.escape(key)}"]`);
  const input = question.querySelector("[data-key]");
  const id = `f-${key}-e`;
  let line = document.getElementById(id);
  if (!sentence) {
    line?.remove();
    input.removeAttribute("aria-invalid");
    return;
  }
  if (!line) {
    line = Object.assign(document.createElement("p"), { id, className: "err" });
    line.setAttribute("role", "alert");
    question.append(line);
  }
  line.innerHTML = WARNING;
  line.append(sentence);
  input.setAttribute("aria-invalid", "true");
  const others = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== id);
  input.setAttribute("aria-describedby", [...others, id].join(" "));
}

// The picture of the page shows what was kept; the old one stays until the new one is here.
function renewPictures() {
  turn += 1;
  for (const picture of form.querySelectorAll("[data-page-image]")) {
    const name = picture.tagName === "IMG" ? "src" : "href";
    if (!picture.getClientRects().length) continue;
    const address = `${picture.getAttribute(name).split("?")[0]}?turn=${turn}`;
    const next = new Image();
    next.onload = () => picture.setAttribute(name, address);
    next.src = address;
  }
}

function offline(isOff) {
  document.querySelector("[data-offline]").hidden = !isOff;
}

if (form) {
  form.addEventListener("input", (event) => note(event.target, WAIT));
  form.addEventListener("change", (event) => note(event.target, 50));
  window.addEventListener("online", send);
  // Answered before this script arrived, on a slow line.
  for (const input of form.elements) if (isTouched(input)) note(input, WAIT);
}
