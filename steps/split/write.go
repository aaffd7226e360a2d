package split

import (
	"errors"
	"io"
	"os"

	"assay/steps/kit/files"
	"assay/steps/kit/table"
)

// write leaves the three files of the artifact.
func write(root *os.Root, a *table.Assignment, index []table.Episode) error {
	return errors.Join(
		files.Write(root, table.AssignmentFile, func(w io.Writer) error { return table.WriteAssignment(w, a.Rows) }),
		files.WriteJSON(root, table.SplitInfoFile, a.Info),
		files.WriteCSV(root, CountsFile, countRows(a.Rows, index)),
	)
}
