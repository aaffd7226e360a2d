package telemetry

// Limits bound what one episode may cost. Zero fields are not "no limit":
// start from [DefaultLimits].
type Limits struct {
	File     int64 // bytes of the .tar.zst
	Unpacked int64 // bytes of the tar
	Ratio    int64 // the tar may be this many times the file...
	Free     int64 // ...or of this many bytes, whatever the ratio
	History  int64 // bytes of zstd's window
	Entries  int   // entries of the tar
	Line     int   // bytes of a telemetry or label line
	Meta     int   // bytes of meta.json
	Labels   int   // rows of labels.jsonl
	Rows     int   // rows of one source
	Windows  int   // windows of one episode
}

// DefaultLimits returns bounds far above any honest episode: a day of telemetry
// fits, at two hundred times the compression that recordings show to begin with.
func DefaultLimits() Limits {
	return Limits{
		File:     256 << 20,
		Unpacked: 512 << 20,
		Ratio:    200,
		Free:     16 << 20,
		History:  16 << 20,
		Entries:  64,
		Line:     1 << 20,
		Meta:     1 << 20,
		Labels:   100_000,
		Rows:     1 << 20,
		Windows:  1 << 16,
	}
}

// unpacked returns the bound on the tar of a file of n bytes.
func (l Limits) unpacked(n int) int64 {
	return min(l.Unpacked, max(l.Free, l.Ratio*int64(n)))
}
