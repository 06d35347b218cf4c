// A second press while the first is on its way does nothing, and the button says what goes on.

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    const button = form.querySelector("button.btn:not(.text)");
    button.setAttribute("aria-disabled", "true");
    button.setAttribute("aria-live", "polite");
    button.textContent = `${form.dataset.once} …`;
  });
}

window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});
