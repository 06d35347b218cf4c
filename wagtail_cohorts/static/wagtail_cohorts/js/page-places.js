// While an answer has the focus, its place on the page is lit: beside the form on a computer, in the lens on a phone.

function light(group, key) {
  group.classList.toggle("has-focus", Boolean(key));
  for (const place of group.querySelectorAll("[data-place]")) {
    place.classList.toggle("on", place.dataset.place === key);
  }
  for (const question of group.querySelectorAll("[data-question]")) {
    question.classList.toggle("lit", question.dataset.question === key);
  }
  const lens = group.querySelector("[data-lens]");
  const target = lens && key && lens.querySelector(`[data-place="${CSS.escape(key)}"]`);
  if (target) aim(lens, target);
}

function aim(lens, target) {
  const [, , wide, high] = lens.getAttribute("viewBox").split(" ").map(Number);
  const [x, y, w, h] = ["x", "y", "width", "height"].map((name) => Number(target.getAttribute(name)));
  const picture = lens.querySelector("image");
  const within = (value, most) => Math.min(Math.max(0, value), Math.max(0, most));
  const left = within(x + Math.min(w, wide) / 2 - wide / 2, picture.getAttribute("width") - wide);
  const top = within(y + h / 2 - high / 2, picture.getAttribute("height") - high);
  lens.setAttribute("viewBox", `${left} ${top} ${wide} ${high}`);
}

function follow(group, element) {
  const question = element?.closest("[data-question]");
  if (question) light(group, question.dataset.question);
}

for (const group of document.querySelectorAll("[data-group]")) {
  group.addEventListener("focusin", (event) => follow(group, event.target));
  follow(group, group.querySelector(":focus")); // chosen before this script arrived
}
