// What the field editor shows: the list of fields, the page with its marks, the form of the chosen field.
const { MILLION, AXES, say } = window.CohortFields;
const MARK_TYPES = ["signature", "initials"];

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

class FieldDrawing {
  constructor(editor) {
    this.editor = editor; // the Stimulus controller: its targets, the chosen field, the page's number
    this.facts = editor.facts;
  }

  draw() {
    this.drawList();
    this.drawPage();
    this.drawEdit();
  }

  drawList() {
    const rows = this.facts.fields.map((field) => this.listRow(field));
    this.editor.listTarget.replaceChildren(...rows);
    this.editor.countTarget.textContent = this.facts.fields.length;
    this.editor.emptyTarget.hidden = rows.length > 0;
  }

  listRow(field) {
    const button = make("button", "wc-fieldform__row");
    button.type = "button";
    button.append(this.roleBadge(field), make("span", "wc-fieldform__name", this.facts.nameOf(field)));
    button.append(make("span", "wc-fieldform__meta", say(this.facts.setup.words.short, { number: field.page })));
    if (field === this.editor.chosen) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => this.editor.choose(field));
    const row = make("li", "");
    row.append(button);
    return row;
  }

  roleBadge(field) {
    const place = this.facts.place(field.role);
    const badge = make("span", `wc-fieldform__role wc-role-${this.facts.kind(field.role)}`, place < 0 ? "?" : place + 1);
    badge.title = place < 0 ? this.facts.setup.words.nobody : this.facts.roles[place].name;
    return badge;
  }

  drawPage() {
    const page = this.facts.setup.pages.find((one) => one.number === this.editor.number);
    if (!page || !this.editor.hasImageTarget) return;
    const words = { number: this.editor.number, count: this.facts.setup.pages.length };
    this.editor.pageNameTarget.textContent = say(this.facts.setup.words.page, words);
    if (this.editor.imageTarget.getAttribute("src") !== page.address) {
      this.editor.imageTarget.src = page.address;
      this.editor.imageTarget.width = page.width;
      this.editor.imageTarget.height = page.height;
      this.editor.imageTarget.alt = say(this.facts.setup.words.image, words);
    }
    this.editor.marksTarget.replaceChildren(...this.facts.fields.flatMap((field) => this.marksOf(field)));
  }

  marksOf(field) {
    const cells = (field.options || []).filter((one) => Number.isInteger(one.x));
    const places = cells.length && field.type === "radio" ? cells : [field];
    return places.filter((one) => (one.page || field.page) === this.editor.number).map((one) => this.mark(field, one));
  }

  mark(field, cell) {
    const mark = make("button", `wc-fieldform__mark wc-role-${this.facts.kind(field.role)}`);
    mark.type = "button";
    mark.tabIndex = -1; // the list is the way for the keyboard
    mark.append(make("span", "", `${this.facts.place(field.role) + 1 || "?"} ${this.facts.nameOf(field)}`));
    if (field === this.editor.chosen) mark.classList.add("is-chosen");
    for (const [side, style] of [["x", "left"], ["y", "top"], ["w", "width"], ["h", "height"]]) {
      mark.style[style] = `${cell[side] / (MILLION / 100)}%`;
    }
    mark.addEventListener("click", () => this.editor.choose(field));
    return mark;
  }

  drawEdit() {
    const field = this.editor.chosen;
    this.editor.editTarget.hidden = !field;
    if (!field) return;
    this.editor.titleTarget.textContent = this.facts.nameOf(field);
    this.drawRoles(field);
    for (const input of this.editor.editTarget.querySelectorAll("[data-set]")) this.fill(input, field);
    this.showSettings(field);
    this.drawOptions(field);
  }

  drawRoles(field) {
    const known = this.facts.roles;
    if (!known.some((one) => one.key === field.role)) known.push({ key: field.role, name: this.facts.setup.words.nobody });
    this.editor.rolesTarget.replaceChildren(...known.map((one) => new Option(one.name, one.key)));
  }

  fill(input, field) {
    const name = input.dataset.set;
    const value = field[name];
    if (input.type === "checkbox") input.checked = Boolean(value);
    else if (name === "label" || name === "help") input.value = value?.[this.facts.setup.language] || "";
    else if (name in AXES) input.value = this.facts.toMillimeters(value, name, field.page);
    else input.value = value ?? "";
    if (input.tagName === "SELECT" && input.selectedIndex === -1) input.selectedIndex = 0;
  }

  showSettings(field) {
    const isInput = ![...MARK_TYPES, "static", "date_signed"].includes(field.type);
    for (const part of this.editor.editTarget.querySelectorAll("[data-for]")) {
      const wanted = part.dataset.for.split(" ");
      part.hidden = !(wanted.includes(field.type) || (isInput && wanted.includes("input")));
    }
  }

  drawOptions(field) {
    const rows = (field.options || []).map((option) => {
      const row = this.editor.optionRowTarget.content.firstElementChild.cloneNode(true);
      for (const input of row.querySelectorAll("[data-option]")) {
        const name = input.dataset.option;
        if (name === "label") input.value = option.label?.[this.facts.setup.language] || "";
        else if (name === "value") input.value = option.value;
        else input.value = Number.isInteger(option[name]) ? this.facts.toMillimeters(option[name], name, option.page || field.page) : "";
      }
      row.querySelector("[data-option-place]").hidden = field.type !== "radio";
      return row;
    });
    this.editor.optionsTarget.replaceChildren(...rows);
  }
}

window.CohortFields.FieldDrawing = FieldDrawing;
