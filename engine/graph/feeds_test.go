package graph_test

import (
	"slices"
	"testing"
)

// TestFeeds looks at what the nodes read: a source, an output twice, and both by one port.
func TestFeeds(t *testing.T) {
	g, _, bad := resolve(t, head+`
  a: {uses: strip, in: {text: data}}
  b: {uses: copy, in: {text: a.text, more: a.text}}
  c: {uses: join, in: {texts: [data, a.text, b.text]}}
`)
	if bad != "" {
		t.Fatal(bad)
	}
	want := map[string]struct{ feeds, upstream []string }{
		"a": {[]string{"text=data"}, nil},
		"b": {[]string{"text=a.text", "more=a.text"}, []string{"a", "a"}},
		"c": {[]string{"texts=data", "texts=a.text", "texts=b.text"}, []string{"a", "b"}},
	}
	for _, n := range g.Nodes {
		var feeds, upstream []string
		for port, f := range n.Feeds() {
			from := f.Source
			if f.Node != nil {
				from = f.Node.Name() + "." + f.Output
			}
			feeds = append(feeds, port.Name+"="+from)
		}
		for up := range n.Upstream() {
			upstream = append(upstream, up.Name())
		}
		if w := want[n.Name()]; !slices.Equal(feeds, w.feeds) || !slices.Equal(upstream, w.upstream) {
			t.Errorf("%s reads %q, from %q; want %q, %q", n.Name(), feeds, upstream, w.feeds, w.upstream)
		}
		for range n.Feeds() { // a loop may end early
			break
		}
		for range n.Upstream() {
			break
		}
	}
	ports := g.SourcePorts()
	if len(ports) != 1 || len(ports["data"]) != 2 || ports["data"][0].Name != "text" || ports["data"][1].Name != "texts" {
		t.Errorf("the source is read by %+v", ports)
	}
}
