// Package episode reads and writes recorded VM episodes: the files
// <host>/<episode>.tar.zst of a store.
//
// Call [NewReader] once per goroutine and [Reader.Read] for each episode; what comes
// is an [Episode] of four tables, labels and metadata. An [Archiver] writes such files.
// Read reader.go first, then container.go (the archive), table.go and row.go (the rows).
// row_template.go, row_learn.go and row_list.go only make rows faster.
//
// Everything read is taken for hostile. What can be decoded is kept, what cannot is
// counted and said ([Lost], [Finding]); the verdict over an episode is left to whoever
// validates.
package episode
