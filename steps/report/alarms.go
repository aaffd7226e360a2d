package report

import (
	"math"
	"slices"

	"assay/steps/internal/results"
	"assay/steps/kit/alarm"
	"assay/steps/kit/plain"
)

const alarmTemplate = `
<p class="facts">An alarm is raised when the probability that malware runs reaches a threshold. The threshold is
chosen on the validation part, so that alarms in clean
telemetry are no more than a budget; here is what it did on the test parts of all splits together. A false alarm is
one in clean windows; it counts again every minute. Episodes with an alarm before malware ran count as found, with a
delay of 0.</p>
{{range .Budgets}}<div class="scroll" tabindex="0" role="region" aria-label="Alarms, {{.Budget}}"><table
class="alarms">
<caption>Allowed per hour of clean telemetry: {{.Budget}}</caption>
<thead><tr><th scope="col">Model</th><th scope="col">View</th><th scope="col" class="n">malware found</th><th
scope="col" class="n">false alarms per hour</th><th scope="col" class="n">benign episodes with an alarm</th><th
scope="col" class="n">median delays of profiles</th></tr></thead>
<tbody>{{range .Rows}}<tr><th scope="row">{{.Model}}</th><td>{{.View}}</td><td class="n">{{.Found}}</td><td
class="n">{{.PerHour}}</td><td class="n">{{.Benign}}</td><td class="n">{{.Delay}}</td></tr>
{{end}}</tbody></table></div>
{{if .Profiles}}<details><summary>Delay by profile ({{.Budget}})</summary><div class="scroll" tabindex="0"
role="region" aria-label="Delay by profile"><table class="alarms">
<thead><tr><th scope="col">Profile</th>{{range .Models}}<th scope="col" class="n">{{.}}</th>{{end}}</tr></thead>
<tbody>{{range .Profiles}}<tr><th scope="row">{{.Name}}</th>{{range .Cells}}<td class="n">{{.}}</td>{{end}}</tr>
{{end}}</tbody></table></div><p class="facts">Episodes found of those in which malware runs, over all splits, and
the range of the median delays of the splits, {{.View}} view.</p></details>{{end}}
{{end}}`

type alarmBlock struct {
	Budget   string
	View     string // of the profiles
	Rows     []alarmRow
	Models   []string
	Profiles []alarmProfile
}

type alarmRow struct{ Model, View, Found, PerHour, Benign, Delay string }

type alarmProfile struct {
	Name  string
	Cells []string
}

func alarmSection(d *document) *section {
	var budgets []float64
	for _, e := range d.Evals {
		for _, op := range e.Alarms {
			if !slices.Contains(budgets, op.Budget) {
				budgets = append(budgets, op.Budget)
			}
		}
	}
	if len(budgets) == 0 {
		return nil
	}
	var data struct{ Budgets []alarmBlock }
	for _, b := range budgets {
		block, n := d.alarmBlock(b), len(data.Budgets)
		if n > 0 && slices.Equal(data.Budgets[n-1].Rows, block.Rows) {
			data.Budgets[n-1].Budget += "; " + block.Budget + " come to the same"
			continue
		}
		data.Budgets = append(data.Budgets, block)
	}
	return &section{ID: "alarms", Title: "Alarms and delay of detection", Template: alarmTemplate, Data: data}
}

func (d *document) alarmBlock(budget float64) alarmBlock {
	text := plain.Decimals(budget, 0)
	if budget != math.Trunc(budget) {
		text = plain.Two(budget)
	}
	what := " false alarms"
	if text == "1" {
		what = " false alarm"
	}
	out := alarmBlock{Budget: text + what, View: plain.Name(d.Views[0]), Models: plain.Names(d.Models)}
	for _, m := range d.Models {
		for _, v := range d.Views {
			if outcomes := d.outcomes(m, v, budget); len(outcomes) > 0 {
				out.Rows = append(out.Rows, newAlarmRow(plain.Name(m), plain.Name(v), outcomes))
			}
		}
	}
	var profiles []string
	for _, m := range d.Models {
		for _, o := range d.outcomes(m, d.Views[0], budget) {
			for _, p := range o.Delays {
				profiles = results.AppendNew(profiles, p.Profile)
			}
		}
	}
	slices.Sort(profiles)
	for _, p := range profiles {
		row := alarmProfile{Name: plain.Name(p)}
		for _, m := range d.Models {
			row.Cells = append(row.Cells, delayText(d.outcomes(m, d.Views[0], budget), p))
		}
		out.Profiles = append(out.Profiles, row)
	}
	return out
}

// outcomes returns what a model's alarms did, by evaluation.
func (d *document) outcomes(model, view string, budget float64) []*alarm.Outcome {
	var list []*alarm.Outcome
	for _, e := range d.Evals {
		for _, op := range e.Alarms {
			if e.Model == model && e.View == view && op.Budget == budget && op.Test != nil {
				list = append(list, op.Test)
			}
		}
	}
	return list
}

func newAlarmRow(model, view string, list []*alarm.Outcome) alarmRow {
	var sum alarm.Outcome
	for _, o := range list {
		sum.Detected += o.Detected
		sum.Malicious += o.Malicious
		sum.FalseAlarms += o.FalseAlarms
		sum.CleanHours += o.CleanHours
		sum.FalseVerdict += o.FalseVerdict
		sum.Benign += o.Benign
	}
	perHour := math.NaN()
	if sum.CleanHours > 0 {
		perHour = float64(sum.FalseAlarms) / sum.CleanHours
	}
	return alarmRow{model, view, of(sum.Detected, sum.Malicious), plain.Decimals(perHour, 1),
		of(sum.FalseVerdict, sum.Benign),
		delayRange(list, func(alarm.Delay) bool { return true })}
}

// of prints a part of a whole, "12 of 40".
func of(part, whole int) string { return plain.Itoa(part) + " of " + plain.Itoa(whole) }

// delayText prints the episodes of a profile that were found, and how soon.
func delayText(list []*alarm.Outcome, profile string) string {
	found, episodes := 0, 0
	is := func(p alarm.Delay) bool { return p.Profile == profile }
	for _, o := range list {
		for _, p := range o.Delays {
			if is(p) {
				found += p.Detected
				episodes += p.Episodes
			}
		}
	}
	switch {
	case episodes == 0:
		return "–"
	case found == 0:
		return of(0, episodes)
	}
	return of(found, episodes) + ", " + delayRange(list, is)
}

// delayRange prints the range of the median delays of profiles.
func delayRange(list []*alarm.Outcome, take func(alarm.Delay) bool) string {
	low, high := math.Inf(1), math.Inf(-1)
	for _, o := range list {
		for _, p := range o.Delays {
			if take(p) && p.Detected > 0 {
				low, high = min(low, p.Median), max(high, p.Median)
			}
		}
	}
	switch {
	case low > high:
		return "–"
	case low == high:
		return plain.Decimals(low, 1) + " s"
	}
	return plain.Decimals(low, 1) + "–" + plain.Decimals(high, 1) + " s"
}
