package serve

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// guard lets nobody in who should not come: by another name (DNS rebinding), from another
// site, or without the token. It also gives each answer the headers that keep a page safe.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protect(w.Header())
		switch {
		case !s.calledRight(r.Host):
			s.counts.refused.Add(1)
			http.Error(w, "this server is not called "+printable(r.Host)+"; name it with --host if it should be",
				http.StatusMisdirectedRequest)
		case !sameSite(r):
			s.counts.refused.Add(1)
			http.Error(w, "requests from other sites are refused", http.StatusForbidden)
		case s.o.Token != "" && !open(r.URL.Path) && !s.knows(r):
			s.counts.refused.Add(1)
			s.askToken(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// protect sets what every answer says.
func protect(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'self'; object-src 'none'; base-uri 'none'; "+
		"frame-ancestors 'none'; form-action 'self'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// calledRight reports whether the server may be called by this name. A page elsewhere can make
// a name of its own point here, but it cannot make an address do so.
func (s *Server) calledRight(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	return name == "localhost" || net.ParseIP(name) != nil || slices.Contains(s.o.Hosts, name)
}

// sameSite reports whether a request comes from the server's own pages or from no page at
// all. A link on another page may lead to the dashboard.
func sameSite(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" {
		u, err := url.Parse(origin)
		if err != nil || u.Host != r.Host || u.Scheme != "http" && u.Scheme != "https" {
			return false
		}
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return true
	}
	return r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate" &&
		(r.URL.Path == "/" || r.URL.Path == "/login")
}

// open reports whether a path needs no token.
func open(path string) bool { return path == "/healthz" || path == "/login" || path == "/login.css" }

const cookieName = "assay"

// knows reports whether a request has the token, or the cookie that the token was given for.
func (s *Server) knows(r *http.Request) bool {
	if text, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return s.same(text, s.o.Token)
	}
	c, err := r.Cookie(cookieName)
	return err == nil && s.same(c.Value, s.cookie())
}

// same compares two secrets in a time that says nothing about them.
func (s *Server) same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// cookie returns what a browser keeps in place of the token.
func (s *Server) cookie() string {
	m := hmac.New(sha256.New, []byte(s.o.Token))
	m.Write([]byte("assay dashboard"))
	return hex.EncodeToString(m.Sum(nil))
}

// askToken sends a browser to the form for the token, and refuses everybody else.
func (s *Server) askToken(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && r.URL.Path == "/" {
		http.Redirect(w, r, "/login", http.StatusSeeOther)
		return
	}
	w.Header().Set("WWW-Authenticate", `Bearer realm="assay"`)
	http.Error(w, "the token is missing or wrong; send it as: Authorization: Bearer TOKEN", http.StatusUnauthorized)
}

// login takes the token from the form, and gives the browser a cookie for it.
func (s *Server) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	if s.o.Token == "" || !s.same(r.PostFormValue("token"), s.o.Token) {
		s.counts.refused.Add(1)
		http.Error(w, "this is not the token; go back and try again", http.StatusUnauthorized)
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: s.cookie(), Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: r.TLS != nil, MaxAge: 30 * 24 * 3600,
	})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// printable returns a name from outside without what could disturb a terminal, and not at length.
func printable(text string) string {
	text = strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' {
			return '?'
		}
		return c
	}, text)
	return text[:min(len(text), 100)]
}
