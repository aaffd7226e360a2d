package episode

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

// DefaultLimits returns bounds far above most honest episodes. A day of telemetry
// fits: at 10 Hz that is 864,000 rows of a source and 1.3 GB of JSON. What memory an
// episode takes does not depend on how much it unpacks to but on its rows: a day's take
// about 0.4 GB as tables and as much again as series, the most that is read 0.9 GB
// together. The window is the largest that zstd itself reads without being told to.
func DefaultLimits() Limits {
	return Limits{
		File:     256 << 20,
		Unpacked: 2 << 30,
		Ratio:    200,
		Free:     16 << 20,
		History:  128 << 20,
		Entries:  64,
		Line:     1 << 20,
		Meta:     1 << 20,
		Labels:   100_000,
		Rows:     1 << 20,
		Windows:  1 << 16,
	}
}

// unpacked returns the bound on the tar of a file of n bytes.
func (l Limits) unpacked(n int64) int64 {
	return min(l.Unpacked, max(l.Free, l.Ratio*n))
}
