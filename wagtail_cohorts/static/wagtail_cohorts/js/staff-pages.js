/* Staff pages: keys of the verification queue, zoom, progress of background work, copying a link.
   Everything works without this file; it saves presses and reloads. */
const { Controller } = window.StimulusModule;
const application = window.wagtail.app;

const isTyping = (target) =>
  target instanceof Element && target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

/** Presses the element that names the key in data-wc-key, and zooms the page image. */
class KeysController extends Controller {
  static targets = ["page", "zoom"];

  connect() {
    this.width = 100;
    this.onKey = (event) => this.press(event);
    document.addEventListener("keydown", this.onKey);
  }

  disconnect() {
    document.removeEventListener("keydown", this.onKey);
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "+" || event.key === "=") return this.zoomBy(20);
    if (event.key === "-") return this.zoomBy(-20);
    const wanted = this.element.querySelector(`[data-wc-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!wanted) return;
    event.preventDefault();
    const fold = wanted.closest("details");
    if (fold) fold.open = true;
    wanted.focus();
    wanted.click();
  }

  larger() { this.zoomBy(20); }

  smaller() { this.zoomBy(-20); }

  zoomBy(step) {
    this.width = Math.min(300, Math.max(40, this.width + step));
    this.pageTargets.forEach((page) => { page.style.maxWidth = "none"; page.style.width = `${this.width}%`; });
    this.zoomTargets.forEach((label) => { label.textContent = `${this.width}%`; });
  }

  /** "Send back" without a reason leads to the reasons instead of sending. */
  ask(event) {
    const form = event.target.form;
    const reasons = this.element.querySelector("#wc-reasons");
    const given = form.querySelector("[name=reason]:checked") || form.querySelector("[name=message]").value.trim();
    if (given || !reasons) return;
    event.preventDefault();
    reasons.open = true;
    reasons.querySelector("input, textarea").focus();
  }
}

/** Asks for progress as JSON and reloads once, at the end. */
class ProgressController extends Controller {
  static values = { url: String, every: { type: Number, default: 1500 } };

  static targets = ["bar", "count", "failed"];

  connect() {
    this.timer = window.setInterval(() => this.ask(), this.everyValue);
  }

  disconnect() {
    window.clearInterval(this.timer);
  }

  async ask() {
    let found;
    try {
      const response = await fetch(this.urlValue, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!response.ok) return;
      found = await response.json();
    } catch {
      return;
    }
    this.barTargets.forEach((bar) => { bar.value = found.prepared + found.failed; });
    this.countTargets.forEach((place) => { place.textContent = found.prepared; });
    this.failedTargets.forEach((place) => { place.textContent = found.failed; });
    if (!found.open) {
      window.clearInterval(this.timer);
      window.location.reload();
    }
  }
}

/** Copies the address in its field. */
class CopyController extends Controller {
  static targets = ["source", "said"];

  async copy() {
    this.sourceTarget.select();
    try {
      await navigator.clipboard.writeText(this.sourceTarget.value);
    } catch {
      document.execCommand("copy");
    }
    this.saidTarget.hidden = false;
  }
}

application.register("wc-keys", KeysController);
application.register("wc-progress", ProgressController);
application.register("wc-copy", CopyController);
