package work

import (
	"os"
	"regexp"
	"strings"
)

// A store may lie on a file system of several machines, and not on each of these do locks
// reach the others. So the name of a work folder says which machine it belongs to, and only
// that machine looks whether its process is dead:
//
//	work-lab7.1f0c9a3e-204817
//
// The second word begins the ID of the machine's boot. Containers have names of their own
// and share the boot, so they remove each other's; after a restart the name is the same and
// the boot is not.
var workName = regexp.MustCompile(`^work-(?:([a-z0-9-]+)\.([0-9a-z]+)-)?[0-9]+$`)

// IsName reports whether a name is one of a work folder, of any machine.
func IsName(name string) bool { return workName.MatchString(name) }

// A machine is where processes see each other's locks.
type machine struct{ host, boot string }

// noBoot stands for a boot of which the system does not say the ID.
const noBoot = "0"

// thisMachine returns the machine that this process runs on.
func thisMachine() machine {
	host, err := os.Hostname()
	if err != nil {
		host = ""
	}
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		boot = nil
	}
	return machine{nameOf(host, 40, "unknown"), nameOf(strings.ReplaceAll(string(boot), "-", ""), 8, noBoot)}
}

// nameOf makes a word of small letters, digits and dashes; without any of them, other.
func nameOf(text string, most int, other string) string {
	word := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		case r == '-' || r == '.' || r == '_':
			return '-'
		}
		return -1
	}, strings.ToLower(text))
	word = strings.Trim(word[:min(len(word), most)], "-")
	if word == "" {
		return other
	}
	return word
}

// prefix begins the names of the machine's work folders.
func (m machine) prefix() string { return "work-" + m.host + "." + m.boot + "-" }

// owns reports whether a work folder is the machine's. Earlier versions did not say whose
// a folder is: its lock alone counts then.
func (m machine) owns(name string) bool {
	part := workName.FindStringSubmatch(name)
	if part == nil {
		return false
	}
	return part[1] == "" || part[1] == m.host || part[2] == m.boot && m.boot != noBoot
}

// isSure reports whether the kernel's locks say for sure whether the process of a folder is
// dead: it runs, or ran, in this very boot. A folder of this name and another boot may be one from
// before a restart, or one of another machine of that name.
func (m machine) isSure(name string) bool {
	part := workName.FindStringSubmatch(name)
	return part != nil && (part[1] == "" || part[2] == m.boot && (m.boot != noBoot || part[1] == m.host))
}
