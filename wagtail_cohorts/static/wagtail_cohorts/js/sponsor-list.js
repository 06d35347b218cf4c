// The sponsor's lists: find by name while typing, select all shown, and say how many are selected.

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

function choosing(form) {
  const rows = [...form.querySelectorAll("tbody tr")];
  const find = document.querySelector("[data-list-find]");
  const show = document.querySelector("[data-list-show]");
  const all = form.querySelector("[data-list-all]");
  const status = document.querySelector("[data-list-status]");
  const count = document.querySelector("[data-list-count]");
  const box = (row) => row.querySelector('input[name="student"]');

  const tell = () => {
    const shown = rows.filter((row) => !row.hidden);
    const chosen = rows.filter((row) => box(row)?.checked);
    const documents = chosen.reduce((sum, row) => sum + Number(row.dataset.documents), 0);
    const values = { shown: shown.length, selected: chosen.length, documents };
    status.textContent = fill(status.dataset.text, values);
    if (count) count.textContent = fill(count.dataset.text, values);
    if (!all) return;
    const boxes = shown.map(box).filter(Boolean);
    const on = boxes.filter((one) => one.checked).length;
    const input = all.querySelector("input");
    input.checked = on > 0 && on === boxes.length;
    input.indeterminate = on > 0 && on < boxes.length;
  };

  const sift = () => {
    const words = fold(find.value).split(/\s+/);
    for (const row of rows) {
      const name = fold(row.dataset.name);
      row.hidden = !(words.every((word) => name.includes(word)) && (!show.value || row.dataset.state === show.value));
    }
    form.querySelector("[data-list-empty]").hidden = rows.some((row) => !row.hidden);
    tell();
  };

  if (new URLSearchParams(window.location.search).size === 0) {
    document.querySelector("[data-list-go]").hidden = true;
    find.form.addEventListener("submit", (event) => event.preventDefault());
    find.addEventListener("input", sift);
    show.addEventListener("change", sift);
  }
  if (all) {
    all.hidden = false;
    all.querySelector("input").addEventListener("change", (event) => {
      for (const row of rows.filter((one) => !one.hidden)) if (box(row)) box(row).checked = event.target.checked;
      tell();
    });
  }
  form.addEventListener("change", tell);
  window.addEventListener("pageshow", tell);
  tell();
}

function names(list) {
  const find = document.querySelector("[data-names-find]");
  find.closest("[data-list-find-box]").hidden = false;
  find.addEventListener("input", () => {
    const words = fold(find.value).split(/\s+/);
    for (const item of list.children) item.hidden = !words.every((word) => fold(item.textContent).includes(word));
  });
  list.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
}

const form = document.querySelector("form#choose");
if (form && document.querySelector("[data-list-find]")) choosing(form);
const list = document.querySelector("[data-names]");
if (list) names(list);
