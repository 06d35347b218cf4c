// The sign page: the preview comes in place, and a second press of the button does nothing.

const form = document.querySelector("form[data-preview]");
const here = form.querySelector("[data-preview-here]");
const go = form.querySelector("[data-preview-go]");

function place(root) {
  for (const mark of root.querySelectorAll("[data-place]")) mark.style.cssText = mark.dataset.place;
}

async function show() {
  go.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
    if (!answer.ok && answer.status !== 422) throw new Error(answer.statusText);
    here.innerHTML = await answer.text();
    place(here);
  } catch {
    form.requestSubmit(go);
  } finally {
    go.removeAttribute("aria-busy");
  }
}

let isSent = false;
form.addEventListener("submit", (event) => {
  if (event.submitter === go && !go.dataset.plain) {
    event.preventDefault();
    go.dataset.plain = "next";
    show().finally(() => delete go.dataset.plain);
  } else if (isSent) {
    event.preventDefault();
  } else if (event.submitter !== go) {
    isSent = true;
  }
});
window.addEventListener("pageshow", () => (isSent = false));
