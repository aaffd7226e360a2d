// The replayed episode, window by window: truth, predictions, probabilities, channels.
import {$, h, css, font, letter, none, phases, scale, shade, short} from "./util.js";

const rowH = 22, gap = 4, probH = 54, chanH = 30, maxModels = 8, maxChannels = 6;
const first = ["guest.cpu_user", "guest.cpu_sys", "guest.cpu_iowait", "netflow.bytes_out", "proc.cpu_user_jiffies", "proc.io_write_bytes"];

let known = "", picked = null;

// channelsOf offers the channels that were measured, and returns those that are chosen.
function channelsOf(windows) {
  const names = Object.keys(windows.at(-1).channels).sort();
  if (names.join() !== known) {
    known = names.join();
    const start = [...first.filter((n) => names.includes(n)), ...names.filter((n) => !first.includes(n))].slice(0, maxChannels);
    const keep = picked ? names.filter((n) => picked.includes(n)) : start;
    $("channels").lastElementChild.replaceChildren(...names.map((n) => {
      const box = h("input", {type: "checkbox", value: n});
      box.checked = (keep.length ? keep : start).includes(n);
      return h("label", {}, box, " " + n);
    }));
  }
  const boxes = [...$("channels").querySelectorAll("input:checked")];
  picked = boxes.map((b) => b.value);
  return picked.slice(0, maxChannels);
}

export function drawStream(st) {
  if (none("live", !st.windows.length)) return;
  const canvas = $("stream"), k = scale(), width = canvas.clientWidth / k;
  const small = width < 600, left = small ? 92 : 150, colW = small ? 16 : 20;
  const windows = st.windows.slice(-Math.max(1, Math.floor((width - left) / colW)));
  const models = [...new Set(windows.flatMap((w) => [...w.said.keys()]))].slice(0, maxModels);
  const channels = channelsOf(st.windows);
  const height = 18 + (models.length + 1) * (rowH + gap) + probH + 14 + channels.length * chanH + 4;
  const ctx = prepare(canvas, width, height, k);
  const x = (i) => width - (windows.length - i) * colW;
  let y = 18;
  separators(ctx, windows, x, height);
  label(ctx, "truth", left, y);
  windows.forEach((w, i) => cell(ctx, x(i), y, colW, w.phase, true));
  y += rowH + gap;
  for (const m of models) {
    label(ctx, m, left, y);
    windows.forEach((w, i) => {
      const p = w.said.get(m);
      if (p) cell(ctx, x(i), y, colW, p.predicted, !w.phase || p.predicted === w.phase);
    });
    y += rowH + gap;
  }
  y += 4;
  probabilities(ctx, windows, models[0], x, y, colW, left);
  y += probH + 10;
  for (const c of channels) { sparkline(ctx, windows, c, x, y, colW, left); y += chanH; }
  describe(canvas, st.windows.at(-1), models);
}

// prepare returns a context in units of which k pixels are one.
function prepare(canvas, width, height, k) {
  const ratio = (devicePixelRatio || 1) * k;
  const w = Math.round(width * ratio), hh = Math.round(height * ratio);
  if (canvas.width !== w || canvas.height !== hh) {
    canvas.width = w; canvas.height = hh;
    canvas.style.height = height * k + "px";
  }
  const ctx = canvas.getContext("2d");
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, width, height);
  ctx.font = "12px " + font();
  ctx.textBaseline = "middle";
  return ctx;
}

// separators draws where an episode begins, with its profile.
function separators(ctx, windows, x, height) {
  let end = -1;
  windows.forEach((w, i) => {
    const begins = i === 0 || windows[i - 1].episode !== w.episode || windows[i - 1].host !== w.host;
    if (!begins) return;
    ctx.fillStyle = css("--line");
    if (i > 0) ctx.fillRect(x(i) - 1, 0, 1, height);
    if (x(i) < end) return;
    ctx.fillStyle = css("--dim");
    const text = w.profile || w.episode;
    ctx.fillText(text, x(i) + 3, 8);
    end = x(i) + ctx.measureText(text).width + 12;
  });
}

function label(ctx, text, left, y) {
  ctx.fillStyle = css("--text");
  ctx.fillText(fit(ctx, text, left - 10), 0, y + rowH / 2);
}

function fit(ctx, text, width) {
  if (ctx.measureText(text).width <= width) return text;
  while (text.length > 1 && ctx.measureText(text + "…").width > width) text = text.slice(0, -1);
  return text + "…";
}

// cell draws a phase. A wrong one has a frame, so that colour is not all that says so.
function cell(ctx, x, y, w, phase, right) {
  ctx.fillStyle = shade(phase);
  ctx.fillRect(x + 1, y, w - 2, rowH);
  if (!right) {
    ctx.strokeStyle = css("--text");
    ctx.lineWidth = 2;
    ctx.strokeRect(x + 2, y + 1, w - 4, rowH - 2);
  }
  ctx.fillStyle = inkOn(ctx.fillStyle);
  ctx.textAlign = "center";
  ctx.fillText(letter(phase), x + w / 2, y + rowH / 2 + 1);
  ctx.textAlign = "left";
}

// inkOn returns the ink that can be read on a colour "#rrggbb".
function inkOn(colour) {
  const n = parseInt(colour.slice(1), 16);
  const light = 0.299 * (n >> 16) + 0.587 * (n >> 8 & 255) + 0.114 * (n & 255);
  return light > 125 ? css("--on-light") : css("--on-dark");
}

// probabilities stacks what one model says of each phase.
function probabilities(ctx, windows, model, x, y, colW, left) {
  if (!model) return;
  ctx.fillStyle = css("--dim");
  ctx.fillText(fit(ctx, "probabilities", left - 10), 0, y + probH / 2 - 8);
  ctx.fillText(fit(ctx, model, left - 10), 0, y + probH / 2 + 8);
  windows.forEach((w, i) => {
    const p = w.said.get(model);
    if (!p) return;
    let top = y + probH;
    for (const phase of phases) {
      const hgt = (p.p[phase] ?? 0) * probH;
      ctx.fillStyle = shade(phase);
      ctx.fillRect(x(i) + 1, top - hgt, colW - 2, hgt);
      top -= hgt;
    }
  });
}

function sparkline(ctx, windows, name, x, y, colW, left) {
  const values = windows.map((w) => w.channels[name] ?? null);
  const there = values.filter((v) => v !== null);
  ctx.fillStyle = css("--text");
  ctx.fillText(fit(ctx, name, left - 10), 0, y + 9);
  ctx.fillStyle = css("--dim");
  ctx.fillText(short(values.at(-1)), 0, y + 22);
  if (!there.length) return;
  const low = Math.min(...there), span = Math.max(...there) - low || 1, hgt = chanH - 8;
  ctx.strokeStyle = css("--line");
  ctx.lineWidth = 1;
  ctx.beginPath(); ctx.moveTo(x(0), y + chanH - 4.5); ctx.lineTo(x(windows.length), y + chanH - 4.5); ctx.stroke();
  ctx.strokeStyle = css("--accent");
  ctx.lineWidth = 1.6;
  ctx.beginPath();
  let pen = false;
  values.forEach((v, i) => {
    const next = i > 0 && windows[i - 1].episode !== windows[i].episode;
    if (v === null) { pen = false; return; }
    const px = x(i) + colW / 2, py = y + 2 + hgt * (1 - (v - low) / span);
    if (pen && !next) ctx.lineTo(px, py); else { ctx.moveTo(px - 1.5, py); ctx.lineTo(px, py); }
    pen = true;
  });
  ctx.stroke();
}

// describe says in words what the newest window is, above the picture and for who cannot see it.
function describe(canvas, w, models) {
  const said = models.map((m) => [m, w.said.get(m)]).filter(([, p]) => p).slice(0, 3)
    .map(([m, p]) => `${m}: ${p.predicted.replace("_", " ")} ${short(p.p[p.predicted])}`);
  const text = `${w.host} · ${w.profile || w.episode} · window ${w.n ?? "?"} of ${w.of ?? "?"}, ${short(w.t_s)} s · truth: ${(w.phase ?? "unknown").replace("_", " ")}` +
    (said.length ? " · " + said.join(", ") : "");
  $("live-what").textContent = $("live-what").title = text;
  canvas.setAttribute("aria-label", text);
}
