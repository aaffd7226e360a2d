package parquet

// MaxFeatures is how many columns a table may have, about.
const MaxFeatures = 1 << 14

// Bounds of what is read. They stand far above any table of the domain (a corpus of
// 76,660 episodes has 700,000 windows) and far below what a file may claim.
const (
	maxParts    = 1 << 16  // files of a table
	maxInMemory = 1 << 30  // bytes of a file that has no random access
	maxFooter   = 64 << 20 // bytes of a footer
	maxRows     = 1 << 24  // rows of a table
	maxPage     = 64 << 20 // bytes of a page, and values in it
	maxHeader   = 1 << 20  // bytes of a page's header
	maxText     = 1 << 16  // bytes of a string
	maxList     = 1 << 16  // values of a list
)
