package event

import (
	"cmp"
	"fmt"
	"strings"
)

// A Reason is one reason for an action to run.
type Reason struct {
	What    Cause
	Name    string   // of the parameter, input or output
	From    string   // the value in the last run
	To      string   // the value in this run; for an input, which files differ
	Because []string // nodes whose results differ, or are not known yet
}

// A Cause is the type of a reason.
type Cause string

// The causes.
const (
	NewNode       Cause = "not made before"
	NewShard      Cause = "a new shard"
	Lost          Cause = "its result is no longer in the store"
	Changed       Cause = "changed since the last run" // the last action is no longer known
	Forced        Cause = "forced"
	Kind          Cause = "kind"
	Param         Cause = "parameter"
	InputNew      Cause = "input is new"
	InputGone     Cause = "input is gone"
	InputChanged  Cause = "input"
	OutputNew     Cause = "output is new"
	OutputGone    Cause = "output is gone"
	DependsOn     Cause = "depends on" // what the nodes make is not known yet
	WillFail      Cause = "it will fail"
	InAnotherWord Cause = "" // To is the whole text, as read from a journal
)

// String returns the reason for people, on one line.
func (r Reason) String() string {
	switch r.What {
	case Kind:
		return fmt.Sprintf("kind %s → %s", r.From, r.To)
	case Param:
		return fmt.Sprintf("%s %s → %s", r.Name, cmp.Or(r.From, "(none)"), cmp.Or(r.To, "(none)"))
	case InputNew:
		return "input " + r.Name + " is new"
	case InputGone:
		return "input " + r.Name + " is gone"
	case InputChanged:
		return "input " + r.Name + ": " + r.To
	case OutputNew:
		return "output " + r.Name + " is new"
	case OutputGone:
		return "output " + r.Name + " is gone"
	case DependsOn:
		return "depends on " + few(r.Because)
	case WillFail:
		return "it will fail: " + r.To
	case InAnotherWord:
		return r.To
	}
	return string(r.What)
}

// few lists names; of more than three it lists two, and says how many more there are.
func few(names []string) string {
	if len(names) <= 3 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s, %s and %d more", names[0], names[1], len(names)-2)
}

// Reasons say why one action runs, the root causes first. Their text is one line.
type Reasons []Reason

// String joins the reasons.
func (rs Reasons) String() string {
	list := make([]string, len(rs))
	for i, r := range rs {
		list[i] = r.String()
	}
	return strings.Join(list, "; ")
}

// MarshalText is for JSON: a journal stores reasons as text.
func (rs Reasons) MarshalText() ([]byte, error) { return []byte(rs.String()), nil }

// UnmarshalText is for JSON.
func (rs *Reasons) UnmarshalText(text []byte) error {
	*rs = Reasons{{To: string(text)}}
	return nil
}
