// How each attack looks: one small curve each.
import {$, h, s, none} from "./util.js";

// Where the phases of a curve of 80 points end, as the kind profiles lays them out.
const bands = [["clean", 10], ["armed", 15], ["infecting", 25], ["infected_running", 65], ["clean", 80]];
const W = 160, H = 64;

export function drawProfiles(st) {
  if (none("profiles", !st.profiles.size)) return;
  $("profiles").querySelector(".body").replaceChildren(...[...st.profiles.values()].sort((a, b) => a.name.localeCompare(b.name)).slice(0, 60).map(figure));
}

function figure(e) {
  const there = e.curve.filter((v) => v !== null);
  const low = Math.min(0, ...there), high = Math.max(low + 1e-9, ...there, low === 0 ? 1 : low);
  const svg = s("svg", {viewBox: `0 0 ${W} ${H}`, preserveAspectRatio: "none", role: "img", "aria-label": `${e.name}: ${e.shape}`});
  if (e.curve.length === 80) {
    let from = 0;
    for (const [phase, to] of bands) {
      const r = s("rect", {class: "band", x: from * W / 80, width: (to - from) * W / 80, y: 0, height: H});
      r.style.fill = `var(--${phase})`;
      svg.append(r);
      from = to;
    }
  }
  let d = "", pen = false;
  e.curve.forEach((v, i) => {
    if (v === null) { pen = false; return; }
    d += `${pen ? "L" : "M"}${(i / (e.curve.length - 1) * W).toFixed(2)},${(4 + (H - 8) * (1 - (v - low) / (high - low))).toFixed(2)}`;
    pen = true;
  });
  svg.append(s("line", {class: "base", x1: 0, x2: W, y1: H - 4, y2: H - 4}), s("path", {class: "curve", d}));
  return h("figure", {}, svg, h("figcaption", {}, h("b", {}, e.name), e.shape));
}
