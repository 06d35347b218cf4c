// The field editor of an agreement template: a list, the page with its marks, and a form for the chosen field.
// The truth is the JSON in the text area; every change is written there and announced, so that autosave takes part.
const { Controller } = window.StimulusModule;
const { MILLION, MM_PER_POINT, AXES, newUuid, keyFrom, say, FieldFacts, FieldDrawing } = window.CohortFields;
const NUMBERS = ["page", "cells", "max_length", "font_size"];
const EMPTY_IS_NULL = ["cells", "max_length", "font_size", "pattern", "min", "max"];

class FieldFormController extends Controller {
  static targets = [
    "source", "app", "list", "count", "empty", "page", "image", "marks", "pageName", "edit", "title", "roles",
    "options", "optionRow", "said",
  ];

  connect() {
    this.form = this.element.closest("form");
    this.facts = new FieldFacts(JSON.parse(this.element.querySelector("#wc-field-form-setup").textContent), this.form);
    this.drawing = new FieldDrawing(this);
    this.textarea = this.sourceTarget.querySelector("textarea");
    try {
      this.facts.fields = JSON.parse(this.textarea.value || "[]");
    } catch {
      return; // not JSON: leave the text area to the person who wrote it
    }
    if (!Array.isArray(this.facts.fields)) return;
    this.sourceTarget.hidden = true;
    this.appTarget.hidden = false;
    this.chosen = null;
    this.number = 1;
    this.editTarget.addEventListener("input", (event) => this.edited(event));
    this.editTarget.addEventListener("change", (event) => event.stopPropagation());
    this.reloadAfterUpload();
    this.drawing.draw();
  }

  // ---- changing

  choose(field) {
    this.chosen = field;
    this.number = field.page;
    this.drawing.draw();
    this.titleTarget.focus({ preventScroll: false });
  }

  edited(event) {
    event.stopPropagation();
    const input = event.target;
    if (input.dataset.option) this.setOption(input);
    else if (input.dataset.set) this.set(this.chosen, input);
    this.titleTarget.textContent = this.facts.nameOf(this.chosen);
    this.drawing.drawList();
    this.drawing.drawPage();
    this.write();
  }

  set(field, input) {
    const name = input.dataset.set;
    if (input.type === "checkbox") field[name] = input.checked;
    else if (name === "label") this.setLabel(field, input.value);
    else if (name === "help") field.help = { ...field.help, [this.facts.setup.language]: input.value };
    else if (name in AXES) field[name] = this.facts.fromMillimeters(input.value, name, field.page);
    else if (input.value === "" && EMPTY_IS_NULL.includes(name)) field[name] = null;
    else if (NUMBERS.includes(name)) field[name] = Math.round(Number(input.value)) || 1;
    else field[name] = input.value;
    if (name === "type") this.typeChanged(field);
    if (name === "page") this.number = field.page;
  }

  setLabel(field, text) {
    const derived = field.key === this.facts.freeKey(keyFrom(this.facts.nameOf(field)), field);
    field.label = { ...field.label, [this.facts.setup.language]: text };
    if (!derived) return;
    field.key = this.facts.freeKey(keyFrom(text), field);
    this.editTarget.querySelector('[data-set="key"]').value = field.key;
  }

  typeChanged(field) {
    if (!["radio", "select"].includes(field.type)) field.options = [];
    if (field.type === "comb" && !field.cells) field.cells = 10;
    if (["radio", "select"].includes(field.type) && !field.options?.length) field.options = [this.newOption(field)];
    if (!["number", "date", "date_signed"].includes(field.type)) field.min = field.max = null;
    this.drawing.drawEdit();
  }

  add() {
    const size = this.facts.sizeOf(this.number);
    const role = this.chosen?.role || this.facts.roles[0]?.key || "student";
    const field = {
      uuid: newUuid(), key: this.facts.freeKey("new_field"), role, type: "text", page: this.number,
      x: 100000, y: this.facts.freeHeight(this.number), w: 300000, h: Math.round((6 / (size.height * MM_PER_POINT)) * MILLION),
      label: { [this.facts.setup.language]: this.facts.setup.words.new }, help: {}, required: false, read_only: false,
      default: "", options: [],
    };
    this.insert(field, this.facts.setup.words.added);
    this.editTarget.querySelector('[data-set="label"]').select();
  }

  duplicate() {
    const copy = structuredClone(this.chosen);
    copy.uuid = newUuid();
    copy.label = { ...copy.label, [this.facts.setup.language]: say(this.facts.setup.words.copy, { name: this.facts.nameOf(copy) }) };
    copy.key = this.facts.freeKey(keyFrom(this.facts.nameOf(copy)));
    copy.y = Math.min(copy.y + copy.h, MILLION - copy.h);
    this.insert(copy, this.facts.setup.words.added);
  }

  insert(field, pattern) {
    const place = this.chosen ? this.facts.fields.indexOf(this.chosen) + 1 : this.facts.fields.length;
    this.facts.fields.splice(place, 0, field);
    this.choose(field);
    this.saidTarget.textContent = say(pattern, { name: this.facts.nameOf(field) });
    this.write();
  }

  remove() {
    const place = this.facts.fields.indexOf(this.chosen);
    this.saidTarget.textContent = say(this.facts.setup.words.removed, { name: this.facts.nameOf(this.chosen) });
    this.facts.fields.splice(place, 1);
    const next = this.facts.fields[Math.min(place, this.facts.fields.length - 1)] || null;
    this.chosen = null;
    this.drawing.draw();
    this.write();
    if (next) this.choose(next);
    else this.element.querySelector('[data-action="wc-field-form#add"]').focus();
  }

  earlier() {
    this.move(-1);
  }

  later() {
    this.move(1);
  }

  move(step) {
    const place = this.facts.fields.indexOf(this.chosen);
    const target = place + step;
    if (target < 0 || target >= this.facts.fields.length) return;
    this.facts.fields.splice(place, 1);
    this.facts.fields.splice(target, 0, this.chosen);
    this.drawing.drawList();
    this.saidTarget.textContent = say(this.facts.setup.words.moved, { name: this.facts.nameOf(this.chosen), place: target + 1 });
    this.write();
  }

  newOption(field) {
    const number = (field.options?.length || 0) + 1;
    return { value: `option_${number}`, label: { [this.facts.setup.language]: `${this.facts.setup.words.option} ${number}` } };
  }

  addOption() {
    this.chosen.options = [...(this.chosen.options || []), this.newOption(this.chosen)];
    this.drawing.drawOptions(this.chosen);
    this.optionsTarget.lastElementChild.querySelector("input").select();
    this.write();
  }

  removeOption(event) {
    this.chosen.options.splice(this.optionPlace(event.currentTarget), 1);
    this.drawing.drawOptions(this.chosen);
    this.drawing.drawPage();
    this.write();
  }

  optionPlace(element) {
    return Array.from(this.optionsTarget.children).indexOf(element.closest("li"));
  }

  setOption(input) {
    const option = this.chosen.options[this.optionPlace(input)];
    const name = input.dataset.option;
    if (name === "label") option.label = { ...option.label, [this.facts.setup.language]: input.value };
    else if (name === "value") option.value = input.value;
    else this.setCell(option, input.closest("li"));
  }

  // A cell of its own counts only when it is whole.
  setCell(option, row) {
    const page = option.page || this.chosen.page;
    const typed = Array.from(row.querySelectorAll("[data-option-place] input"));
    const isWhole = typed.every((one) => one.value !== "");
    for (const one of typed) {
      if (isWhole) option[one.dataset.option] = this.facts.fromMillimeters(one.value, one.dataset.option, page);
      else delete option[one.dataset.option];
    }
    if (isWhole) option.page = page;
    else delete option.page;
  }

  // ---- pages

  previousPage() {
    this.turn(-1);
  }

  nextPage() {
    this.turn(1);
  }

  turn(step) {
    this.number = Math.min(Math.max(this.number + step, 1), this.facts.setup.pages.length);
    this.drawing.drawPage();
  }

  // ---- saving

  write() {
    this.textarea.value = JSON.stringify(this.facts.fields);
    this.textarea.dispatchEvent(new Event("input", { bubbles: true }));
    this.textarea.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // Autosave has taken a new PDF: show its pages, and do not send the file again and again.
  reloadAfterUpload() {
    const file = this.form.querySelector('input[type="file"][name="pdf"]');
    if (!file) return;
    this.form.addEventListener("w-autosave:success", () => {
      if (file.files.length) window.location.reload();
    });
  }
}

window.wagtail.app.register("wc-field-form", FieldFormController);
