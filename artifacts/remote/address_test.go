package remote

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func clearEnv(t *testing.T) {
	for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID",
		"AWS_SECRET_ACCESS_KEY", "MINIO_ROOT_USER", "MINIO_ACCESS_KEY", "AWS_SHARED_CREDENTIALS_FILE", "AWS_PROFILE"} {
		t.Setenv(name, "")
		os.Unsetenv(name)
	}
	t.Setenv("HOME", t.TempDir())
}

func TestParseAddress(t *testing.T) {
	clearEnv(t)
	for _, test := range []struct {
		text string
		want Address
		bad  string // part of the error
	}{
		{text: "s3://lab/paper/v1/", want: Address{Host: amazon, Secure: true, Bucket: "lab", Prefix: "paper/v1"}},
		{text: "s3+http://127.0.0.1:9000/lab", want: Address{Host: "127.0.0.1:9000", Bucket: "lab", Region: "us-east-1"}},
		{text: "s3+https://h.example/lab/a", want: Address{Host: "h.example", Secure: true, Bucket: "lab", Prefix: "a", Region: "us-east-1"}},
		{text: "https://lab.s3.amazonaws.com/a/b", want: Address{Host: "lab.s3.amazonaws.com", Secure: true, Prefix: "a/b"}},
		{text: "http://h/", want: Address{Host: "h"}},
		{text: "", bad: "names no host"},
		{text: "lab/paper", bad: "names no host"},
		{text: "ftp://h/x", bad: "unknown kind"},
		{text: "s3://AKID:hunter2@lab/x", bad: "addresses are shown"},
		{text: "s3://lab/x?y=1", bad: "more than a path"},
		{text: "s3://lab/../x", bad: "different ways"},
		{text: "s3://lab/a//b", bad: "different ways"},
		{text: "s3://lab/a%20b", bad: "different ways"},
		{text: "s3+http://h/", bad: "names no bucket"},
		{text: "s3://LAB/x", bad: "names no bucket"},
		{text: "s3://l/x", bad: "names no bucket"},
		{text: "s3://" + strings.Repeat("a", maxAddress), bad: "at most"},
		{text: "s3://lab:hunter2%zz@h", bad: "cannot be read"},
	} {
		got, err := ParseAddress(test.text)
		if test.bad != "" {
			if err == nil || !strings.Contains(err.Error(), test.bad) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%q: %v", test.text, err)
			}
			continue
		}
		if test.want.Text = test.text; err != nil || got != test.want {
			t.Errorf("%q: %+v, %v", test.text, got, err)
		}
	}
	t.Setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
	t.Setenv("AWS_REGION", "eu-west-1")
	if a, err := ParseAddress("s3://lab/x"); err != nil || a.Host != "127.0.0.1:9" || a.Secure || a.Region != "eu-west-1" {
		t.Errorf("%+v %v", a, err)
	}
	t.Setenv("AWS_ENDPOINT_URL", "nonsense")
	if _, err := ParseAddress("s3://lab/x"); err == nil {
		t.Error("an endpoint that is none")
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, text := range []string{"s3://lab/a", "s3+http://h:1/lab/a", "https://h/a", "s3://a:b@lab", "s3://lab/%2e%2e", "://"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseAddress(text)
		if err != nil {
			return
		}
		key := a.key("format")
		if a.Host == "" || strings.Contains(key, "..") || strings.Contains(key, "//") || strings.HasPrefix(key, "/") {
			t.Errorf("%q: %+v, key %q", text, a, key)
		}
	})
}

func FuzzDigestOf(f *testing.F) {
	f.Add("p/blobs/ab/" + strings.Repeat("ab", 32))
	f.Add("blobs/")
	f.Add("")
	f.Fuzz(func(t *testing.T, key string) {
		if d, ok := digestOf(key); ok && !strings.HasSuffix(key, "/"+d.String()[:2]+"/"+d.String()) {
			t.Errorf("%q is taken for %s", key, d)
		}
	})
}

func FuzzParseRange(f *testing.F) {
	f.Add("bytes 5-9/10")
	f.Add("bytes 5-9/*")
	f.Add("bytes -/")
	f.Fuzz(func(t *testing.T, text string) {
		if from, size := parseRange(text); from < 0 || size < -1 || size >= 0 && size < from {
			t.Errorf("%q: %d of %d", text, from, size)
		}
	})
}

func TestCredentials(t *testing.T) {
	clearEnv(t)
	a, err := ParseAddress("s3+http://127.0.0.1:9000/lab")
	if err != nil {
		t.Fatal(err)
	}
	access := func() string {
		b, err := newBucket(a, Options{}.withDefaults())
		if err != nil {
			t.Fatal(err)
		}
		v, err := b.core.GetCreds()
		if err != nil || b.anonymous() != (v.AccessKeyID == "") {
			t.Fatal(v.AccessKeyID, err)
		}
		return v.AccessKeyID
	}
	if got := access(); got != "" {
		t.Errorf("without credentials: %q", got)
	}
	home, _ := os.UserHomeDir()
	write := func(name, text string) {
		path := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(".mc/config.json", `{"version":"10","aliases":{"x":{"url":"http://other","accessKey":"no"},`+
		`"y":{"url":"http://127.0.0.1:9000","accessKey":"fromMC","secretKey":"s"}}}`)
	if got := access(); got != "fromMC" {
		t.Errorf("with ~/.mc: %q", got)
	}
	write(".aws/credentials", "[default]\naws_access_key_id = fromFile\naws_secret_access_key = s\n")
	if got := access(); got != "fromFile" {
		t.Errorf("with ~/.aws: %q", got)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "fromEnv")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "s")
	if got := access(); got != "fromEnv" {
		t.Errorf("with the environment: %q", got)
	}
}
