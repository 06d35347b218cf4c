// Progress of a signing: the page's own numbers once a second, until it has ended.

const box = document.querySelector("[data-progress]");
const count = box.querySelector("[data-progress-count]");
const bar = box.querySelector("[data-progress-bar]");
const parts = box.querySelector("[data-progress-parts]");
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

async function look() {
  try {
    const answer = await fetch(window.location.href, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const now = await answer.json();
    count.textContent = fill(count.dataset.text, now);
    parts.textContent = fill(parts.dataset.text, now);
    bar.max = now.total || 1;
    bar.value = now.prepared + now.failed;
    if (!now.is_running) return window.location.replace(now.is_signed ? now.receipt : window.location.href);
  } catch {
    parts.textContent = box.dataset.stopped;
  }
  setTimeout(look, document.hidden ? 5000 : 1000);
}

setTimeout(look, 600);
