package main

import "assay/engine/graph/files"

// tables returns the formats of tables that axes may take their values from besides CSV and TSV.
func tables() []files.Table { return nil }
