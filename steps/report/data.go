package report

import (
	"fmt"
	"strings"

	"assay/steps/kit/plain"
)

const dataTemplate = `
<p class="facts">{{.Episodes}} episodes were checked:{{range $i, $s := .Statuses}}{{if $i}},{{end}} {{$s.N}}
{{$s.Status}}{{end}}. Accepted and degraded ones are used.</p>
<div class="pair">
{{template "counts" (.Table "By host" "Host" .ByHost)}}
{{template "counts" (.Table "By profile" "Profile" .ByProfile)}}
</div>
<div class="scroll" tabindex="0" role="region" aria-label="Splits"><table class="splits"><caption>Splits: episodes
of each part</caption>
<thead><tr><th scope="col">Split</th><th scope="col">Held out</th><th scope="col" class="n">train</th><th
scope="col" class="n">validation</th><th scope="col" class="n">test</th><th scope="col" class="n">excluded</th><th
scope="col" class="n">test windows</th></tr></thead>
<tbody>{{range .Splits}}<tr><th scope="row">{{.Name}}</th><td class="wrap">{{.Held}}</td>{{range .Parts}}<td
class="n">{{.}}</td>{{end}}<td class="n">{{.Windows}}</td></tr>
{{end}}</tbody></table></div>
{{if .Listed}}<details>
<summary>Episodes not accepted ({{len .Listed}}{{if .Unlisted}} of {{.NotAccepted}}{{end}}), with the
reasons</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Episodes not accepted"><table class="episodes">
<thead><tr><th scope="col">Status</th><th scope="col">Host</th><th scope="col">Episode</th><th
scope="col">Profile</th><th scope="col">Reasons</th></tr></thead>
<tbody>{{range .Listed}}<tr><td><span class="status {{.Status}}">{{.Status}}</span></td><td>{{.Host}}</td><td
class="id">{{.Episode}}</td><td>{{.Profile}}</td><td class="why">{{range .Reasons}}<p>{{.}}</p>{{end}}{{if .More}}<p
class="more">and {{.More}} more</p>{{end}}</td></tr>
{{end}}</tbody></table></div>
{{if .Unlisted}}<p class="facts">{{.Unlisted}} more are in the index, index.parquet.</p>{{end}}
</details>{{else}}<p class="facts">Every episode was accepted.</p>{{end}}
{{define "counts"}}<div class="scroll" tabindex="0" role="region" aria-label="{{.Caption}}"><table class="counts">
<caption>{{.Caption}}</caption>
<thead><tr><th scope="col">{{.Head}}</th>{{range .Statuses}}<th scope="col" class="n">{{.Status}}</th>{{end}}<th
scope="col" class="n">all</th></tr></thead>
<tbody>{{range .Rows}}<tr><th scope="row">{{.Name}}</th>{{range .Counts}}<td
class="n{{if not .}} zero{{end}}">{{.}}</td>{{end}}<td class="n">{{.Total}}</td></tr>
{{end}}</tbody>
<tfoot><tr><th scope="row">all</th>{{range .Statuses}}<td class="n{{if not .N}} zero{{end}}">{{.N}}</td>{{end}}<td
class="n">{{.All}}</td></tr></tfoot>
</table></div>{{end}}`

// dataCard is the validation with the splits that were made of it.
type dataCard struct {
	*validation
	Splits []splitRow
}

type splitRow struct {
	Name, Held string
	Parts      []string
	Windows    int
}

func dataSection(d *document) *section {
	card := dataCard{validation: d.Validation}
	for _, s := range d.Splits {
		row := splitRow{Name: plain.Name(s.Name), Held: plain.Text(s.Held, 300), Windows: s.First.Windows}
		for _, part := range []string{"train", "validation", "test", "excluded"} {
			row.Parts = append(row.Parts, plain.Itoa(s.First.ByEpisodes[part]))
		}
		card.Splits = append(card.Splits, row)
	}
	return &section{ID: "data", Title: "The data", Template: dataTemplate, Data: card}
}

// about returns what the page is about, in one sentence.
func (d *document) about() string {
	models := strings.Join(plain.Names(d.Models), ", ")
	if len(d.Models) > 9 {
		models = plain.Count(len(d.Models), "model")
	}
	usable := d.Validation.Statuses[0].N + d.Validation.Statuses[1].N
	return fmt.Sprintf("%s of %s on %s, from %d of %s usable after validation.", plain.Count(len(d.Evals), "evaluation"),
		models, plain.Count(len(d.Splits), "held-out split"), usable,
		plain.Count(d.Validation.Episodes, "recorded episode"))
}
