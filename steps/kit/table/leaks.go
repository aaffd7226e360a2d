package table

// SplitInfo is the file split.json of an assignment: what was held out, what
// that leaves untested, and what the parts still have in common.
type SplitInfo struct {
	By   string   `json:"by"`   // host, sample, time or boot, or several joined by +
	Test []string `json:"test"` // the names of all that is held out, one aspect after the other

	Held       []HeldOut `json:"held"`            // the same by aspect
	Validation []HeldOut `json:"validation_held"` // what validation holds out of the rest; empty if that is whole boots

	// UntestedProfiles are profiles of the training part that the test part
	// lacks: a score over the split says nothing of them.
	UntestedProfiles []string `json:"untested_profiles"`

	Episodes map[Part]int            `json:"episodes"` // episodes in each part
	Profiles map[Part]map[string]int `json:"profiles"` // the same by profile
	Boots    map[Part]int            `json:"boots"`    // VM boots in each part

	Leaks Leaks `json:"leaks"`
}

// HeldOut is what is held out in one aspect: names of hosts, of samples
// (profile/name), of boots (<host>/<ordinal>), or the cut (RFC 3339, UTC).
type HeldOut struct {
	By    string   `json:"by"`
	Names []string `json:"names"`
}

// Leaks are the ways in which an episode of the test part may be known from the
// other parts although the split does what it was asked to. Lists are cut after
// MaxListed entries, numbers are not.
type Leaks struct {
	SameContent    SameContent     `json:"same_content"`
	SameTime       SameTime        `json:"same_time"`
	NearDuplicates *NearDuplicates `json:"near_duplicates"` // nil if it was not looked for
}

// MaxListed is how many examples of each leak are listed.
const MaxListed = 100

// SameContent is about the contents of samples, by their SHA-256, that are both
// in the test part and in training or validation.
type SameContent struct {
	Shared   int             `json:"shared"`   // contents in both
	Tested   int             `json:"tested"`   // contents in the test part
	Episodes int             `json:"episodes"` // test episodes of a shared content
	List     []SharedContent `json:"list"`     // in the order of the digests
}

// SharedContent is one of them.
type SharedContent struct {
	SHA256   string       `json:"sha256"`
	Names    []string     `json:"names"`    // profile/name of all samples of this content
	Episodes map[Part]int `json:"episodes"` // in train, validation and test
}

// SameTime is about test episodes during which an episode of training or
// validation was recorded. Episodes whose start or length is not known have no
// part in it.
type SameTime struct {
	SameHost int        `json:"same_host"` // test episodes with such a one on their own host
	AnyHost  int        `json:"any_host"`  // test episodes with such a one on any host
	Unknown  int        `json:"unknown"`   // episodes of the three parts with no known span
	List     []LikePair `json:"list"`      // on their own host, in key order
}

// NearDuplicates is about episodes that have nearly the same vector as one of a
// part that is before theirs in the order train, validation, test.
type NearDuplicates struct {
	Test       int        `json:"test"`       // test episodes like one of training or validation
	Validation int        `json:"validation"` // validation episodes like one of training
	Features   int        `json:"features"`   // features that were compared
	Unknown    int        `json:"unknown"`    // episodes of the three parts that have no vector
	List       []LikePair `json:"list"`       // in key order
}

// LikePair is an episode and one of another part that it resembles.
type LikePair struct {
	Episode  string  `json:"episode"` // <host>/<episode>
	Part     Part    `json:"part"`
	Of       string  `json:"of"`
	OfPart   Part    `json:"of_part"`
	Distance float64 `json:"distance,omitempty"` // part of the features that differ
}
