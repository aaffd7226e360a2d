// Scores of models as bars with confidence intervals, by split.
import {$, h, choices, none} from "./util.js";

const maxRows = 80;
// Measures that are better when they are lower have no fixed scale.
const lower = new Set(["log_loss", "brier", "ece", "calibration_error"]);

export function drawModels(st) {
  const all = [...st.metrics.values()];
  if (none("models", !all.length)) return;
  const names = [...new Set(all.map((e) => e.metric ?? "macro_f1"))].sort();
  const measure = choices($("measure"), names.map((n) => [n, n.replaceAll("_", " ")]), "macro_f1");
  const splits = [...new Set(all.map((e) => e.split ?? ""))].sort();
  const split = choices($("split"), [["*", "all"], ...splits.map((n) => [n, n || "unnamed"])], "*");
  const rows = all.filter((e) => (e.metric ?? "macro_f1") === measure && (split === "*" || (e.split ?? "") === split));
  const better = lower.has(measure) ? 1 : -1;
  rows.sort((a, b) => (a.split ?? "").localeCompare(b.split ?? "") || better * ((a.value ?? 0) - (b.value ?? 0)) || a.model.localeCompare(b.model) || (a.view ?? "").localeCompare(b.view ?? ""));
  const top = Math.max(1, ...rows.map((e) => Math.max(e.value ?? 0, e.high ?? 0)));
  const body = h("tbody");
  let group = null;
  for (const e of rows.slice(0, maxRows)) {
    if ((e.split ?? "") !== group) {
      group = e.split ?? "";
      const size = e.windows ? ` · ${e.windows} windows of ${e.episodes} episodes` : "";
      body.append(h("tr", {class: "group"}, h("th", {colspan: 5, scope: "rowgroup"}, (group || "unnamed split") + size)));
    }
    body.append(row(e, top));
  }
  const more = rows.length - maxRows;
  $("models").querySelector(".body").replaceChildren(
    h("table", {"aria-label": "Models by " + measure}, body), more > 0 ? h("p", {class: "what"}, `and ${more} more; choose a split`) : "");
}

function row(e, top) {
  const fill = h("div", {class: "fill"});
  fill.style.width = percent((e.value ?? 0) / top);
  const track = h("div", {class: "track"}, fill);
  if (e.low !== undefined && e.high !== undefined) {
    const w = h("div", {class: "whisker"});
    w.style.left = percent(e.low / top);
    w.style.width = percent((e.high - e.low) / top);
    track.append(w);
  }
  const level = e.level ? `${Math.round(e.level * 100)} % ` : "";
  const interval = e.low === undefined ? "" : `${e.low.toFixed(2)}–${e.high.toFixed(2)}`;
  return h("tr", {class: e.view ?? "", title: interval ? `${level}interval ${interval}` : ""},
    h("th", {scope: "row"}, e.model), h("td", {class: "ci"}, e.view ?? ""), h("td", {class: "bar"}, track),
    h("td", {class: "n"}, e.value === null ? "–" : e.value.toFixed(3)), h("td", {class: "ci"}, interval));
}

const percent = (v) => Math.min(Math.max(v, 0), 1) * 100 + "%";
