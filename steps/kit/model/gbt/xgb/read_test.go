package xgb

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
)

// TestPlace finds words that stand for no number, and says where.
func TestPlace(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":{"b":[1,{"c":null}]}}`:          "a.b[1].c is null",
		`{"a":"null","b":[[1,2],[3,NaN]]}`:    "b[1][1] is NaN",
		`{"a\"null":[-Infinity]}`:             `a"null[0] is Infinity`,
		`null`:                                "the file is null",
		`{"a":{},"b":[],"c":{"d":0},"e":NaN}`: "e is NaN",
	} {
		err, null := zeroWords([]byte(text))
		if err == nil {
			err = null
		}
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if found, err := zeroWords([]byte(`{"null":"NaN\\","b":[true,false,-1.5E-3]}`)); found != nil || err != nil {
		t.Errorf("found %v, %v", found, err)
	}
}

func TestScore(t *testing.T) {
	for text, want := range map[string]Score{`"5E-1"`: "5E-1", `0.5`: "0.5", `"[1E0,2E0]"`: "[1E0,2E0]"} {
		var got LearnerParam
		if err := json.Unmarshal([]byte(`{"base_score":`+text+`}`), &got); err != nil || got.BaseScore != want {
			t.Errorf("%s: %q, %v", text, got.BaseScore, err)
		}
	}
}

// ubjOf is UBJSON of all types that there are, by hand.
const ubjOf = "{U\x01a[$d#L\x00\x00\x00\x00\x00\x00\x00\x02\x3f\x80\x00\x00\x7f\xc0\x00\x00" + // [1, NaN]
	"i\x01b[$U#U\x03\x01\x02\xff" + // [1, 2, 255]
	"I\x00\x01c[#U\x04i\xffI\xff\xfel\xff\xff\xff\xfdL\xff\xff\xff\xff\xff\xff\xff\xfc" + // [-1, -2, -3, -4]
	"l\x00\x00\x00\x01d[ZTFSU\x02\"\xffD\x3f\xf8\x00\x00\x00\x00\x00\x00D\x7f\xf0\x00\x00\x00\x00\x00\x00]" +
	"U\x01e{#U\x01U\x01fU\x07}"

func TestUBJ(t *testing.T) {
	got, err := fromUBJ([]byte(ubjOf))
	want := `{"a":[1E+00,NaN],"b":[1,2,255],"c":[-1,-2,-3,-4],"d":[null,true,false,"\"\ufffd",1.5E+00,Infinity],"e":{"f":7}}`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
}

func TestUBJRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"{U\x01a":        "at byte 4: it ends early",
		"{U\xffa":        "it ends early",
		"{i\x81a":        "it ends early",
		"{U\x01aU\x01}x": "something follows",
		"{U\x01a?}":      `'?' is no type`,
		"{U\x01a[$d]}":   "has its length",
		"{U\x01a[$Z#L\x7f\xff\xff\xff\xff\xff\xff\xff": "it ends early",
		"{U\x01a[$Z#U\x01\x00":                         "is of numbers",
		"{U\x01a" + strings.Repeat("[", 100):           "more than 32 deep",
	} {
		_, err := Read(strings.NewReader(in))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "ends with .json") {
			t.Errorf("%q: error %v, want %q", in, err, want)
		}
	}
	for _, in := range []string{"", "binf\x00\x00", `{"a":nil}`, `{"a":null,}`, `{"a":Nan}`, "{", "\"", "\"\\"} {
		if _, err := Read(strings.NewReader(in)); err == nil || !strings.Contains(err.Error(), ", at byte ") {
			t.Errorf("%q: error %v", in, err)
		}
	}
}

// FuzzRead looks for bytes that make Read panic, and for models that do not come back as they
// were.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"binary.json", "starts.ubj"} {
		b, err := os.ReadFile("../testdata/foreign/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(ubjOf))
	f.Add([]byte(`{"learner":{"attributes":{"a":null}}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Read(bytes.NewReader(b))
		if err != nil {
			return
		}
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		again := new(Model) // lists that were not there are null now, which Read refuses
		if err := json.Unmarshal(text, again); err != nil {
			t.Fatal(err)
		}
		twice, err := json.Marshal(again)
		if err != nil || !reflect.DeepEqual(text, twice) {
			t.Errorf("%s comes back as %s, %v", text, twice, err)
		}
	})
}
