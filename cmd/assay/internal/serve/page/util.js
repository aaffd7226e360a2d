// What the scenes share: making elements, colours of phases, numbers as texts.
export const phases = ["clean", "armed", "infecting", "infected_running", "dormant", "failed"];
const letters = {clean: "C", armed: "A", infecting: "I", infected_running: "R", dormant: "D", failed: "F"};

export const $ = (id) => document.getElementById(id);
export const letter = (phase) => letters[phase] ?? (phase ? phase[0].toUpperCase() : "");

// h makes an element. Texts from events only ever become text nodes.
export function h(tag, attrs, ...children) { return fill(document.createElement(tag), attrs, children); }

// s makes an element of SVG.
export function s(tag, attrs, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attrs, children);
}

function fill(el, attrs, children) {
  for (const [k, v] of Object.entries(attrs ?? {})) if (v !== undefined && v !== null) el.setAttribute(k, v);
  el.append(...children.filter((c) => c !== null && c !== undefined));
  return el;
}

// shade returns the colour of a phase as the theme has it.
export function shade(phase) {
  return css(phases.includes(phase) ? "--" + phase : "--other");
}

const colours = new Map();
export function css(name) {
  if (!colours.has(name)) colours.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  return colours.get(name);
}

// font returns the family of the page's texts, for a canvas.
export function font() {
  if (!colours.has("font")) colours.set("font", getComputedStyle(document.body).fontFamily);
  return colours.get("font");
}

// forget forgets what was asked of the style sheet, which is slow to ask in each drawing.
export function forget() { colours.clear(); factor = 0; }

// scale returns how much larger than on a usual screen texts are, as on a projector.
export const scale = () => factor ||= parseFloat(getComputedStyle(document.documentElement).fontSize) / 15;
let factor = 0;

// short writes a number with about three digits.
export function short(v) {
  if (v === null || v === undefined) return "–";
  const a = Math.abs(v);
  if (a >= 1e9) return (v / 1e9).toPrecision(3) + " G";
  if (a >= 1e6) return (v / 1e6).toPrecision(3) + " M";
  if (a >= 1e4) return (v / 1e3).toPrecision(3) + " k";
  if (a >= 100 || Number.isInteger(v)) return String(Math.round(v));
  return String(+v.toPrecision(3));
}

// micro writes microseconds.
export function micro(us) {
  if (us >= 1e6) return +(us / 1e6).toPrecision(3) + " s";
  if (us >= 1e3) return +(us / 1e3).toPrecision(3) + " ms";
  return +us.toPrecision(3) + " µs";
}

// choices puts options into a select and keeps what is chosen. It returns the value.
export function choices(select, list, preferred) {
  const now = list.map(([v, t]) => v + "\n" + t).join("\n\n");
  if (select.dataset.now !== now) {
    const old = select.dataset.now === undefined ? preferred : select.value;
    select.replaceChildren(...list.map(([value, text]) => h("option", {value}, text)));
    select.dataset.now = now;
    if (list.some(([v]) => v === old)) select.value = old;
  }
  return select.value;
}

// none marks a scene that has nothing to show.
export function none(id, empty) { $(id).classList.toggle("none", empty); return empty; }
