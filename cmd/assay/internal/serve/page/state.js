// The state of the page: what has come, within bounds.
export const limits = {windows: 240, models: 2000, profiles: 200};

export function empty() {
  return {metrics: new Map(), confusions: new Map(), perfs: new Map(), profiles: new Map(), windows: [], at: new Map(), run: null};
}

const key = (e) => [e.model, e.view ?? "", e.split ?? "", e.metric ?? ""].join("\u001f");
const windowKey = (e) => [e.host, e.episode, e.t_s].join("\u001f");

// take puts an event into the state, and returns the scene that shows it.
export function take(st, e) {
  switch (e.type) {
  case "model_metric": put(st.metrics, key({...e, metric: e.metric ?? "macro_f1"}), e, limits.models); return "models";
  case "confusion_matrix": put(st.confusions, key(e), e, limits.models); return "confusion";
  case "model_perf": put(st.perfs, key(e), e, limits.models); return "cost";
  case "attack_profile": put(st.profiles, e.name, e, limits.profiles); return "profiles";
  case "telemetry_window": addWindow(st, e); return "live";
  case "window_prediction": addPrediction(st, e); return "live";
  case "run_graph": st.run = e; return "run";
  }
  return null;
}

// put keeps the newest at the end, so that the one that has to make room is the oldest.
function put(map, k, e, most) {
  map.delete(k);
  map.set(k, e);
  if (map.size > most) map.delete(map.keys().next().value);
}

function addWindow(st, e) {
  const k = windowKey(e), old = st.at.get(k);
  if (old) { old.said.clear(); st.windows.splice(st.windows.indexOf(old), 1); }
  const w = {...e, key: k, said: new Map()};
  st.at.set(k, w);
  st.windows.push(w);
  while (st.windows.length > limits.windows) st.at.delete(st.windows.shift().key);
}

// addPrediction joins a prediction to its window; without one there is nothing to show it on.
function addPrediction(st, e) {
  const w = st.at.get(windowKey(e));
  if (w && w.said.size < 24) w.said.set(e.model + (e.view ? " " + e.view : ""), e);
}
