// Package huge makes large slices that the system may keep in huge pages. Call [Bytes].
//
// Reading bytes far apart costs a processor a look at the table of pages each time, once there are
// more pages than it remembers: with 4 KiB each that is a few megabytes. Pages of 2 MiB
// make histograms of small nodes a fifth faster.
package huge

// page is the size of a huge page on most machines; only speed depends on it.
const page = 2 << 20

// Bytes returns n zero bytes. If they fill a huge page or more, the system is asked to use
// such pages; where it cannot, it uses others.
func Bytes(n int) []byte {
	b := make([]byte, n)
	if n >= 2*page {
		advise(b)
	}
	return b
}
