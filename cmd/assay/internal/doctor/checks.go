package doctor

import "context"

// A check looks at one thing.
type check func(context.Context, Patient) []Line

// checks lists them in the order in which they are shown: what is needed first.
func checks() []check {
	return []check{checkStore, checkDisk, checkClock, checkMemory, checkCPU, checkFence, checkSlurm, checkRemote}
}
