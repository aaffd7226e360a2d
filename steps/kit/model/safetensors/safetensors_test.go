package safetensors

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
)

// golden is what the reference implementation, safetensors 0.8.0 in Python, writes for
// {"a": [[1, -2]], "b": 0.5}.
const golden = "p\x00\x00\x00\x00\x00\x00\x00" +
	`{"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}   ` +
	"\x00\x00\x80?\x00\x00\x00\xc0\x00\x00\x00?"

func two() []Tensor {
	return []Tensor{{"a", []int{1, 2}, []float32{1, -2}}, {"b", []int{}, []float32{0.5}}}
}

// file makes a file of a header and the number of data bytes.
func file(header string, data int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), make([]byte, data)...)
}

// TestGolden compares a file with what the reference implementation writes.
func TestGolden(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, two()); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != golden {
		t.Errorf("wrote %q", b.Bytes())
	}
}

// TestRoundTrip writes and reads tensors of all ranks and a piece boundary.
func TestRoundTrip(t *testing.T) {
	many := make([]float32, 5000)
	for i := range many {
		many[i] = float32(i) / 7
	}
	odd := []float32{float32(math.Inf(1)), math.SmallestNonzeroFloat32, float32(math.Copysign(0, -1)), 3}
	for _, want := range [][]Tensor{{}, two(), {{"ünï \"x\"\n<", []int{2, 2, 1}, odd}, {"m", []int{5, 1000}, many}}} {
		var b bytes.Buffer
		if err := Write(&b, want); err != nil {
			t.Fatal(err)
		}
		if n := binary.LittleEndian.Uint64(b.Bytes()); n%8 != 0 {
			t.Errorf("the header has %d bytes", n)
		}
		size := int64(b.Len())
		got, err := Read(bytes.NewReader(b.Bytes()), size)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("read %v, %v, want %v", got, err, want)
		}
		if _, err := Read(bytes.NewReader(b.Bytes()), size-1); err == nil {
			t.Error("a file over the limit was read")
		}
	}
}

// TestRefusals reads what is not a safetensors file.
func TestRefusals(t *testing.T) {
	const a = `"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}`
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "ends before the length of the header does"},
		{"short header", file(`{}`, 0)[:9], "ends before the header does"},
		{"huge header", []byte("{\"model\":1}"), "this is not a safetensors file: its header would have"},
		{"no object", file(`[]`, 0), "not a JSON object"},
		{"leading space", file(` {}`, 0), "not a JSON object"},
		{"no JSON", file(`{"a"`, 0), `tensor "a": `},
		{"cut", file(`{`+a, 8), "the header is not JSON"},
		{"latin-1", file("{\"\xe4\":1}", 0), "not valid UTF-8"},
		{"two objects", file(`{}{}`, 0), "more than one JSON object"},
		{"twice", file(`{`+a+`,`+a+`}`, 8), `tensor "a": two tensors have this name`},
		{"twice escaped", file(`{`+a+`,`+strings.Replace(a, `"a"`, `"\u0061"`, 1)+`}`, 8), "two tensors"},
		{"no name", file(`{`+strings.Replace(a, `"a"`, `""`, 1)+`}`, 8), "it has no name"},
		{"metadata", file(`{"__metadata__":{"a":1}}`, 0), "__metadata__ is not a list of texts"},
		{"F16", file(`{`+strings.Replace(a, "F32", "F16", 1)+`}`, 8), `tensor "a": its type is "F16", want "F32"`},
		{"unknown field", file(`{"a":{"dtype":"F32","kind":1}}`, 8), `tensor "a": json: unknown field`},
		{"no shape", file(`{"a":{"dtype":"F32","data_offsets":[0,4]}}`, 4), "it has no shape"},
		{"rank", file(`{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}`, 4), "9 dimensions"},
		{"negative", file(`{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}`, 4), "is -1, want 1 or more"},
		{"zero", file(`{"a":{"dtype":"F32","shape":[0,9],"data_offsets":[0,0]}}`, 0), "is 0, want 1 or more"},
		{"fraction", file(`{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}`, 4), `tensor "a": json`},
		{"overflow", file(`{"a":{"dtype":"F32","shape":[4294967296,4294967297],"data_offsets":[0,4]}}`, 4), "more than"},
		{"one offset", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4]}}`, 4), "1 data_offsets, want 2"},
		{"offsets", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}`, 4), "4 and 0"},
		{"bytes", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}`, 8), "needs 4 bytes"},
		{"gap", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8), "begin at byte 4, want 0"},
		{"overlap", file(`{`+a+`,"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}`, 12),
			`tensor "b": its data begin at byte 4, want 8`},
		{"cut data", file(`{`+a+`}`, 7), "need 8 bytes of data, it has 7"},
		{"more data", file(`{`+a+`}`, 9), "more data than the 8 bytes"},
		{"over limit", file(`{"a":{"dtype":"F32","shape":[1000],"data_offsets":[0,4000]}}`, 4000), "more than"},
	} {
		got, err := Read(bytes.NewReader(c.file), 1000)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v, want %q", c.name, got, err, c.want)
		}
	}
}

// TestReadOthers reads what the reference implementation may write and Write does not:
// metadata, and a header in another order than the data.
func TestReadOthers(t *testing.T) {
	b := file(`{"b":{"data_offsets":[4,8],"shape":[],"dtype":"F32"},"__metadata__":{"format":"pt"},`+
		`"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  `, 8)
	b[len(b)-1], b[len(b)-2] = 0x3f, 0x80 // b is 1
	got, err := Read(bytes.NewReader(b), 1<<20)
	want := []Tensor{{"b", []int{}, []float32{1}}, {"a", []int{1}, []float32{0}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
}

// TestWriteRefuses checks that what Read would refuse is not written.
func TestWriteRefuses(t *testing.T) {
	one := []float32{1}
	for want, list := range map[string][]Tensor{
		`tensor "a": two tensors have this name`:                {{"a", []int{1}, one}, {"a", nil, one}},
		`it has no name`:                                        {{"", nil, one}},
		`tensor "__metadata__": the format reserves`:            {{"__metadata__", nil, one}},
		`its name is not valid UTF-8`:                           {{"\xff", nil, one}},
		`tensor "a": its shape [2] has 2 values, its data 1`:    {{"a", []int{2}, one}},
		`tensor "a": dimension 0 of its shape [0]`:              {{"a", []int{0}, nil}},
		`has more than 2305843009213693951 values`:              {{"a", []int{1 << 40, 1 << 40}, one}},
		`the header of 1 tensors has 1048632 bytes, want 10485`: {{strings.Repeat("a", 1<<20), nil, one}},
	} {
		var b bytes.Buffer
		if err := Write(&b, list); err == nil || !strings.Contains(err.Error(), want) || b.Len() > 0 {
			t.Errorf("%v and %d bytes, want %q and none", err, b.Len(), want)
		}
	}
	if err := Write(full(3), two()); err != io.ErrShortWrite {
		t.Errorf("a full disk: %v", err)
	}
}

// full is a writer that takes so many pieces and no more.
type full int

func (f full) Write(p []byte) (int, error) {
	if len(p) == 4 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

// FuzzRead checks that nothing makes Read panic, and that what it takes is what Write
// makes of it.
func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := Write(&b, two()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(file(`{}`, 0))
	f.Add(file(`{"__metadata__":{"a":"b"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 8))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := Read(bytes.NewReader(data), 1<<20)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := Write(&b, list); err != nil {
			t.Fatal(err)
		}
		again, err := Read(bytes.NewReader(b.Bytes()), 2<<20)
		if err != nil || len(again) != len(list) {
			t.Fatalf("%v, %d tensors of %d", err, len(again), len(list))
		}
		for i, x := range again {
			if x.Name != list[i].Name || !reflect.DeepEqual(x.Shape, list[i].Shape) || len(x.Data) != len(list[i].Data) {
				t.Fatalf("%q %v became %q %v", list[i].Name, list[i].Shape, x.Name, x.Shape)
			}
			for j, v := range x.Data {
				if math.Float32bits(v) != math.Float32bits(list[i].Data[j]) {
					t.Fatalf("%q: value %d changed", x.Name, j)
				}
			}
		}
	})
}
