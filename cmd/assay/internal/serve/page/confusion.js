// How many windows of each phase were taken for which.
import {$, h, choices, none} from "./util.js";

export function drawConfusion(st) {
  const keys = [...st.confusions.keys()].sort();
  if (none("confusion", !keys.length)) return;
  const name = (e) => [e.model, e.view, e.split].filter(Boolean).join(" · ");
  const chosen = choices($("confusion-of"), keys.map((k) => [k, name(st.confusions.get(k))]), keys[0]);
  const e = st.confusions.get(chosen) ?? st.confusions.get(keys[0]);
  const say = (l) => l.replace("_", " ");
  const head = h("thead", {}, h("tr", {}, h("th", {scope: "col"}, "truth"), ...e.labels.map((l) => h("th", {scope: "col"}, say(l)))));
  const body = h("tbody", {}, ...e.counts.map((row, i) => {
    const sum = row.reduce((a, b) => a + b, 0);
    return h("tr", {}, h("th", {scope: "row"}, say(e.labels[i])), ...row.map((n, j) => cell(n, sum, i === j)));
  }));
  $("confusion").querySelector(".body").replaceChildren(h("table", {}, h("caption", {}, "Rows are the truth, columns what was predicted; windows, and per cent of the row."), head, body));
}

function cell(n, sum, right) {
  const share = sum ? n / sum : 0;
  const td = h("td", {}, String(n), n ? h("small", {}, Math.round(share * 100) + " %") : "");
  td.style.background = n ? `color-mix(in srgb, var(${right ? "--accent" : "--bad"}) ${8 + share * 42}%, transparent)` : "";
  if (!n) td.style.color = "var(--dim)";
  return td;
}
