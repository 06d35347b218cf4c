// Drawing a signature: pointer strokes on a canvas become a PNG in a hidden field. Without this script, typing is there.

const INK = "#1d3a8f";
const WIDTH = 2.4;

class Pad {
  constructor(canvas, field) {
    this.canvas = canvas;
    this.field = field;
    this.strokes = [];
    this.scale = Math.max(2, window.devicePixelRatio || 1);
    canvas.addEventListener("pointerdown", (event) => this.begin(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => this.end());
    new ResizeObserver(() => this.resize()).observe(canvas);
    if (field.value) this.showBefore(field.value);
  }

  // What was drawn before the page came back with a question: it stays until the first new stroke or Clear.
  showBefore(url) {
    const image = new Image();
    image.onload = () => {
      if (!this.strokes.length) this.before = image;
      this.draw();
    };
    image.src = url;
  }

  begin(event) {
    this.before = null;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.stroke = [this.at(event)];
    this.strokes.push(this.stroke);
    this.draw();
  }

  move(event) {
    if (!this.stroke) return;
    const moves = event.getCoalescedEvents?.() ?? [];
    for (const one of moves.length ? moves : [event]) this.stroke.push(this.at(one));
    this.draw();
  }

  end() {
    if (!this.stroke) return;
    this.stroke = null;
    this.keep();
  }

  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  clear() {
    this.before = null;
    this.strokes = [];
    this.draw();
    this.keep();
  }

  resize() {
    const { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth) return;
    this.canvas.width = Math.round(clientWidth * this.scale);
    this.canvas.height = Math.round(clientHeight * this.scale);
    this.draw();
  }

  draw() {
    const pen = this.canvas.getContext("2d");
    pen.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    Object.assign(pen, { strokeStyle: INK, fillStyle: INK, lineWidth: WIDTH, lineCap: "round", lineJoin: "round" });
    if (this.before) {
      const { clientWidth: width, clientHeight: height } = this.canvas;
      const share = Math.min(width / this.before.width, height / this.before.height);
      pen.drawImage(this.before, 0, 0, this.before.width * share, this.before.height * share);
    }
    for (const points of this.strokes) this.line(pen, points);
  }

  line(pen, points) {
    pen.beginPath();
    if (points.length < 3) {
      pen.arc(points[0][0], points[0][1], WIDTH / 1.6, 0, 7);
      pen.fill();
      return;
    }
    pen.moveTo(...points[0]);
    for (let i = 1; i < points.length - 1; i++) {
      const [x, y] = points[i];
      pen.quadraticCurveTo(x, y, (x + points[i + 1][0]) / 2, (y + points[i + 1][1]) / 2);
    }
    pen.stroke();
  }

  keep() {
    this.field.value = this.strokes.length ? this.canvas.toDataURL("image/png") : "";
  }
}

function offerDrawing(form) {
  for (const part of form.querySelectorAll("[data-draw]")) part.hidden = false;
  const draw = form.querySelector("input[data-draw]");
  const typed = form.querySelector('input[name="method"][value="type"]');
  const isTyped = "chosen" in typed.dataset || form.querySelector('[aria-invalid="true"]');
  if (isTyped && !("chosen" in draw.dataset)) typed.checked = true;
  else draw.checked = true;
}

for (const form of document.querySelectorAll("form[data-pads]")) {
  const pads = {};
  for (const canvas of form.querySelectorAll("canvas[data-pad]")) {
    const name = canvas.dataset.pad;
    pads[name] = new Pad(canvas, form.querySelector(`[data-for="${name}"]`));
  }
  for (const button of form.querySelectorAll("[data-clear]")) {
    button.addEventListener("click", () => pads[button.dataset.clear]?.clear());
  }
  const look = form.querySelector("[data-typed-look]");
  form.querySelector("[data-typed]")?.addEventListener("input", (event) => {
    look.textContent = event.target.value;
  });
  offerDrawing(form);
}
