//go:build !unix

package agent

// A use is what this process took so far; nothing is known of it here, where Slurm does not run.
type use struct {
	cpu float64
	rss int64
}

func usage() use { return use{} }
