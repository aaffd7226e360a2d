// The graph of the run that goes on, or of the last one.
import {$, h, s, none, scale} from "./util.js";

const boxW = 136, boxH = 40, gapX = 44, gapY = 12;

export function drawRun(st) {
  const r = st.run;
  if (none("run", !r || !r.steps.length)) return;
  const sum = (f) => r.steps.reduce((a, b) => a + (b[f] ?? 0), 0);
  const nodes = sum("nodes"), done = sum("done"), failed = sum("failed");
  const bar = h("progress", {max: nodes || 1, value: done, "aria-label": "nodes done"});
  $("run").querySelector(".what").replaceChildren(bar,
    ` ${done} of ${nodes} nodes${failed ? `, ${failed} failed or blocked` : ""} · ${r.outcome} · ${time(r.elapsed_s)} · ${r.recipe} · ${r.run}`);
  const place = layout(r);
  const k = scale();
  const svg = s("svg", {width: place.w * k, height: place.h * k, viewBox: `0 0 ${place.w} ${place.h}`, role: "img", "aria-label": `${done} of ${nodes} nodes are done`});
  for (const [a, b] of r.edges) {
    const p = place.at[a], q = place.at[b];
    if (!p || !q) continue;
    const x1 = p.x + boxW, y1 = p.y + boxH / 2, x2 = q.x, y2 = q.y + boxH / 2, m = Math.min((x2 - x1) / 2, gapX / 2);
    svg.append(s("path", {class: "edge", d: `M${x1},${y1}C${x1 + m},${y1} ${x2 - m},${y2} ${x2},${y2}`}));
  }
  r.steps.forEach((step, i) => svg.append(box(step, place.at[i])));
  const body = $("run").querySelector(".body"), left = body.scrollLeft;
  body.replaceChildren(svg);
  body.scrollLeft = left;
}

// layout puts the steps of a layer below each other, near what they read from.
function layout(r) {
  const layers = [];
  r.steps.forEach((step, i) => (layers[Math.min(step.layer, r.steps.length)] ??= []).push(i));
  const at = [];
  let h = 0;
  layers.forEach((list, k) => {
    const mid = (i) => {
      const ys = r.edges.filter((e) => e[1] === i && at[e[0]]).map((e) => at[e[0]].y);
      return ys.length ? ys.reduce((a, b) => a + b, 0) / ys.length : 0;
    };
    list.sort((a, b) => mid(a) - mid(b) || a - b);
    list.forEach((i, n) => { at[i] = {x: 1 + k * (boxW + gapX), y: 1 + n * (boxH + gapY)}; });
    h = Math.max(h, list.length * (boxH + gapY) - gapY + 2);
  });
  return {at, w: Math.max(1, layers.length) * (boxW + gapX) - gapX + 2, h};
}

function box(step, p) {
  const state = step.failed ? "failed" : step.running ? "running" : step.nodes && step.done >= step.nodes ? "done" : "waiting";
  const part = step.nodes ? Math.min(1, Math.max(step.done / step.nodes, step.running && step.actions ? step.acted / Math.max(step.actions, 1) * ((step.done + step.running) / step.nodes) : 0)) : 0;
  const cached = step.done > 0 && step.cached === step.done ? "up to date" : "done";
  const word = {failed: `${step.failed} failed`, running: "runs", done: cached, waiting: "waits"}[state];
  const name = step.name.length > 19 ? step.name.slice(0, 18) + "…" : step.name;
  return s("g", {class: "box " + state, transform: `translate(${p.x} ${p.y})`}, s("rect", {width: boxW, height: boxH, rx: 5}),
    s("rect", {class: "part", x: 0, y: boxH - 4, width: boxW * part, height: 4, rx: 2}),
    s("text", {x: 8, y: 16}, name), s("text", {class: "sub", x: 8, y: 30}, `${step.done} of ${step.nodes} · ${word}`), s("title", {}, step.name));
}

function time(sec) {
  if (sec < 60) return sec.toFixed(sec < 10 ? 1 : 0) + " s";
  return `${Math.floor(sec / 60)} min ${Math.round(sec % 60)} s`;
}
