package profile

import (
	"fmt"

	"assay/steps/kit/channel"
	"assay/steps/kit/spelling"
)

// A Subject is a profile and the channel that it is known by.
type Subject struct {
	Profile string
	Channel string // a name of the registry
}

// Defaults returns the profiles of the paper with the original's channels, in its order.
// All are of the host's /proc. io-walk is not known by what the VM's process writes: writes of
// a virtual disk are seldom counted there, but they take system time.
func Defaults() []Subject {
	return []Subject{
		{"cpu-saturate", "proc.cpu_user_jiffies"},
		{"io-walk", "proc.cpu_sys_jiffies"},
		{"bursty-c2", "proc.cpu_user_jiffies"},
		{"low-and-slow", "proc.cpu_user_jiffies"},
		{"scan-and-dial", "proc.cpu_sys_jiffies"},
		{"shell-resident", "proc.cpu_sys_jiffies"},
	}
}

// ChannelIndex returns the index of a channel in the registry. The error for an unknown
// name has the one that was probably meant.
func ChannelIndex(name string) (int, error) {
	known := make([]string, channel.Count)
	for i, c := range channel.All() {
		if c.Name == name {
			return i, nil
		}
		known[i] = c.Name
	}
	if near := spelling.Nearest(name, known); near != "" {
		return 0, fmt.Errorf("there is no channel %q; did you mean %s?", name, near)
	}
	return 0, fmt.Errorf("there is no channel %q; \"assay channels\" lists the %d that there are", name, len(known))
}
