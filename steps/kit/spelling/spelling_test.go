package spelling

import "testing"

func TestNearest(t *testing.T) {
	known := []string{"proc.cpu_user_jiffies", "proc.cpu_sys_jiffies", "qmp.kvm_pages_4k", "qmp.kvm_pages_2m", "ab"}
	for name, want := range map[string]string{
		"proc.cpu_user_jiffie":   "proc.cpu_user_jiffies",
		"proc.cpu_sys_jifffies":  "proc.cpu_sys_jiffies",
		"prox.cpu_sys_jiffies":   "proc.cpu_sys_jiffies",
		"qmp.kvm_pages_4m":       "qmp.kvm_pages_4k", // the first of two that are as near
		"qmp.kvm_pages_2m":       "qmp.kvm_pages_2m",
		"proc.cpu":               "",
		"a":                      "",
		"ac":                     "ab",
		"":                       "",
		"something else, longer": "",
	} {
		if got := Nearest(name, known); got != want {
			t.Errorf("%q is taken for %q, want %q", name, got, want)
		}
	}
}
