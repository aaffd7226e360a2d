// Package compare says which of several models is better, and what the data cannot tell
// apart. Call [Compare]; [Write] and [Read] are for its file.
//
// Every pair of models is compared on the same resamples of the same episodes, so that
// what makes an episode hard for both cancels out (a paired bootstrap). P values are
// adjusted for the number of pairs by Holm's method. Several seeds of one model are
// averaged within a resample: they say how much training varies, and are not more data.
//
// Read types.go first, then compare.go.
package compare
