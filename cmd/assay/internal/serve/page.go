package serve

import (
	"bytes"
	"embed"
	"io/fs"
	"net/http"
	"path"
	"time"
)

//go:embed page
var pageFiles embed.FS

// pages answers with the files of the page. They are part of the program, so it works without
// a network.
func pages() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := path.Clean(r.URL.Path)[1:]
		if name == "" {
			name = "index.html"
		}
		servePage(w, r, name)
	})
}

// loginPage answers with the form for the token.
func loginPage(w http.ResponseWriter, r *http.Request) { servePage(w, r, "login.html") }

func servePage(w http.ResponseWriter, r *http.Request, name string) {
	b, err := fs.ReadFile(pageFiles, path.Join("page", name))
	if err != nil {
		http.Error(w, "there is no such page; the dashboard is at /", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", mediaType(path.Ext(name)))
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(b))
}

// mediaType returns the type of a file of the page. The system's own table may lack some.
func mediaType(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return "text/html; charset=utf-8"
}
