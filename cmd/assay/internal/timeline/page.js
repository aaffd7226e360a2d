
"use strict";
(() => {
  const D = JSON.parse(document.getElementById("data").textContent);
  const $ = id => document.getElementById(id);
  const NODE = 0, LANE = 1, STEP = 2, SLANE = 3, FROM = 4, TO = 5, SHARD = 6, OUTCOME = 7, CHAIN = 8, WHY = 9, MORE = 10;
  const END = Math.max(D.end * 1e6, 1), AXIS = 26, PAD = 5;
  let by = D.nodes.length > 400 ? "step" : "node", from = 0, to = END, chain = false, word = "";
  let rows = [], total = 0, css = {}, left = 200, hot = null;

  const human = us => {
    const s = us / 1e6;
    if (s >= 3600) return Math.floor(s / 3600) + " h " + String(Math.floor(s / 60) % 60).padStart(2, "0") + " min";
    if (s >= 60) return Math.floor(s / 60) + " min " + String(Math.floor(s) % 60).padStart(2, "0") + " s";
    return s >= 10 ? s.toFixed(1) + " s" : s >= 1 ? s.toFixed(2) + " s" : s >= .01 ? (s * 1e3).toFixed(0) + " ms" : (s * 1e3).toFixed(1) + " ms";
  };
  const colours = () => {
    const st = getComputedStyle(document.documentElement), get = n => st.getPropertyValue("--" + n).trim();
    css = { text: get("text"), dim: get("dim"), line: get("line"), soft: get("soft"), card: get("card"), bad: get("bad"), accent: get("accent"), step: D.steps.map((_, i) => get("c" + i % 10)) };
  };
  const size = (canvas, w, h) => {
    const r = window.devicePixelRatio || 1;
    canvas.width = Math.round(w * r); canvas.height = Math.round(h * r); canvas.style.height = h + "px";
    const g = canvas.getContext("2d");
    g.setTransform(r, 0, 0, r, 0, 0);
    g.font = "12px ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Arial, sans-serif";
    return g;
  };

  // The rows whose name contains the filter, each with its spans.
  const arrange = () => {
    const list = by === "node" ? D.nodes : D.rows, at = by === "node" ? NODE : STEP;
    const map = new Array(list.length);
    rows = []; total = AXIS;
    list.forEach((r, i) => {
      if (word && !r.n.toLowerCase().includes(word)) return;
      const lane = r.l === 1 ? 14 : r.l <= 4 ? 10 : r.l <= 16 ? 6 : r.l <= 40 ? 4 : 3;
      map[i] = { name: r.n, step: r.s, of: r.of, lane, y: total, high: Math.max(r.l * lane, 14) + 2 * PAD, spans: [], failed: 0 };
      map[i].top = (map[i].high - r.l * lane) / 2;
      total += map[i].high;
      rows.push(map[i]);
    });
    for (const s of D.spans) if (map[s[at]]) { map[s[at]].spans.push(s); map[s[at]].failed += s[OUTCOME] === 1; }
    for (const r of rows) if (r.failed) r.spans.sort((a, b) => (a[OUTCOME] === 1) - (b[OUTCOME] === 1)); // on top of what is around them
    $("room").style.height = total + 8 + "px";
  };

  const X = (t, w) => left + (t - from) / (to - from) * (w - left - 8);
  const ticks = w => {
    const want = (to - from) / Math.max(2, (w - left) / 90);
    const pow = Math.pow(10, Math.floor(Math.log10(want)));
    let step = [1, 2, 5, 10].map(k => k * pow).find(k => k >= want);
    if (want > 1e6 * 30) step = [60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400].map(k => k * 1e6).find(k => k >= want) || step;
    const out = [];
    for (let t = Math.ceil(from / step) * step; t <= to; t += step) out.push(t);
    const digits = Math.max(0, -Math.floor(Math.log10(step / 1e6) + 1e-9));
    return out.map(t => [t, step >= 60e6 ? (t >= 3600e6 ? Math.floor(t / 3600e6) + " h " : "") + Math.round(t / 60e6) % 60 + " min" : (t / 1e6).toFixed(digits) + " s"]);
  };
  const fit = (g, text, room) => {
    if (g.measureText(text).width <= room) return text;
    let a = 0, b = text.length;
    while (a < b) { const m = (a + b + 1) >> 1; if (g.measureText(text.slice(0, m) + "…").width <= room) a = m; else b = m - 1; }
    return text.slice(0, a) + "…";
  };

  const chart = () => {
    const box = $("scroll"), w = box.clientWidth, h = Math.min(box.clientHeight, total + 8), top = box.scrollTop;
    const g = size($("chart"), w, h);
    g.textBaseline = "middle";
    for (const [t] of ticks(w)) { g.fillStyle = css.line; g.fillRect(Math.round(X(t, w)), AXIS, 1, h); }
    for (const r of rows) {
      const y = r.y - top;
      if (y + r.high < AXIS || y > h) continue;
      g.fillStyle = css.line; g.globalAlpha = .6; g.fillRect(0, Math.round(y + r.high) - 1, w, 1); g.globalAlpha = 1;
      g.save(); g.beginPath(); g.rect(left, Math.max(y, AXIS), w - left, r.high); g.clip();
      for (const s of r.spans) bar(g, r, s, y, w);
      g.restore();
      label(g, r, y);
    }
    g.fillStyle = css.card; g.fillRect(0, 0, w, AXIS);
    g.fillStyle = css.line; g.fillRect(0, AXIS - 1, w, 1);
    g.fillStyle = css.dim; g.font = "11px " + g.font.split("px ")[1];
    for (const [t, text] of ticks(w)) { const x = X(t, w); if (x < w - 30) g.fillText(text, x + 4, AXIS / 2); }
  };
  const bar = (g, r, s, y, w) => {
    const a = X(s[FROM], w), b = Math.max(X(s[TO], w), a + (s[OUTCOME] === 1 ? 4 : 1.2));
    if (b < left || a > w) return;
    const high = r.lane >= 10 ? r.lane - 2 : r.lane >= 4 ? r.lane - 1 : r.lane, top = y + r.top + s[by === "node" ? LANE : SLANE] * r.lane + (r.lane - high) / 2;
    g.fillStyle = s[OUTCOME] === 1 ? css.bad : css.step[s[STEP]];
    const faint = chain && !s[CHAIN] && s[OUTCOME] !== 1 ? .28 : 1;
    g.globalAlpha = s[OUTCOME] === 2 ? .35 : faint;
    const width = b - a > 3 ? b - a - .6 : b - a;
    g.beginPath(); g.roundRect(a, top, width, high, Math.min(3, width / 3, high / 3)); g.fill();
    g.globalAlpha = 1;
    if (s === hot) { g.strokeStyle = css.text; g.lineWidth = 1.5; g.stroke(); }
    if (s[OUTCOME] === 2) { g.strokeStyle = css.step[s[STEP]]; g.setLineDash([3, 2]); g.lineWidth = 1; g.stroke(); g.setLineDash([]); }
    if (r.lane < 10) return;
    const text = human(s[TO] - s[FROM]);
    g.font = "11px " + g.font.split("px ")[1];
    const wide = g.measureText(text).width;
    if (r.lane >= 14 && r.spans.length === 1) { // beside the bar, if there is space
      g.fillStyle = css.dim;
      if (b + wide + 8 < w) g.fillText(text, b + 5, top + high / 2 + .5);
      else if (a - wide - 8 > left) g.fillText(text, a - wide - 5, top + high / 2 + .5);
    }
  };
  const label = (g, r, y) => {
    g.font = "12px " + g.font.split("px ")[1];
    const mid = Math.max(y, AXIS) + Math.min(r.high, r.high + y - Math.max(y, AXIS)) / 2;
    if (mid < AXIS + 6) return;
    const cut = r.name.indexOf("["), head = cut < 0 ? r.name : r.name.slice(0, cut);
    const tail = cut >= 0 ? r.name.slice(cut + 1, -1).replaceAll(",", ", ") : by === "step" ? r.of + (r.of === 1 ? " action" : " actions") : r.of > 1 ? r.of + " shards" : "";
    g.fillStyle = css.step[r.step]; g.beginPath(); g.roundRect(0, mid - 5, 4, 10, 2); g.fill();
    g.fillStyle = css.text; const shown = fit(g, head, left - 24); g.fillText(shown, 11, mid + .5);
    const x = 11 + g.measureText(shown).width + 7;
    g.font = "11px " + g.font.split("px ")[1]; g.fillStyle = css.dim;
    const bad = r.failed && r.of > 1 ? r.failed + " failed " : "", wide = bad ? g.measureText(bad).width : 0;
    if (bad) { g.fillStyle = css.bad; g.fillText(bad, x, mid + .5); g.fillStyle = css.dim; }
    if (left - x - wide - 10 > 20) g.fillText(fit(g, tail, left - x - wide - 10), x + wide, mid + .5);
    g.font = "12px " + g.font.split("px ")[1];
  };

  // How many actions ran at once, over the whole run.
  const over = () => {
    const w = $("over").clientWidth, h = 64, g = size($("over"), w, h), wide = w - left - 8, n = Math.max(1, Math.round(wide / 4)), px = wide / n;
    const busy = new Float64Array(n);
    for (const s of D.spans) {
      const a = s[FROM] / END * n, b = s[TO] / END * n;
      for (let i = Math.floor(a); i < Math.min(Math.ceil(b), n); i++) busy[i] += Math.max(0, Math.min(i + 1, b) - Math.max(i, a));
    }
    const peak = Math.max(1, ...busy), most = Math.max(1, Math.ceil(peak - .05)), base = h - 8, up = base - 8;
    g.fillStyle = css.soft; g.fillRect(left, 8, wide, up);
    g.fillStyle = css.accent; g.globalAlpha = .55; g.beginPath(); g.moveTo(left, base);
    busy.forEach((v, i) => { const y = base - Math.min(v / most, 1) * up; g.lineTo(left + i * px, y); g.lineTo(left + (i + 1) * px, y); });
    g.lineTo(left + wide, base); g.fill(); g.globalAlpha = 1;
    g.fillStyle = css.dim; g.textBaseline = "middle"; g.font = "11px " + g.font.split("px ")[1];
    g.fillText(fit(g, "at once, up to " + most, left - 16), 11, base - up / 2);
    if (from > 0 || to < END) {
      const a = left + from / END * wide, b = left + to / END * wide;
      g.fillStyle = css.card; g.globalAlpha = .7; g.fillRect(left, 8, a - left, up); g.fillRect(b, 8, left + wide - b, up); g.globalAlpha = 1;
      g.strokeStyle = css.accent; g.lineWidth = 1.5; g.strokeRect(a, 8, Math.max(b - a, 2), up);
    }
  };

  let due = false;
  const draw = () => { if (!due) { due = true; requestAnimationFrame(() => { due = false; chart(); over(); }); } };
  const measure = () => {
    const g = $("chart").getContext("2d");
    g.font = "12px ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Arial, sans-serif";
    let most = 120;
    for (const r of rows.slice(0, 2000)) most = Math.max(most, g.measureText(r.name + (r.of > 1 ? " 0000 shards" : "") + (r.failed && r.of > 1 ? " 0 failed" : "")).width + 34);
    left = Math.round(Math.min(most, 380, $("scroll").clientWidth * .38));
  };
  const all = () => { colours(); arrange(); measure(); chart(); over(); };
  const zoom = (a, b) => {
    const wide = Math.min(END, Math.max(b - a, 50));
    from = Math.min(Math.max(0, a), END - wide); to = from + wide;
    draw();
  };
  const closer = (k, mid = (from + to) / 2) => zoom(mid - (mid - from) * k, mid + (to - mid) * k);

  // The bar or the name of a row under the pointer.
  const find = (x, y) => {
    const w = $("scroll").clientWidth, top = $("scroll").scrollTop;
    if (y < AXIS) return {};
    const row = rows.find(r => y + top >= r.y && y + top < r.y + r.high);
    if (!row || x < left) return { row };
    const at = by === "node" ? LANE : SLANE;
    let best = null, near = 5;
    for (const s of row.spans) {
      const t = row.y - top + row.top + s[at] * row.lane;
      if (row.lane > 3 ? y < t - 2 || y > t + row.lane + 2 : y < t - 1 || y > t + row.lane) continue;
      const a = X(s[FROM], w), b = Math.max(X(s[TO], w), a + 1.2), d = x < a ? a - x : x > b ? x - b : 0;
      if (d < near) { near = d; best = s; }
    }
    return { row, span: best };
  };
  const tip = (ev, { row, span }) => {
    const el = $("tip");
    el.replaceChildren();
    if (!span && !(row && ev.offsetX < left)) { el.hidden = true; return; }
    const add = (tag, text) => { const e = document.createElement(tag); e.textContent = text; el.append(e); };
    if (!span) add("b", row.name);
    else {
      add("b", D.nodes[span[NODE]].n + (D.nodes[span[NODE]].of > 1 ? ", shard " + span[SHARD] : ""));
      add("div", ["ran in ", "failed after ", "unfinished after "][span[OUTCOME]] + human(span[TO] - span[FROM]));
      add("span", "from " + human(span[FROM]) + " to " + human(span[TO]) + (span[CHAIN] ? ", on the critical path" : ""));
      if (span[WHY]) add("div", "why: " + clip(D.texts[span[WHY]]));
      if (span[MORE]) add("span", clip(D.texts[span[MORE]]));
    }
    el.hidden = false;
    const r = el.getBoundingClientRect();
    el.style.left = Math.max(8, Math.min(ev.clientX + 14, innerWidth - r.width - 8)) + "px";
    el.style.top = (ev.clientY + 18 + r.height > innerHeight ? Math.max(8, ev.clientY - r.height - 12) : ev.clientY + 18) + "px";
  };
  const clip = text => {
    const lines = text.split("\n"), short = lines.slice(0, 8).join("\n");
    return short.length > 600 ? short.slice(0, 600) + " …" : lines.length > 8 ? short + "\n…" : short;
  };

  let grab = null;
  $("chart").addEventListener("pointermove", ev => {
    if (grab) { const d = (grab.x - ev.offsetX) / ($("scroll").clientWidth - left - 8) * (grab.to - grab.from); zoom(grab.from + d, grab.to + d); return; }
    const f = find(ev.offsetX, ev.offsetY);
    if (f.span !== hot) { hot = f.span || null; draw(); }
    tip(ev, f);
  });
  $("chart").addEventListener("pointerleave", () => { $("tip").hidden = true; hot = null; draw(); });
  $("chart").addEventListener("pointerdown", ev => { if (ev.offsetX > left && to - from < END) { grab = { x: ev.offsetX, from, to }; $("chart").setPointerCapture(ev.pointerId); } });
  $("chart").addEventListener("pointerup", () => { grab = null; });
  $("chart").addEventListener("wheel", ev => {
    if (!ev.ctrlKey && !ev.metaKey) return;
    ev.preventDefault();
    closer(Math.pow(1.0018, ev.deltaY), from + (Math.max(ev.offsetX, left) - left) / ($("scroll").clientWidth - left - 8) * (to - from));
  }, { passive: false });
  let drag = null;
  const timeAt = x => Math.min(1, Math.max(0, (x - left) / ($("over").clientWidth - left - 8))) * END;
  $("over").addEventListener("pointerdown", ev => { drag = timeAt(ev.offsetX); $("over").setPointerCapture(ev.pointerId); });
  $("over").addEventListener("pointermove", ev => { if (drag !== null) { const t = timeAt(ev.offsetX); if (Math.abs(t - drag) > END / 300) zoom(Math.min(t, drag), Math.max(t, drag)); } });
  $("over").addEventListener("pointerup", ev => { if (Math.abs(timeAt(ev.offsetX) - drag) <= END / 300) zoom(0, END); drag = null; });
  $("scroll").addEventListener("scroll", draw);
  $("scroll").addEventListener("keydown", ev => {
    const d = (to - from) / 8, act = { ArrowLeft: () => zoom(from - d, to - d), ArrowRight: () => zoom(from + d, to + d), "+": () => closer(.6), "=": () => closer(.6), "-": () => closer(1 / .6), 0: () => zoom(0, END) }[ev.key];
    if (act) { ev.preventDefault(); act(); }
  });
  const group = mode => {
    by = mode; hot = null; $("scroll").scrollTop = 0;
    $("by-node").setAttribute("aria-pressed", by === "node"); $("by-step").setAttribute("aria-pressed", by === "step");
    all();
  };
  $("by-node").onclick = () => group("node"); $("by-step").onclick = () => group("step");
  $("filter").oninput = ev => { word = ev.target.value.toLowerCase(); all(); };
  $("chain").onchange = ev => { chain = ev.target.checked; draw(); };
  $("in").onclick = () => closer(.6); $("out").onclick = () => closer(1 / .6); $("fit").onclick = () => zoom(0, END);
  addEventListener("resize", all);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
  group(by);
})();
