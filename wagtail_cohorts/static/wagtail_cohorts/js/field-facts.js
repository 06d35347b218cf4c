// What is known of a template's fields: sizes of pages, roles, names and free keys. Shared by the field editor's scripts.
const MILLION = 1000000;
const MM_PER_POINT = 25.4 / 72;
const A4 = { width: 595, height: 842 };
const AXES = { x: "width", w: "width", y: "height", h: "height" };

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

class FieldFacts {
  constructor(setup, form) {
    this.setup = setup;
    this.form = form;
    this.fields = [];
  }

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

  // Below the lowest field of the page, so that a new one does not hide another.
  freeHeight(page) {
    const lowest = Math.max(60000, ...this.fields.filter((one) => one.page === page).map((one) => one.y + one.h));
    return Math.min(lowest + 10000, 940000);
  }
}

window.CohortFields = { MILLION, MM_PER_POINT, AXES, newUuid, keyFrom, say, FieldFacts };
