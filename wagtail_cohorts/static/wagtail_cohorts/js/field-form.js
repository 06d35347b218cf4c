// The field editor of an agreement template: a list, the page with its marks, and a form for the chosen field.
// The truth is the JSON in the text area; every change is written there and announced, so that autosave takes part.
const { Controller } = window.StimulusModule;

const MILLION = 1000000;
const MM_PER_POINT = 25.4 / 72;
const A4 = { width: 595, height: 842 };
const AXES = { x: "width", w: "width", y: "height", h: "height" };
const NUMBERS = ["page", "cells", "max_length", "font_size"];
const EMPTY_IS_NULL = ["cells", "max_length", "font_size", "pattern", "min", "max"];
const MARK_TYPES = ["signature", "initials"];

const newUuid = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};
const keyFrom = (text) =>
  text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "").slice(0, 60) || "field";
const say = (pattern, words) => pattern.replace(/\{(\w+)\}/g, (whole, name) => words[name] ?? whole);
const make = (tag, className, text) => {
  const element = document.createElement(tag);
  element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

class FieldFormController extends Controller {
  static targets = [
    "source", "app", "list", "count", "empty", "page", "image", "marks", "pageName", "edit", "title", "roles",
    "options", "optionRow", "said",
  ];

  connect() {
    this.setup = JSON.parse(this.element.querySelector("#wc-field-form-setup").textContent);
    this.textarea = this.sourceTarget.querySelector("textarea");
    try {
      this.fields = JSON.parse(this.textarea.value || "[]");
    } catch {
      return; // not JSON: leave the text area to the person who wrote it
    }
    if (!Array.isArray(this.fields)) return;
    this.sourceTarget.hidden = true;
    this.appTarget.hidden = false;
    this.chosen = null;
    this.number = 1;
    this.editTarget.addEventListener("input", (event) => this.edited(event));
    this.editTarget.addEventListener("change", (event) => event.stopPropagation());
    this.form = this.element.closest("form");
    this.reloadAfterUpload();
    this.draw();
  }

  // ---- facts

  sizeOf(page) {
    return this.setup.pages.find((one) => one.number === page) || A4;
  }

  toMillimeters(value, axis, page) {
    return Math.round((value / MILLION) * this.sizeOf(page)[AXES[axis]] * MM_PER_POINT * 10) / 10;
  }

  fromMillimeters(value, axis, page) {
    return Math.round((Number(value) / (this.sizeOf(page)[AXES[axis]] * MM_PER_POINT)) * MILLION);
  }

  get roles() {
    const read = (column) => Array.from(this.form.querySelectorAll(`[name="roles-${column}"]`), (one) => one.value);
    const [keys, kinds, names] = ["key", "kind", "name"].map(read);
    return keys.map((key, place) => ({ key: key || kinds[place], kind: kinds[place], name: names[place] || key }));
  }

  place(role) {
    return this.roles.findIndex((one) => one.key === role);
  }

  kind(role) {
    return this.roles.find((one) => one.key === role)?.kind || "none";
  }

  nameOf(field) {
    return field.label?.[this.setup.language] || Object.values(field.label || {}).find(Boolean) || field.key;
  }

  freeKey(wanted, besides) {
    const taken = new Set(this.fields.filter((one) => one !== besides).map((one) => one.key));
    let key = wanted;
    for (let n = 2; taken.has(key); n += 1) key = `${wanted}_${n}`;
    return key;
  }

  // ---- drawing

  draw() {
    this.drawList();
    this.drawPage();
    this.drawEdit();
  }

  drawList() {
    const rows = this.fields.map((field) => this.listRow(field));
    this.listTarget.replaceChildren(...rows);
    this.countTarget.textContent = this.fields.length;
    this.emptyTarget.hidden = rows.length > 0;
  }

  listRow(field) {
    const button = make("button", "wc-fieldform__row");
    button.type = "button";
    button.append(this.roleBadge(field), make("span", "wc-fieldform__name", this.nameOf(field)));
    button.append(make("span", "wc-fieldform__meta", say(this.setup.words.short, { number: field.page })));
    if (field === this.chosen) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => this.choose(field));
    const row = make("li", "");
    row.append(button);
    return row;
  }

  roleBadge(field) {
    const place = this.place(field.role);
    const badge = make("span", `wc-fieldform__role wc-role-${this.kind(field.role)}`, place < 0 ? "?" : place + 1);
    badge.title = place < 0 ? this.setup.words.nobody : this.roles[place].name;
    return badge;
  }

  drawPage() {
    const page = this.setup.pages.find((one) => one.number === this.number);
    if (!page || !this.hasImageTarget) return;
    const words = { number: this.number, count: this.setup.pages.length };
    this.pageNameTarget.textContent = say(this.setup.words.page, words);
    if (this.imageTarget.getAttribute("src") !== page.address) {
      this.imageTarget.src = page.address;
      this.imageTarget.width = page.width;
      this.imageTarget.height = page.height;
      this.imageTarget.alt = say(this.setup.words.image, words);
    }
    this.marksTarget.replaceChildren(...this.fields.flatMap((field) => this.marksOf(field)));
  }

  marksOf(field) {
    const cells = (field.options || []).filter((one) => Number.isInteger(one.x));
    const places = cells.length && field.type === "radio" ? cells : [field];
    return places.filter((one) => (one.page || field.page) === this.number).map((one) => this.mark(field, one));
  }

  mark(field, cell) {
    const mark = make("button", `wc-fieldform__mark wc-role-${this.kind(field.role)}`);
    mark.type = "button";
    mark.tabIndex = -1; // the list is the way for the keyboard
    mark.append(make("span", "", `${this.place(field.role) + 1 || "?"} ${this.nameOf(field)}`));
    if (field === this.chosen) mark.classList.add("is-chosen");
    for (const [side, style] of [["x", "left"], ["y", "top"], ["w", "width"], ["h", "height"]]) {
      mark.style[style] = `${cell[side] / (MILLION / 100)}%`;
    }
    mark.addEventListener("click", () => this.choose(field));
    return mark;
  }

  drawEdit() {
    const field = this.chosen;
    this.editTarget.hidden = !field;
    if (!field) return;
    this.titleTarget.textContent = this.nameOf(field);
    this.drawRoles(field);
    for (const input of this.editTarget.querySelectorAll("[data-set]")) this.fill(input, field);
    this.showSettings(field);
    this.drawOptions(field);
  }

  drawRoles(field) {
    const known = this.roles;
    if (!known.some((one) => one.key === field.role)) known.push({ key: field.role, name: this.setup.words.nobody });
    this.rolesTarget.replaceChildren(...known.map((one) => new Option(one.name, one.key)));
  }

  fill(input, field) {
    const name = input.dataset.set;
    const value = field[name];
    if (input.type === "checkbox") input.checked = Boolean(value);
    else if (name === "label" || name === "help") input.value = value?.[this.setup.language] || "";
    else if (name in AXES) input.value = this.toMillimeters(value, name, field.page);
    else input.value = value ?? "";
  }

  showSettings(field) {
    const isInput = ![...MARK_TYPES, "static", "date_signed"].includes(field.type);
    for (const part of this.editTarget.querySelectorAll("[data-for]")) {
      const wanted = part.dataset.for.split(" ");
      part.hidden = !(wanted.includes(field.type) || (isInput && wanted.includes("input")));
    }
  }

  drawOptions(field) {
    const rows = (field.options || []).map((option) => {
      const row = this.optionRowTarget.content.firstElementChild.cloneNode(true);
      for (const input of row.querySelectorAll("[data-option]")) {
        const name = input.dataset.option;
        if (name === "label") input.value = option.label?.[this.setup.language] || "";
        else if (name === "value") input.value = option.value;
        else input.value = Number.isInteger(option[name]) ? this.toMillimeters(option[name], name, option.page || field.page) : "";
      }
      row.querySelector("[data-option-place]").hidden = field.type !== "radio";
      return row;
    });
    this.optionsTarget.replaceChildren(...rows);
  }

  // ---- changing

  choose(field) {
    this.chosen = field;
    this.number = field.page;
    this.draw();
    this.titleTarget.focus({ preventScroll: false });
  }

  edited(event) {
    event.stopPropagation();
    const input = event.target;
    if (input.dataset.option) this.setOption(input);
    else if (input.dataset.set) this.set(this.chosen, input);
    this.titleTarget.textContent = this.nameOf(this.chosen);
    this.drawList();
    this.drawPage();
    this.write();
  }

  set(field, input) {
    const name = input.dataset.set;
    if (input.type === "checkbox") field[name] = input.checked;
    else if (name === "label") this.setLabel(field, input.value);
    else if (name === "help") field.help = { ...field.help, [this.setup.language]: input.value };
    else if (name in AXES) field[name] = this.fromMillimeters(input.value, name, field.page);
    else if (input.value === "" && EMPTY_IS_NULL.includes(name)) field[name] = null;
    else if (NUMBERS.includes(name)) field[name] = Math.round(Number(input.value)) || 1;
    else field[name] = input.value;
    if (name === "type") this.typeChanged(field);
    if (name === "page") this.number = field.page;
  }

  setLabel(field, text) {
    const derived = field.key === this.freeKey(keyFrom(this.nameOf(field)), field);
    field.label = { ...field.label, [this.setup.language]: text };
    if (!derived) return;
    field.key = this.freeKey(keyFrom(text), field);
    this.editTarget.querySelector('[data-set="key"]').value = field.key;
  }

  typeChanged(field) {
    if (!["radio", "select"].includes(field.type)) field.options = [];
    if (field.type === "comb" && !field.cells) field.cells = 10;
    if (["radio", "select"].includes(field.type) && !field.options?.length) field.options = [this.newOption(field)];
    if (!["number", "date", "date_signed"].includes(field.type)) field.min = field.max = null;
    this.drawEdit();
  }

  add() {
    const size = this.sizeOf(this.number);
    const role = this.chosen?.role || this.roles[0]?.key || "student";
    const field = {
      uuid: newUuid(), key: this.freeKey("new_field"), role, type: "text", page: this.number,
      x: 100000, y: this.freeHeight(), w: 300000, h: Math.round((6 / (size.height * MM_PER_POINT)) * MILLION),
      label: { [this.setup.language]: this.setup.words.new }, help: {}, required: false, read_only: false,
      default: "", options: [],
    };
    this.insert(field, this.setup.words.added);
    this.editTarget.querySelector('[data-set="label"]').select();
  }

  // Below the lowest field of the page, so that a new one does not hide another.
  freeHeight() {
    const lowest = Math.max(60000, ...this.fields.filter((one) => one.page === this.number).map((one) => one.y + one.h));
    return Math.min(lowest + 10000, 940000);
  }

  duplicate() {
    const copy = structuredClone(this.chosen);
    copy.uuid = newUuid();
    copy.label = { ...copy.label, [this.setup.language]: say(this.setup.words.copy, { name: this.nameOf(copy) }) };
    copy.key = this.freeKey(keyFrom(this.nameOf(copy)));
    copy.y = Math.min(copy.y + copy.h, MILLION - copy.h);
    this.insert(copy, this.setup.words.added);
  }

  insert(field, pattern) {
    const place = this.chosen ? this.fields.indexOf(this.chosen) + 1 : this.fields.length;
    this.fields.splice(place, 0, field);
    this.choose(field);
    this.saidTarget.textContent = say(pattern, { name: this.nameOf(field) });
    this.write();
  }

  remove() {
    const place = this.fields.indexOf(this.chosen);
    this.saidTarget.textContent = say(this.setup.words.removed, { name: this.nameOf(this.chosen) });
    this.fields.splice(place, 1);
    const next = this.fields[Math.min(place, this.fields.length - 1)] || null;
    this.chosen = null;
    this.draw();
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
    const place = this.fields.indexOf(this.chosen);
    const target = place + step;
    if (target < 0 || target >= this.fields.length) return;
    this.fields.splice(place, 1);
    this.fields.splice(target, 0, this.chosen);
    this.drawList();
    this.saidTarget.textContent = say(this.setup.words.moved, { name: this.nameOf(this.chosen), place: target + 1 });
    this.write();
  }

  newOption(field) {
    const number = (field.options?.length || 0) + 1;
    return { value: `option_${number}`, label: { [this.setup.language]: `${this.setup.words.option} ${number}` } };
  }

  addOption() {
    this.chosen.options = [...(this.chosen.options || []), this.newOption(this.chosen)];
    this.drawOptions(this.chosen);
    this.optionsTarget.lastElementChild.querySelector("input").select();
    this.write();
  }

  removeOption(event) {
    this.chosen.options.splice(this.optionPlace(event.currentTarget), 1);
    this.drawOptions(this.chosen);
    this.drawPage();
    this.write();
  }

  optionPlace(element) {
    return Array.from(this.optionsTarget.children).indexOf(element.closest("li"));
  }

  setOption(input) {
    const option = this.chosen.options[this.optionPlace(input)];
    const name = input.dataset.option;
    if (name === "label") option.label = { ...option.label, [this.setup.language]: input.value };
    else if (name === "value") option.value = input.value;
    else this.setCell(option, input.closest("li"));
  }

  // A cell of its own counts only when it is whole.
  setCell(option, row) {
    const page = option.page || this.chosen.page;
    const typed = Array.from(row.querySelectorAll("[data-option-place] input"));
    const isWhole = typed.every((one) => one.value !== "");
    for (const one of typed) {
      if (isWhole) option[one.dataset.option] = this.fromMillimeters(one.value, one.dataset.option, page);
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
    this.number = Math.min(Math.max(this.number + step, 1), this.setup.pages.length);
    this.drawPage();
  }

  // ---- saving

  write() {
    this.textarea.value = JSON.stringify(this.fields);
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
