// A list of rows in a form: adds, removes and moves rows. Without this script, blank rows stand at the end.
const { Controller } = window.StimulusModule;

class RowsController extends Controller {
  static targets = ["list", "row", "blank", "add", "tools"];

  connect() {
    this.addTarget.hidden = false;
  }

  toolsTargetConnected(tools) {
    tools.hidden = false;
  }

  add() {
    const row = this.blankTarget.content.firstElementChild.cloneNode(true);
    this.listTarget.append(row);
    row.querySelector("input, select").focus();
    this.changed();
  }

  remove(event) {
    const row = event.currentTarget.closest("li");
    const next = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    (next ? next.querySelector("input, select") : this.addTarget).focus();
    this.changed();
  }

  up(event) {
    const row = event.currentTarget.closest("li");
    if (row.previousElementSibling) row.previousElementSibling.before(row);
    event.currentTarget.focus();
    this.changed();
  }

  down(event) {
    const row = event.currentTarget.closest("li");
    if (row.nextElementSibling) row.nextElementSibling.after(row);
    event.currentTarget.focus();
    this.changed();
  }

  // Autosave and the warning about unsaved changes listen for these.
  changed() {
    const target = this.listTarget.querySelector("input, select") || this.element;
    target.dispatchEvent(new Event("input", { bubbles: true }));
    target.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

window.wagtail.app.register("wc-rows", RowsController);
