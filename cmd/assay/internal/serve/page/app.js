// The page: it reads /events, keeps the state, and draws what has changed.
import {$, h, forget, letter, phases} from "./util.js";
import {empty, take} from "./state.js";
import {drawStream} from "./stream.js";
import {drawModels} from "./models.js";
import {drawCost} from "./cost.js";
import {drawConfusion} from "./confusion.js";
import {drawProfiles} from "./profiles.js";
import {drawRun} from "./run.js";

const scenes = {live: drawStream, profiles: drawProfiles, models: drawModels, cost: drawCost, confusion: drawConfusion, run: drawRun};
const types = ["telemetry_window", "window_prediction", "model_metric", "confusion_matrix", "model_perf", "attack_profile", "run_graph"];
// How many milliseconds pass at least between two drawings of a scene. On a busy machine it is
// ten times as long as the last drawing took.
const pace = {live: 60, run: 200, models: 250, cost: 250, confusion: 250, profiles: 250};

let state = empty(), next = null; // next is a state that is not complete yet
let paused = false, events = 0, heard = performance.now();
const dirty = new Set(Object.keys(scenes)), drawn = {}, took = {};

// Drawing: one scene a frame, the one that waits longest first, so that no frame takes long.
function frame(now) {
  requestAnimationFrame(frame);
  if (paused) return;
  const due = [...dirty].filter((id) => now - (drawn[id] ?? -1e9) >= Math.max(pace[id], 10 * (took[id] ?? 0)));
  if (!due.length) return;
  const id = due.reduce((a, b) => (drawn[a] ?? 0) <= (drawn[b] ?? 0) ? a : b);
  dirty.delete(id);
  drawn[id] = now;
  scenes[id](state);
  took[id] = performance.now() - now;
}
const redraw = () => Object.keys(scenes).forEach((id) => dirty.add(id));

function receive(message) {
  heard = performance.now();
  events++;
  let e;
  try { e = JSON.parse(message.data); } catch { return; }
  const scene = take(next ?? state, e);
  if (scene && !next) dirty.add(scene);
}

// The connection. A browser connects again by itself after most failures; the rest is here.
let source = null, wait = 500;
function connect() {
  source?.close();
  source = new EventSource("events");
  heard = performance.now();
  source.onopen = () => { wait = 500; say("on", "live"); };
  source.onerror = () => {
    say("off", "no connection, trying again");
    if (source.readyState !== EventSource.CLOSED) return;
    next = null;
    setTimeout(connect, wait * (0.5 + Math.random()));
    wait = Math.min(wait * 2, 8000);
  };
  source.addEventListener("reset", () => { heard = performance.now(); next = empty(); });
  source.addEventListener("ready", () => { if (next) state = next; next = null; redraw(); });
  source.addEventListener("ping", () => { heard = performance.now(); });
  for (const type of types) source.addEventListener(type, receive);
}

function say(kind, text) {
  const el = $("status");
  if (el.className === kind) return;
  el.className = kind;
  el.lastElementChild.textContent = text;
}

// Once a second: the numbers above, and a connection that has gone silent.
setInterval(() => {
  $("rate").textContent = String(events);
  events = 0;
  const models = new Set([...state.metrics.values(), ...state.perfs.values()].map((e) => e.model));
  $("models-n").textContent = String(models.size);
  $("profiles-n").textContent = String(state.profiles.size);
  if (performance.now() - heard > 40_000) { say("off", "silent, connecting again"); connect(); }
}, 1000);

// Controls.
$("pause").onclick = (ev) => {
  paused = !paused;
  ev.currentTarget.setAttribute("aria-pressed", String(paused));
  ev.currentTarget.textContent = paused ? "Resume" : "Pause";
};
const themes = ["auto", "light", "dark"];
function theme(name) {
  if (name === "auto") delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = name;
  $("theme").textContent = "Theme: " + name;
  try { localStorage.setItem("theme", name); } catch { /* private windows may keep nothing */ }
  forget();
  redraw();
}
$("theme").onclick = () => {
  const now = document.documentElement.dataset.theme ?? "auto";
  theme(themes[(themes.indexOf(now) + 1) % themes.length]);
};
let kept = null;
try { kept = localStorage.getItem("theme"); } catch { /* as above */ }
if (themes.includes(kept)) theme(kept);
for (const id of ["measure", "split"]) $(id).onchange = () => dirty.add("models");
$("cost-split").onchange = () => dirty.add("cost");
$("confusion-of").onchange = () => dirty.add("confusion");
$("channels").onchange = () => dirty.add("live");
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { forget(); redraw(); });
new ResizeObserver(() => { forget(); redraw(); }).observe($("main"));
document.addEventListener("visibilitychange", () => { if (!document.hidden) redraw(); });

for (const p of phases) {
  const i = h("i", {}, letter(p));
  i.style.background = `var(--${p})`;
  i.style.color = `var(--${p}-ink, var(--on-light))`;
  $("legend").append(h("li", {}, i, p.replace("_", " ")));
}
connect();
requestAnimationFrame(frame);
