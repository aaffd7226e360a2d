package step

import "testing"

func TestMatchesName(t *testing.T) {
	const node = "gbt[hold=lab-d4,view=oracle]"
	for target, want := range map[string]bool{
		node: true, "gbt": true, "gbt[view=oracle]": true, "gbt[view=oracle,hold=lab-d4]": true,
		"gbt[view=oracl]": false, "gb": false, "gbt[]": false, "": false, "eval[view=oracle]": false,
	} {
		if MatchesName(node, target) != want {
			t.Errorf("%q: %v", target, !want)
		}
	}
}
