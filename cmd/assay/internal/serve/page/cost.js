// Accuracy against the time that one window takes, with the models that none beats in both.
import {$, s, h, choices, micro, none, scale} from "./util.js";

const H = 300, box = {left: 44, right: 26, top: 12, bottom: 40};

export function drawCost(st) {
  const name = (e) => e.model + " " + (e.view ?? "");
  const all = [...st.perfs.values()].sort((a, b) => name(a).localeCompare(name(b)));
  if (none("cost", !all.length)) return;
  const splits = [...new Set(all.map((e) => e.split ?? ""))].sort();
  const split = choices($("cost-split"), splits.map((n) => [n, n || "unnamed"]), splits[0]);
  const list = all.filter((e) => (e.split ?? "") === split && e.accuracy !== null && e.latency_us > 0).slice(0, 60);
  const blind = all.filter((e) => (e.split ?? "") === split && e.accuracy === null);
  const host = $("cost").querySelector(".body"), W = Math.max(280, host.clientWidth / scale());
  const svg = s("svg", {viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": words(list)});
  if (list.length) plot(svg, list, W);
  const notes = blind.map((e) => h("p", {class: "what"}, `${e.model}: ${micro(e.latency_us)} a window, accuracy unknown`));
  const first = list.find((e) => e.measured);
  if (first) notes.push(h("p", {class: "what"}, `Median of ${first.measured} windows, one at a time, on ${first.machine ?? "this machine"}. Filled: realistic view, hollow: oracle.`));
  host.replaceChildren(list.length ? svg : "", ...notes.slice(0, 6));
}

const words = (list) => list.map((e) => `${e.model} ${e.view ?? ""}: accuracy ${e.accuracy.toFixed(3)}, ${micro(e.latency_us)}`).join("; ");

function plot(svg, list, W) {
  const xs = list.map((e) => Math.log10(e.latency_us)), ys = list.map((e) => e.accuracy);
  const x0 = Math.floor(Math.min(...xs) - 0.15), x1 = Math.max(Math.ceil(Math.max(...xs) + 0.25), x0 + 1);
  const pad = Math.max((Math.max(...ys) - Math.min(...ys)) * 0.18, 0.01);
  const y0 = Math.max(0, Math.min(...ys) - pad), y1 = Math.min(1, Math.max(...ys) + pad);
  const X = (v) => box.left + (Math.log10(v) - x0) / (x1 - x0) * (W - box.left - box.right);
  const Y = (v) => box.top + (y1 - v) / (y1 - y0) * (H - box.top - box.bottom);
  for (let k = x0; k <= x1; k++) {
    svg.append(s("line", {class: "grid", x1: X(10 ** k), x2: X(10 ** k), y1: box.top, y2: H - box.bottom}),
      s("text", {class: "tick", x: X(10 ** k), y: H - box.bottom + 16, "text-anchor": "middle"}, micro(10 ** k)));
  }
  for (const v of ticks(y0, y1)) {
    svg.append(s("line", {class: "grid", x1: box.left, x2: W - box.right, y1: Y(v), y2: Y(v)}),
      s("text", {class: "tick", x: box.left - 6, y: Y(v) + 4, "text-anchor": "end"}, +v.toFixed(3)));
  }
  svg.append(s("text", {class: "tick", x: (W + box.left) / 2, y: H - 6, "text-anchor": "middle"}, "time for one window"));
  svg.append(s("path", {class: "front", d: front(list).map((e, i) => `${i ? "L" : "M"}${X(e.latency_us)},${Y(e.accuracy)}`).join("")}));
  labels(svg, list.map((e) => ({e, x: X(e.latency_us), y: Y(e.accuracy)})), W);
}

function ticks(low, high) {
  const raw = (high - low) / 4, unit = 10 ** Math.floor(Math.log10(raw)), step = unit * (raw / unit > 5 ? 10 : raw / unit > 2 ? 5 : raw / unit > 1 ? 2 : 1);
  const out = [];
  for (let v = Math.ceil(low / step) * step; v <= high + 1e-9 && out.length < 20; v += step) out.push(v);
  return out;
}

// front returns the models that no other beats in both, by cost.
function front(list) {
  let best = -1;
  return [...list].sort((a, b) => a.latency_us - b.latency_us || b.accuracy - a.accuracy)
    .filter((e) => e.accuracy > best && (best = e.accuracy, true));
}

// labels draws the dots and their names, each name where it hides no other if there is room.
function labels(svg, dots, W) {
  const taken = dots.map((d) => ({l: d.x - 6, r: d.x + 6, t: d.y - 6, b: d.y + 6}));
  for (const d of dots) {
    const title = s("title", {}, `${d.e.model} ${d.e.view ?? ""}: accuracy ${d.e.accuracy.toFixed(3)}, ${micro(d.e.latency_us)}` +
      (d.e.batch_us ? `, ${micro(d.e.batch_us)} in batches of ${d.e.batch}` : ""));
    svg.append(s("circle", {class: "dot " + (d.e.view ?? ""), cx: d.x, cy: d.y, r: 5}, title));
    const w = d.e.model.length * 6.6;
    const places = [[9, 4, "start"], [-9, 4, "end"], [0, -10, "middle"], [0, 19, "middle"], [9, 16, "start"], [9, -8, "start"]];
    for (const [dx, dy, anchor] of places) {
      const l = d.x + dx - (anchor === "end" ? w : anchor === "middle" ? w / 2 : 0), b = {l, r: l + w, t: d.y + dy - 10, b: d.y + dy + 2};
      if (b.l < box.left || b.r > W || taken.some((o) => b.l < o.r && b.r > o.l && b.t < o.b && b.b > o.t)) continue;
      taken.push(b);
      svg.append(s("text", {x: d.x + dx, y: d.y + dy, "text-anchor": anchor}, d.e.model));
      break;
    }
  }
}
