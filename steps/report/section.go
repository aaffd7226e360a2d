package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"os"

	"assay/steps/internal/results"
	"assay/steps/kit/figure"
	"assay/steps/kit/files"
	"assay/steps/kit/plain"
	"assay/steps/kit/profile"
)

// A document is all that the page says.
type document struct {
	Params
	*results.Results
	Validation *validation
	Trained    []*trained
	Recipe     []recipeFile
	Profiles   []*profile.Envelope
}

// A section is a part of the page. Its template gets its data; functions are those of
// [functions].
type section struct {
	ID, Title string
	Template  string
	Data      any
	Figures   []*figure.Figure // also written as files
}

// sections makes every section of the page, in their order. One returns nil if there is
// nothing to say.
func sections() []func(*document) *section {
	return []func(*document) *section{
		headlineSection,
		forestSection,
		failureSection,
		calibrationSection,
		alarmSection,
		learningSection,
		importanceSection,
		comparisonSection,
		profileSection,
		dataSection,
		evaluationSection,
		recipeSection,
	}
}

func (d *document) build() ([]rendered, error) {
	var list []rendered
	for _, f := range sections() {
		s := f(d)
		if s == nil {
			continue
		}
		body, err := s.render()
		if err != nil {
			return nil, fmt.Errorf("section %s of the page: %w", s.ID, err)
		}
		list = append(list, rendered{s.ID, s.Title, body, s.Figures})
	}
	return list, nil
}

// A rendered section is ready to print.
type rendered struct {
	ID, Title string
	Body      template.HTML
	figures   []*figure.Figure
}

func (s *section) render() (template.HTML, error) {
	t, err := template.New(s.ID).Funcs(functions()).Parse(s.Template)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, s.Data); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil // made by html/template, which escaped it
}

// functions are what templates can call.
func functions() template.FuncMap {
	return template.FuncMap{
		"drawing": func(f *figure.Figure, i int) template.HTML { return template.HTML(f.Inline(i)) },
		"name":    plain.Name,
		"add":     func(a, b int) int { return a + b },
	}
}

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

// A page is the data of page.html.
type page struct {
	Title    string
	About    string
	Style    template.CSS
	Verdict  []template.HTML
	Sections []rendered
}

func pageOf(d *document, list []rendered) *page {
	return &page{plain.Text(d.Title, 200), d.about(), template.CSS(pageStyle), d.verdict(), list}
}

func (p *page) write(w io.Writer) error {
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		return err
	}
	return t.Execute(w, p)
}

// writeFigures writes the figures of all sections.
func writeFigures(root *os.Root, list []rendered) error {
	if err := root.Mkdir("figures", 0o777); err != nil {
		return err
	}
	for _, s := range list {
		for _, f := range s.figures {
			if err := files.Write(root, "figures/"+f.Name+".svg", f.WriteSVG); err != nil {
				return err
			}
			if err := files.Write(root, "figures/"+f.Name+".png", f.WritePNG); err != nil {
				return err
			}
		}
	}
	return nil
}
