package work

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestNameOfAMachine(t *testing.T) {
	for text, want := range map[string]string{
		"lab7": "lab7", "Lab-7.example.org": "lab-7-example-org", "ü..": "unknown", "": "unknown", "a/b": "ab",
		"-x-": "x",
	} {
		if got := nameOf(text, 40, "unknown"); got != want {
			t.Errorf("%q is named %q, want %q", text, got, want)
		}
	}
	if got := nameOf("abcdef", 3, ""); got != "abc" {
		t.Errorf("%q", got)
	}
	m := thisMachine()
	if name := m.prefix() + "1"; !IsName(name) || !m.owns(name) {
		t.Errorf("%s is not this machine's", name)
	}
}

func TestOnlyItsMachineSweepsAFolder(t *testing.T) {
	m := machine{"lab7", "1f0c9a3e"}
	for name, want := range map[string]bool{
		"work-lab7.1f0c9a3e-1": true,
		"work-lab7.00000000-1": true,  // before a restart
		"work-box.1f0c9a3e-1":  true,  // another container
		"work-lab8.00000000-1": false, // another machine
		"work-lab8.0-1":        false,
		"work-1":               true, // of an earlier version
		"work-lab7-1":          false,
		"mine":                 false,
	} {
		if m.owns(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
	if (machine{"lab7", noBoot}).owns("work-lab8.0-1") {
		t.Error("two machines without a boot ID are taken for one")
	}
}

func TestOnlyTheSameBootIsSure(t *testing.T) {
	m := machine{"lab7", "1f0c9a3e"}
	for name, want := range map[string]bool{
		"work-lab7.1f0c9a3e-1": true, "work-box.1f0c9a3e-1": true, "work-1": true,
		"work-lab7.00000000-1": false, // a restart, or another machine that is called so
		"work-lab8.00000000-1": false, "mine": false,
	} {
		if m.isSure(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
	if n := (machine{"lab7", noBoot}); !n.isSure("work-lab7.0-1") || n.isSure("work-lab8.0-1") {
		t.Error("without a boot ID the name must decide")
	}
}

// A folder of this name and another boot is left alone while its process may be alive on
// another machine; then it is swept. What is alive elsewhere keeps gc away.
func TestOtherBoot(t *testing.T) {
	tmp := t.TempDir()
	here := thisMachine()
	name := machine{here.host, "zzzzzzzz"}.prefix() + "1"
	lock := filepath.Join(tmp, name+".lock")
	if err := os.WriteFile(lock, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if dead := Dead(tmp); len(dead) > 0 || !slices.Equal(Abroad(tmp), []string{name}) {
		t.Errorf("dead: %q, abroad: %q", dead, Abroad(tmp))
	}
	old := time.Now().Add(-2 * Silent)
	os.Chtimes(lock, old, old)
	if dead := Dead(tmp); len(dead) != 1 || len(Abroad(tmp)) > 0 {
		t.Errorf("dead: %q, abroad: %q", dead, Abroad(tmp))
	}
}

func TestSweepLeavesOtherMachinesAlone(t *testing.T) {
	tmp := t.TempDir()
	mine, other := thisMachine().prefix()+"1", "work-another-machine.zzzzzzzz-1"
	for _, name := range []string{mine, other} {
		if err := os.Mkdir(filepath.Join(tmp, name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(tmp, name+".lock"), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if dead := Dead(tmp); !slices.Equal(dead, []string{filepath.Join(tmp, mine)}) {
		t.Errorf("dead: %q", dead)
	}
	if err := Sweep(tmp); err != nil {
		t.Fatal(err)
	}
	var left []string
	entries, _ := os.ReadDir(tmp)
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if !slices.Equal(left, []string{other, other + ".lock"}) {
		t.Errorf("left: %q", left)
	}
}
